"""this repository and its environment → a folder with all that an adapter of the pure core imports, and no more.

python web/pack/collect.py FOLDER ADAPTER LIBRARY...

What is imported is followed from the adapter and from what seqdsl imports by a name that it computes. Of networkx,
which imports all of its three hundred modules at once, each is imported where it is used (`lazy_networkx`). What is
neither here nor in the environment's libraries belongs to Python itself; those names are left to `standard.py`.
"""

from __future__ import annotations

import json
import shutil
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from imports import attributes, imported
from jinja2 import FileSystemLoader
from lazy_networkx import LazyNetworkx

from seqdsl.targets.emit.render import environment

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parents[2]

# Modules that are imported by names that code puts together: layers and targets, by theirs.
COMPUTED = ("seqdsl/layers/*.py", "seqdsl/targets/*/__init__.py", "seqdsl/targets/*/line.py")
DATA = {"seqdsl/grammar": ("grammar", "*.lark")}
TEMPLATES = "packed_templates"

# Never run in Pyodide, and absent from the archive: what needs processes, frameworks or a command line.
ABSENT = ("seqdsl.cli", "seqdsl.verify", "seqdsl.sandbox", "seqdsl.porting", "seqdsl.importers")


class Collection:
    """The modules of an archive, by name: where each is, and its source."""

    def __init__(self, adapter: Path, libraries: Sequence[str]) -> None:
        """An empty one.

        Args:
            adapter: the folder of the modules that are imported first.
            libraries: the packages of the environment that may be taken.
        """
        self.adapter = adapter
        self.libraries = libraries
        self.files: dict[str, Path] = {}
        self.standard: set[str] = set()
        self.networkx = LazyNetworkx()

    def add(self, name: str) -> None:
        """A module, the packages around it, and all that they import."""
        waiting = [name]
        while waiting:
            name = waiting.pop()
            parents = name.split(".")
            for count in range(1, len(parents) + 1):
                waiting += self._take(".".join(parents[:count]))

    def _take(self, name: str) -> set[str]:
        """Take one module, and give what it imports; nothing if it is there, or is none of ours."""
        if name in self.files or name.startswith(ABSENT):
            return set()
        path = self.source_of(name)
        if path is None:
            if name.partition(".")[0] in sys.stdlib_module_names:
                self.standard.add(name)
            return set()
        self.files[name] = path
        text = self.text(name)
        found = imported(text, name, is_package=path.name == "__init__.py")
        for chain in attributes(text, "networkx"):
            found |= self.networkx.homes(chain)
        return found

    def text(self, name: str) -> str:
        """The source of a module: its file's, or that of a package of networkx which imports lazily."""
        lazy = self.networkx.source(name, set(self.files))
        return self.files[name].read_text("utf-8") if lazy is None else lazy

    def source_of(self, name: str) -> Path | None:
        """The file of a module of the adapter, of seqdsl or of a library; ``None`` if it is none."""
        top, *rest = name.split(".")
        if (self.adapter / f"{name}.py").is_file():
            return self.adapter / f"{name}.py"
        if top not in (*self.libraries, "seqdsl"):
            return None
        base = ROOT if top == "seqdsl" else _library(top)
        folder = base.joinpath(top, *rest)
        # `seqdsl.grammar` and `seqdsl.templates` are folders of their own in the repository.
        if name in ("seqdsl.grammar", "seqdsl.templates"):
            folder = ROOT / rest[0]
        candidates = (folder / "__init__.py", folder.with_name(f"{folder.name}.py"))
        return next((path for path in candidates if path.is_file()), None)


def _library(name: str) -> Path:
    spec = find_spec(name)
    assert spec is not None and spec.origin is not None, f"{name} is not installed"
    is_package = spec.submodule_search_locations is not None
    return Path(spec.origin).parent.parent if is_package else Path(spec.origin).parent


def collect(adapter: Path, libraries: Sequence[str]) -> Collection:
    """All modules that an adapter may import."""
    found = Collection(adapter, libraries)
    for path in sorted(adapter.glob("*.py")):
        found.add(path.stem)
    for pattern in COMPUTED:
        for path in sorted(ROOT.glob(pattern)):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.add(".".join(parts).removesuffix(".__init__"))
    for package in ("seqdsl.grammar", "seqdsl.templates"):
        found.add(package)
    return found


def write(found: Collection, folder: Path) -> None:
    """Write the modules as a folder that Python can import from, with the files that they read."""
    shutil.rmtree(folder, ignore_errors=True)
    for name, path in found.files.items():
        relative = Path(*name.split("."))
        is_package = path.name == "__init__.py"
        target = folder / (relative / "__init__.py" if is_package else relative.with_suffix(".py"))
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(found.text(name), "utf-8")
    for package, (source, pattern) in DATA.items():
        for path in sorted((ROOT / source).glob(pattern)):
            target = folder / package / path.relative_to(ROOT / source)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    # Templates are written as the Python that Jinja makes of them: in Pyodide that takes a quarter of a second.
    loaded = environment().overlay(loader=FileSystemLoader(ROOT / "templates"))
    loaded.compile_templates(folder / TEMPLATES, extensions=["j2"], zip=None, ignore_errors=False)


def main() -> None:
    """Write the folder that is named, and beside it what it needs of Python itself."""
    folder, adapter, libraries = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
    found = collect(adapter, libraries)
    write(found, folder)
    known = {"standard": sorted(found.standard), "libraries": sorted(libraries)}
    folder.with_suffix(".json").write_text(json.dumps(known, indent=2), "utf-8")
    print(f"{folder}: {len(found.files)} modules")


if __name__ == "__main__":
    main()
