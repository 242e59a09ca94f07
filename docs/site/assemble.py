"""the repository → build/pages, what mkdocs builds a site from: ``python -m docs.site.assemble``.

Pages are copied with their links; the gallery and the reference are written. A playground that was built is included,
and the pages then offer to try their pictures in it.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from docs.site.gallery import examples, write_gallery
from docs.site.links import PROJECT, ROOT, moved, site_place

PAGES = ROOT / "build" / "pages"
PLAYGROUND = ROOT / "build" / "site"
_HERE = Path(__file__).parent

# The index of the documentation is a page of its own; the README is for an index of packages.
_HOME = "docs/site/home.md"
_REFERENCE = "docs/site/reference.md"
_OWN = {_HOME: "index.md", _REFERENCE: "api.md"}


def assemble(pages: Path = PAGES, playground: Path = PLAYGROUND) -> None:
    """Write the sources of the site into a folder, which is emptied first."""
    shutil.rmtree(pages, ignore_errors=True)
    pages.mkdir(parents=True)
    for file, here in sources().items():
        _copy(ROOT / file, pages / here, file, here)
    shutil.copytree(_HERE / "assets", pages / "assets")
    write_gallery(examples(ROOT / "examples"), pages / "gallery", f"{PROJECT}/tree/main/examples")
    has_playground = (playground / "index.html").is_file()
    if has_playground:
        shutil.copytree(playground, pages / "play")
    (pages / "assets" / "play.js").write_text(
        f"window.seqdslPlayground = {str(has_playground).lower()};\n", "utf-8"
    )


def sources() -> dict[str, str]:
    """The files that are copied, and where they are on the site."""
    found = dict(_OWN)
    for path in [
        ROOT / "CONTRIBUTING.md",
        ROOT / "CHANGELOG.md",
        *sorted((ROOT / "docs").rglob("*")),
    ]:
        file = path.relative_to(ROOT).as_posix()
        here = site_place(file) if path.is_file() else None
        # What makes the site, and the pages of others that it replaces, are not pages.
        if (
            here
            and not file.startswith(("docs/site/", "docs/pages/"))
            and here not in found.values()
        ):
            found[file] = here
    return found


def _copy(path: Path, target: Path, file: str, here: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if path.suffix != ".md":
        shutil.copyfile(path, target)
        return
    target.write_text(moved(path.read_text("utf-8"), file, here), "utf-8")


if __name__ == "__main__":
    assemble()
