"""this repository and its environment → a folder with all that the playground's Python side imports, and no more.

What is imported is followed from the adapter and from what seqdsl imports by a name that it computes. Of networkx,
which imports all of its three hundred modules at once, each is imported where it is used (`lazy_networkx`). What is
neither here nor in the environment's libraries belongs to Python itself; those names are left to `standard.py`.
"""

from __future__ import annotations

import json
import shutil
import sys
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from imports import attributes, imported
from jinja2 import FileSystemLoader
from lazy_networkx import LazyNetworkx

from seqdsl.targets.emit.render import environment

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("jinja2", "lark", "markupsafe", "networkx")
ADAPTER = ROOT / "web" / "python"

# Modules that are imported by names that code puts together: layers and targets, by theirs.
COMPUTED = ("seqdsl/layers/*.py", "seqdsl/targets/*/__init__.py", "seqdsl/targets/*/line.py")
DATA = {"seqdsl/grammar": ("grammar", "*.lark")}
TEMPLATES = "playground_templates"

# Never run in a browser, and absent from the archive: what needs processes, frameworks or a command line.
ABSENT = ("seqdsl.cli", "seqdsl.verify", "seqdsl.sandbox", "seqdsl.porting", "seqdsl.importers")


class Collection:
    """The modules of an archive, by name: where each is, and its source."""

    def __init__(self) -> None:
        """An empty one."""
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
        path = source_of(name)
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


def source_of(name: str) -> Path | None:
    """The file of a module of the adapter, of seqdsl or of a library; ``None`` if it is none."""
    top, *rest = name.split(".")
    if (ADAPTER / f"{name}.py").is_file():
        return ADAPTER / f"{name}.py"
    if top not in (*LIBRARIES, "seqdsl"):
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
    return Path(spec.origin).parent.parent


def collect() -> Collection:
    """All modules that the adapter may import."""
    found = Collection()
    for path in sorted(ADAPTER.glob("*.py")):
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
    # Templates are written as the Python that Jinja makes of them: in the page that takes a quarter of a second.
    loaded = environment().overlay(loader=FileSystemLoader(ROOT / "templates"))
    loaded.compile_templates(folder / TEMPLATES, extensions=["j2"], zip=None, ignore_errors=False)


def main() -> None:
    """Write the folder that is named, and beside it what it needs of Python itself."""
    folder = Path(sys.argv[1])
    found = collect()
    write(found, folder)
    known = {
        "standard": sorted(found.standard),
        "libraries": {name: version(name) for name in LIBRARIES},
    }
    folder.with_suffix(".json").write_text(json.dumps(known, indent=2), "utf-8")
    print(f"{folder}: {len(found.files)} modules")


if __name__ == "__main__":
    main()
