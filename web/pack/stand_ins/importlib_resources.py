"""`importlib.resources` where each package is a folder: the page writes the files of packages there."""

from __future__ import annotations

from pathlib import Path

# Where `start.py` writes them.
_FOLDER = Path("/core")


def files(package: str) -> Path:
    """The folder of a package."""
    return _FOLDER.joinpath(*package.split("."))
