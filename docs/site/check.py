"""build/docs → what is wrong with it: ``python -m docs.site.check``.

Every link within the site leads to a page and a place on it, and no page asks another host for anything. mkdocs checks
the links of Markdown; those that are written as HTML, and what the theme adds, are checked here.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

from docs.site.links import ROOT

SITE = ROOT / "build" / "docs"
_LOADS = {
    ("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src"), ("video", "src"), ("link", "href"),
}  # fmt: skip
"""What a browser asks for by itself; links are followed by people."""
# Search engines read where a page is, browsers do not ask for it.
_ONLY_SAID = {"canonical", "next", "prev", "alternate"}
_URL = re.compile(r"url\(\s*['\"]?(?:https?:)?//|@import\s+['\"](?:https?:)?//")


@dataclass(slots=True)
class Page(HTMLParser):
    """What a page links to, what it loads, and which places it has."""

    links: set[str] = field(default_factory=set)
    loads: set[str] = field(default_factory=set)
    places: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        """Prepare the parser, which is no dataclass."""
        HTMLParser.__init__(self)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Take down what a tag refers to."""
        given = {name: value or "" for name, value in attrs}
        self.places |= {given[name] for name in ("id", "name") if name in given}
        for name in ("href", "src"):
            if name not in given:
                continue
            is_said = tag == "link" and set(given.get("rel", "").split()) & _ONLY_SAID
            if (tag, name) in _LOADS and not is_said:
                self.loads.add(given[name])
            elif not is_said:
                self.links.add(given[name])


def problems(site: Path = SITE) -> list[str]:
    """All dead links and all requests to other hosts, each with its file."""
    found = []
    for path in sorted(site.rglob("*.html")):
        name = path.relative_to(site).as_posix()
        # The playground has tests of its own.
        if name.startswith("play/"):
            continue
        page = _page(path)
        found += [f"{name}: loads {item}" for item in sorted(page.loads) if _is_elsewhere(item)]
        inside = {item for item in page.links | page.loads if not _is_elsewhere(item)}
        found += [
            f"{name}: {item} leads nowhere"
            for item in sorted(inside)
            if not _leads(item, path, site)
        ]
    for path in sorted(site.rglob("*.css")):
        if _URL.search(path.read_text("utf-8")):
            found.append(f"{path.relative_to(site).as_posix()}: loads something from another host")
    return found


@cache
def _page(path: Path) -> Page:
    page = Page()
    page.feed(path.read_text("utf-8"))
    return page


def _is_elsewhere(link: str) -> bool:
    return bool(urlsplit(link).netloc) or urlsplit(link).scheme in ("mailto", "data", "javascript")


def _leads(link: str, path: Path, site: Path) -> bool:
    """Whether a link within the site leads to a file, and to a place on it."""
    parts = urlsplit(link)
    # The page for what is not found is shown anywhere, so its links begin at the root, wherever that is.
    if parts.path.startswith("/"):
        return path.name == "404.html"
    there = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    if there.is_dir():
        there /= "index.html"
    if not there.is_file() or not there.is_relative_to(site.resolve()):
        return False
    # `#only-dark` is how the theme chooses an image.
    has_places = parts.fragment and there.suffix == ".html"
    return not has_places or unquote(parts.fragment) in _page(there).places


if __name__ == "__main__":
    wrong = problems()
    print("\n".join(wrong), file=sys.stderr)
    sys.exit(bool(wrong))
