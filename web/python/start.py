"""packed archive → modules that are imported from memory, and code that was compiled before: what the page runs first.

Python opens an archive for each of its modules, and decodes each twice. It also compiles the methods of every data
class, and all regular expressions, from text. All of that was done when the page was built (`web/pack/prepared.py`).
"""

from __future__ import annotations

import collections
import dataclasses
import marshal
import re
import sys
import zipimport
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import ModuleType

PLACE = "/core"


class Memory:
    """Loads modules whose code is in memory: a loader of Python, as are those of files and archives."""

    def __init__(self, read: Callable[[str], bytes | None]) -> None:
        """Take what gives the code of a file, as of ``seqdsl/api.pyc``."""
        self.read = read

    def spec(self, name: str, place: str, base: str) -> ModuleSpec | None:
        """What is known of a module; ``None`` if its code is not here.

        Args:
            name: the module's name.
            place: the folder or archive that all files are said to be in.
            base: its file there without an ending: ``seqdsl/api``.
        """
        for file, is_package in ((f"{base}/__init__.pyc", True), (f"{base}.pyc", False)):
            code = self.read(file)
            if code is None:
                continue
            origin = f"{place}/{file}"
            spec = ModuleSpec(name, None, origin=origin, loader_state=code, is_package=is_package)
            spec.loader = self  # type: ignore[assignment]  # any object with these two methods
            spec.has_location = True
            if is_package:
                spec.submodule_search_locations = [origin.rpartition("/")[0]]
            return spec
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        """Leave it to Python to make the module."""

    def exec_module(self, module: ModuleType) -> None:
        """Run the code of a module."""
        assert module.__spec__ is not None
        exec(marshal.loads(module.__spec__.loader_state), module.__dict__)


class Folder:
    """Finds the packed modules of one folder, as Python asks for each folder that it imports from."""

    def __init__(self, path: str, modules: Mapping[str, bytes]) -> None:
        """Stand for a folder; `ImportError` says that it is none of ours."""
        if path != PLACE and not path.startswith(f"{PLACE}/"):
            raise ImportError(path)
        self.inside = path[len(PLACE) + 1 :]
        self.modules = modules
        self.memory = Memory(modules.get)

    def find_spec(self, name: str, target: object = None) -> ModuleSpec | None:
        """What is known of a module of this folder."""
        last = name.rpartition(".")[2]
        return self.memory.spec(name, PLACE, f"{self.inside}/{last}" if self.inside else last)

    def iter_modules(self, prefix: str) -> Iterator[tuple[str, bool]]:
        """The modules of this folder, for `pkgutil`: the layers are those of their folder."""
        start = f"{self.inside}/" if self.inside else ""
        for file in self.modules:
            name, _, rest = file.removeprefix(start).removesuffix(".pyc").partition("/")
            if file.startswith(start) and rest in ("", "__init__") and name != "__init__":
                yield prefix + name, rest == "__init__"


class Library:
    """Finds the modules of the standard library, before Python looks for them in their archive."""

    def __init__(self, place: str) -> None:
        """Read the archive, which is not compressed."""
        self.place = place
        self.memory = Memory(standard_library(place))

    def find_spec(
        self, name: str, path: Iterable[str] | None = None, target: object = None
    ) -> ModuleSpec | None:
        """What is known of a module of the library."""
        above = self.place if path is None else next(iter(path), "")
        if above != self.place and not above.startswith(f"{self.place}/"):
            return None
        return self.memory.spec(name, self.place, name.replace(".", "/"))


def standard_library(place: str) -> Callable[[str], bytes | None]:
    """What gives the code of a file of the standard library, an archive without compression."""
    data = Path(place).read_bytes()
    table: Mapping[str, tuple[Any, ...]] = zipimport._zip_directory_cache[place]  # type: ignore[attr-defined]

    def read(file: str) -> bytes | None:
        entry = table.get(file)
        if entry is None:
            return None
        # A header of 30 bytes, the name, what is extra; then the file, whose own header has 16 bytes.
        size, header = entry[3], entry[4]
        lengths = (data[header + at : header + at + 2] for at in (26, 28))
        start = header + 30 + sum(int.from_bytes(item, "little") for item in lengths)
        return data[start + 16 : start + size]

    return read


def use_texts(texts: Mapping[str, bytes]) -> None:
    """Use the code of texts that data classes and named tuples compile."""

    def code(text: str) -> Any:
        packed = texts.get(text)
        return text if packed is None else marshal.loads(packed)

    def run(text: str, names: dict[str, Any], local: dict[str, Any]) -> None:
        exec(code(text), names, local)

    def value(text: str, names: dict[str, Any]) -> Any:
        return eval(code(text), names)

    # A name of a module is looked up before that of the language.
    vars(dataclasses)["exec"] = run
    vars(collections)["eval"] = value


def use_patterns(patterns: Mapping[tuple[str | bytes, int], bytes]) -> None:
    """Use the code of regular expressions, by their text and flags."""
    compiler: Any = re._compiler  # type: ignore[attr-defined]
    before, make = compiler.compile, compiler._sre.compile

    def compile_pattern(pattern: Any, flags: int = 0) -> re.Pattern[str]:
        packed = patterns.get((pattern, flags)) if isinstance(pattern, str | bytes) else None
        made = before(pattern, flags) if packed is None else make(pattern, *marshal.loads(packed))
        return made  # type: ignore[no-any-return]

    compiler.compile = compile_pattern


def start(packed: Mapping[str, Any]) -> None:
    """Make all that was packed ready to be imported.

    Args:
        packed: ``modules``, their code by file; ``files``, what they read, by path; ``texts`` and ``patterns``, what is
            compiled already.
    """
    use_texts(packed["texts"])
    use_patterns(packed["patterns"])
    library = next(place for place in sys.path if place.endswith(".zip"))
    sys.meta_path.insert(0, Library(library))
    sys.path_hooks.insert(0, lambda path: Folder(path, packed["modules"]))
    sys.path.insert(0, PLACE)
    for name, data in packed["files"].items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
