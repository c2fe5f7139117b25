"""How Sphinx builds the documentation site (`make docs`). No page loads anything from a network."""

from __future__ import annotations

import sys
from importlib.metadata import version as version_of
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "Amnok"
author = "The Amnok authors"
project_copyright = "the Amnok authors"
release = version_of("amnok")
version = release

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "sphinx_copybutton",
    "generated",
]
exclude_patterns = ["_build", "decisions/README.md"]

html_theme = "furo"
html_title = "Amnok"
html_static_path: list[str] = []
html_copy_source = False
pygments_style = "friendly"

myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 4
# Tutorials are notebooks written as text; what they print is made when the site is built.
nb_execution_mode = "force"
nb_execution_timeout = 600
nb_execution_raise_on_error = True
nb_merge_streams = True
# The kernel tells of a cookie on its standard error; a page is about what the code prints.
nb_output_stderr = "remove"

autodoc_member_order = "bysource"
autodoc_typehints = "description"
napoleon_google_docstring = True
# Pages speak of files of the repository too, which are no pages of the site.
suppress_warnings = ["myst.xref_missing", "myst.header"]
