"""The installed distribution and the source agree."""

from importlib.metadata import metadata, version
from importlib.resources import files

import amnok


def test_version_is_that_of_the_installed_distribution():
    assert amnok.__version__ == version("amnok")


def test_license_is_apache():
    assert metadata("amnok")["License-Expression"] == "Apache-2.0"


def test_package_is_marked_as_typed():
    assert files(amnok).joinpath("py.typed").is_file()
