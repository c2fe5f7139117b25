"""A border's own map: a small GeoJSON beside its file, checked, rounded and kept with it."""

import json

import pytest
import yaml
from tests.paths import HIGH_PASS

from amnok.errors import AmnokError
from amnok.reporting.picture import base_map
from amnok.scenario import load, load_text, resolved
from amnok.scenario.dump import acting_digest
from amnok.scenario.map_file import MOST_BYTES, features, places

MAP = HIGH_PASS.with_suffix(".geojson")


@pytest.fixture
def written(tmp_path):
    """Writes the border over the pass with a map, and gives its file."""

    def write(geojson=None, named="pass.geojson", text=None):
        data = yaml.safe_load(HIGH_PASS.read_text(encoding="utf-8")) | {"map": named}
        geojson = geojson or json.loads(MAP.read_text(encoding="utf-8"))
        text = json.dumps(geojson) if text is None else text
        (tmp_path / "pass.geojson").write_text(text, encoding="utf-8")
        (tmp_path / "pass.yaml").write_text(yaml.safe_dump(data, sort_keys=False))
        return tmp_path / "pass.yaml"

    return write


def changed(**given):
    """The map with parts of its features replaced: by number, properties and geometry."""
    data = json.loads(MAP.read_text(encoding="utf-8"))
    for number, one in given.items():
        data["features"][int(number[1:])] |= one
    return data


def test_sectors_lie_where_the_map_has_them(written):
    border = load(written())
    assert places(border.map) == {
        "east": [(11.45, 47.0)] * 2,
        "west": [(9.81, 47.12), (9.8, 46.7)],
    }
    shown = base_map(border)
    assert shown["credit"] == ""  # its author knows whose it is
    assert [one["properties"].get("side") for one in shown["land"]["features"]] == [
        "inner",
        "outer",
        None,
    ]
    assert [one["properties"] for one in shown["water"]["features"]] == [
        {"name": "Main ridge", "border": True}
    ]


def test_blank_cells_and_marks_of_other_programs_are_read(written):
    """A table of a map program has a cell for each column, and some files begin with a mark."""
    data = changed()
    for one in data["features"]:
        one["properties"] = {"side": None, "sector": None, **one["properties"]}
    assert load(written(text="\ufeff" + json.dumps(data))).map == load(written()).map


def test_places_are_no_finer_than_a_hundredth_of_a_degree(written):
    for one in features(load(written()).map):
        written_as = json.dumps(one["geometry"]["coordinates"])
        assert all(len(part.partition(".")[2].strip("]")) <= 2 for part in written_as.split(", "))


def test_outer_rings_run_clockwise(written):
    """Whichever way they are written: the page's projection fills the other side else."""
    plain = json.loads(MAP.read_text(encoding="utf-8"))
    turned = json.loads(MAP.read_text(encoding="utf-8"))
    for one in turned["features"]:
        if one["geometry"]["type"] == "Polygon":
            one["geometry"]["coordinates"][0].reverse()
    found = [features(load(written(one)).map)[0] for one in (plain, turned)]
    rings = [one["geometry"]["coordinates"][0] for one in found]
    assert rings[0] == rings[1]


def test_a_saved_border_holds_its_map(written, tmp_path):
    border = load(written())
    (tmp_path / "pass.geojson").unlink()
    assert load_text(resolved(border), "saved") == border


def test_nothing_that_is_simulated_depends_on_it(written):
    assert acting_digest(load(written())) == acting_digest(load(HIGH_PASS))


def test_without_one_the_map_is_a_straight_line():
    shown = base_map(load(HIGH_PASS))
    assert shown["land"]["features"] == shown["water"]["features"] == []


POINT = {"type": "Point", "coordinates": [10, 47]}


@pytest.mark.parametrize(
    ("geojson", "told"),
    [
        ({"type": "Feature"}, "pass.geojson: type: is not a FeatureCollection"),
        ({"type": "FeatureCollection", "features": []}, "features: there are no features"),
        (
            changed(_0={"geometry": {"type": "Circle", "coordinates": [1, 2]}}),
            "features[0]: no geometry",
        ),
        (changed(_0={"geometry": None}), "features[0]: no geometry"),
        (
            changed(_2={"properties": {"name": "crossing"}, "geometry": POINT}),
            "features[2].properties: is a point that names no sector",
        ),
        (
            changed(_4={"geometry": {"type": "Point", "coordinates": [181, 0]}}),
            "features[4].geometry.coordinates: is not a place on the earth",
        ),
        (
            changed(_0={"geometry": {"type": "Polygon", "coordinates": [[[1, 2], [3, 4]]]}}),
            "features[0].geometry.coordinates[0]: has 2 positions",
        ),
        (
            changed(_0={"geometry": {"type": "Polygon", "coordinates": [1, 2]}}),
            "features[0].geometry.coordinates[0]: expected a list of positions",
        ),
        (changed(_0={"properties": {"side": "upper"}}), "features[0].properties.side: no side"),
        (
            changed(_4={"properties": {"sector": "east", "side": None}}),
            "shows the sector 'east' once more",
        ),
        (changed(_3={"properties": {"sector": "est"}}), "pass.yaml:"),
        (changed(_3={"properties": {"sector": "est"}}), "unknown sector on the map 'est'"),
        (changed(_3={"properties": {}}), "does not show the sector 'east'"),
    ],
)
def test_what_is_wrong_in_it_is_told_with_its_place(written, geojson, told):
    with pytest.raises(AmnokError) as error:
        load(written(geojson))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "pass.geojson:1: is not JSON"),
        ("[" * 100_000, "pass.geojson"),
        (" " * (MOST_BYTES + 1), "at most 200,000 are taken"),
        ('{"type": "FeatureCollection", "features": [NaN]}', "features[0]: no geometry"),
    ],
)
def test_what_is_no_map_is_refused(written, text, told):
    with pytest.raises(AmnokError) as error:
        load(written(text=text))
    assert told in str(error.value)


@pytest.mark.parametrize(
    ("named", "told"),
    [
        ("other.geojson", "other.geojson: no such file"),
        ("../pass.geojson", "lies outside the folder"),
        ("/etc/hostname", "is not a relative path"),
        (".", "is a folder"),
        (7, "map"),
    ],
)
def test_only_a_file_beside_the_border_is_read(written, named, told):
    with pytest.raises(AmnokError) as error:
        load(written(named=named))
    assert told in str(error.value)
