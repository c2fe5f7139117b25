"""Colours of pages: contrast as WCAG 2 asks for it, and apart for any colour vision."""

import re
from importlib.resources import files
from itertools import combinations

import numpy as np
import pytest

STYLE = (files("amnok.reporting") / "page" / "style.css").read_text(encoding="utf-8")
BLOCKS = re.findall(r":root \{(.*?)\}", STYLE, re.DOTALL)
SCHEMES = {
    name: dict(re.findall(r"--([\w-]+): (#[0-9a-f]+)", block))
    for name, block in zip(("light", "dark"), BLOCKS, strict=True)
}
# Machado, Oliveira & Fernandes (2009), severity 1, for linear RGB.
VISION = {
    "usual": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
    "tritanopia": np.array(
        [
            [1.255528, -0.076749, -0.178779],
            [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ]
    ),
}
XYZ = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
TEXTS = ("ink", "soft", "accent", "warn", *(f"c{n}" for n in range(5)))
MARKS = ("size0", "size1", "size2", "less", "more", "c5")
FAMILIES = [("size0", "size1", "size2"), ("less", "none", "more")]


def linear(colour):
    digits = colour.lstrip("#")
    digits = "".join(2 * one for one in digits) if len(digits) == 3 else digits
    values = np.array([int(digits[at : at + 2], 16) for at in (0, 2, 4)]) / 255
    return np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)


def contrast(one, other):
    high, low = sorted((float(XYZ[1] @ linear(each)) for each in (one, other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    ratios = (XYZ @ np.clip(rgb, 0, 1)) / XYZ.sum(axis=1)
    x, y, z = np.where(ratios > 0.008856, np.cbrt(ratios), 7.787 * ratios + 16 / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def test_black_and_white_are_as_far_apart_as_can_be():
    assert contrast("#000", "#fff") == pytest.approx(21.0)
    white, black = lab(linear("#fff")), lab(linear("#000"))
    assert np.linalg.norm(white - black) == pytest.approx(100, abs=0.1)


@pytest.mark.parametrize("ground", ["ground", "panel"])
@pytest.mark.parametrize("scheme", SCHEMES)
def test_texts_and_marks_stand_out(scheme, ground):
    colours = SCHEMES[scheme]
    weak = {one: contrast(colours[one], colours[ground]) for one in TEXTS}
    assert {one: ratio for one, ratio in weak.items() if ratio < 4.5} == {}
    marks = {one: contrast(colours[one], colours[ground]) for one in MARKS}
    assert {one: ratio for one, ratio in marks.items() if ratio < 3} == {}


@pytest.mark.parametrize("vision", VISION)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("family", FAMILIES, ids=["sizes", "effects"])
def test_colours_that_tell_things_apart_do_so_for_everybody(scheme, vision, family):
    seen = [lab(VISION[vision] @ linear(SCHEMES[scheme][one])) for one in family]
    assert min(np.linalg.norm(one - other) for one, other in combinations(seen, 2)) >= 20


@pytest.mark.parametrize("scheme", SCHEMES)
def test_words_within_bars_can_be_read(scheme):
    colours = SCHEMES[scheme]
    for one in FAMILIES[0]:
        assert contrast(colours["inside"], colours[one]) >= 4.5
