"""a page of the repository → a page of the site: links between files become links between pages."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from posixpath import normpath, relpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

ROOT = Path(__file__).parents[2]
PROJECT = "https://github.com/seqdsl/seqdsl"

# Where a file of the repository is on the site; what is not here and not below docs/ is on the project's page.
PLACES = {
    "README.md": "index.md",
    "CONTRIBUTING.md": "contributing.md",
    "CHANGELOG.md": "changelog.md",
    "examples": "gallery/index.md",
    "examples/README.md": "gallery/index.md",
    "docs/decisions/README.md": "decisions/index.md",
}
_LINK = re.compile(r"(?<=\]\()([^)\s]+)(?=\))")
_OWN = re.compile(
    rf"(?:{PROJECT}/(?:blob|tree)|https://raw\.githubusercontent\.com/seqdsl/seqdsl)/main/"
)
_FENCE = re.compile(r"^ *(`{3,}|~{3,})", re.MULTILINE)
_CODE = re.compile(r"`[^`\n]+`")


class DeadLink(Exception):
    """A link to a file that does not exist."""


def moved(text: str, file: str, here: str) -> str:
    """The text of a page with its links as they are on the site.

    Args:
        text: the page.
        file: where it is in the repository.
        here: where it is on the site.

    Raises:
        DeadLink: it links to a file that is not in the repository.
    """
    return "".join(
        piece if is_code else _LINK.sub(lambda match: _target(match[1], file, here), piece)
        for piece, is_code in _pieces(text)
    )


def _pieces(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, and whether each is code, in which brackets are no links."""
    pieces = []
    fence = ""
    for line in text.splitlines(keepends=True):
        mark = _FENCE.match(line)
        if fence or mark:
            pieces.append((line, True))
            # ```` closes ````, and a line of ``` within it is code
            if mark and fence in ("", mark[1]):
                fence = "" if fence else mark[1]
            continue
        place = 0
        for code in _CODE.finditer(line):
            pieces += [(line[place : code.start()], False), (code.group(), True)]
            place = code.end()
        pieces.append((line[place:], False))
    return pieces


def _target(link: str, file: str, here: str) -> str:
    own = _OWN.match(link)
    if ("://" in link and not own) or link.startswith(("#", "mailto:")):
        return link
    path, _, anchor = (link[own.end() :] if own else link).partition("#")
    end = f"#{anchor}" if anchor else ""
    there = path if own else normpath(str(PurePosixPath(file).parent / path))
    if not (ROOT / there).exists():
        raise DeadLink(f"{file}: {link} does not exist")
    place = site_place(there)
    # The page that the README is replaced by has none of its headings.
    if place is None or (there == "README.md" and anchor):
        return f"{PROJECT}/{'tree' if (ROOT / there).is_dir() else 'blob'}/main/{there}{end}"
    return relpath(place, str(PurePosixPath(here).parent)) + end


def site_place(file: str, places: Mapping[str, str] = PLACES) -> str | None:
    """Where a file of the repository is on the site; ``None`` if it is not there."""
    if file in places:
        return places[file]
    path = PurePosixPath(file)
    if path.parent.as_posix() == "examples" and path.suffix == ".seq":
        return f"gallery/{path.stem}.md"
    is_page = path.parts[0] == "docs" and path.suffix in (".md", ".json", ".png", ".svg")
    return path.relative_to("docs").as_posix() if is_page else None
