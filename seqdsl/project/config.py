"""pyproject.toml → settings: what a project says once for all of its commands."""

from __future__ import annotations

import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from seqdsl.targets import TARGETS, find_alias, registered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FILE = "pyproject.toml"
LONGEST = 1_000_000
"""Seconds of a time limit: eleven days."""

MOST_JOBS = 1_024
"""Worker processes for a framework: each has a framework in memory."""


class Settings(NamedTuple):
    """The table ``[tool.seqdsl]``.

    Attributes:
        targets: the frameworks that ``verify`` tries; none means all.
        timeout: seconds of processor time that a model may take in one framework.
        memory: bytes that a model may take in one framework.
        jobs: worker processes for each framework.
        include: which files of a folder are read.
        exclude: which files and folders within a folder are passed over.
        select: the warnings that are wanted, by code or its beginning; none means all.
        ignore: the warnings that are not.
        strict: whether warnings count as problems.
        root: the folder that patterns are relative to, and where the cache is.
    """

    targets: tuple[str, ...] = ()
    timeout: float | None = None
    memory: int | None = None
    jobs: int | None = None
    include: tuple[str, ...] = ("*.seq",)
    exclude: tuple[str, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    strict: bool = False
    root: Path = Path()

    def given(self, **options: Any) -> Settings:
        """These settings, where the command line says nothing else."""
        set_here = {key: value for key, value in options.items() if value not in (None, ())}
        return self._replace(**set_here)

    def wants(self, code: str) -> bool:
        """Whether warnings of this code are shown."""
        return (not self.select or code.startswith(self.select)) and not (
            self.ignore and code.startswith(self.ignore)
        )


class BadSetting(Exception):
    """A pyproject.toml that cannot mean anything."""


def settings_for(paths: Iterable[str | Path]) -> Settings:
    """The settings of the project that all ``paths`` are in; ``-`` is in the working folder.

    The nearest pyproject.toml with a table ``[tool.seqdsl]`` counts, from the paths' common folder upward.

    Raises:
        BadSetting: it cannot be read, or has a key or a value that there is not.
    """
    start = _common(Path.cwd() if str(path) == "-" else Path(path).absolute() for path in paths)
    nearest: Path | None = None
    for folder in (start, *start.parents):
        file = folder / FILE
        if not os.path.isfile(file):
            continue
        nearest = nearest or folder
        if (table := _table(file)) is not None:
            return _settings(table, file)
    return Settings(root=nearest or Path.cwd())


def _common(paths: Iterable[Path]) -> Path:
    folders = [os.path.normpath(path if os.path.isdir(path) else path.parent) for path in paths]
    try:
        return Path(os.path.commonpath(folders or [str(Path.cwd())]))
    # On Windows they may be on two drives.
    except ValueError:
        return Path.cwd()


def _table(file: Path) -> dict[str, Any] | None:
    try:
        data = file.read_bytes()
        # Most projects have no settings for seqdsl, and parsing takes longer than this search.
        # [tool.seqdsl], [tool . "seqdsl"], [tool] and seqdsl.jobs = 4, tool = {...}: all that TOML allows.
        if not re.search(
            rb"tool[\s\"']*\.[\s\"']*seqdsl|\[\s*[\"']?tool[\"']?\s*\]|^tool", data, re.M
        ):
            return None
        table = _toml(data.decode()).get("tool", {}).get("seqdsl")
    except RecursionError as error:
        raise BadSetting(f"{file}: cannot be read: nested too deep") from error
    except (OSError, ValueError, AttributeError) as error:
        raise BadSetting(f"{file}: cannot be read: {error}") from error
    if table is not None and not isinstance(table, dict):
        raise BadSetting(f"{file}: tool.seqdsl is not a table")
    return table


def _toml(text: str) -> dict[str, Any]:
    # The standard library has it from Python 3.11 on.
    if sys.version_info >= (3, 11):
        import tomllib
    else:
        import tomli as tomllib
    return tomllib.loads(text)


def _settings(table: dict[str, Any], file: Path) -> Settings:
    values: dict[str, Any] = {}
    for key, value in table.items():
        if key not in _KEYS:
            raise BadSetting(f"{file}: [tool.seqdsl] has no key `{key}`{meant(key, _KEYS)}")
        try:
            values[key] = _KEYS[key](value)
        except ValueError as error:
            raise BadSetting(f"{file}: [tool.seqdsl] {key}: {error}") from error
    return Settings(**values, root=file.parent)


def meant(word: str, words: Iterable[str]) -> str:
    """``; did you mean ...?``, or which words there are."""
    from difflib import get_close_matches

    names = list(words)
    return _hint(get_close_matches(word, names, n=1), names)


def _hint(close: Sequence[str], names: Sequence[str]) -> str:
    return f"; did you mean `{close[0]}`?" if close else f"; there are {', '.join(names)}"


def codes(words: Sequence[str]) -> tuple[str, ...]:
    """Codes of warnings, or beginnings of such; one word may hold several, joined by commas.

    Raises:
        ValueError: no warning has such a code.
    """
    from seqdsl.text.codes import CODES
    from seqdsl.text.codes.nearest import close_codes

    chosen = tuple(filter(None, (code.strip() for code in ",".join(words).split(","))))
    warnings = [name for name, item in CODES.items() if item.severity == "warning"]
    for code in chosen:
        if CODES.get(code) and CODES[code].severity == "error":
            raise ValueError(f"{code} is an error, which cannot be ignored")
        if not any(name.startswith(code) for name in warnings):
            close = close_codes(code, warnings, n=1)
            raise ValueError(f"no warning is called {code}{_hint(close, warnings)}")
    return chosen


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValueError("a list of texts is expected")
    return tuple(value)


def _targets(value: object) -> tuple[str, ...]:
    return tuple(_target(target) for target in _texts(value))


def _target(name: str) -> str:
    # A target of another package is not loaded here: what is wrong with it is said where it is used.
    if name in TARGETS or name in registered():
        return name
    try:
        return find_alias(name).name
    except ValueError as error:
        raise ValueError(f"unknown framework `{name}`{meant(name, TARGETS)}") from error


def _seconds(value: object) -> float:
    # `true` is a bool, which in Python is an int.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 1 <= value <= LONGEST:
        raise ValueError(f"a number of seconds is expected, from 1 to {LONGEST}")
    return float(value)


def _memory(value: object) -> int:
    from seqdsl.sandbox.memory_limit import parse_size

    return parse_size(str(value))


def _jobs(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= MOST_JOBS:
        raise ValueError(f"a whole number is expected, from 1 to {MOST_JOBS}")
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("true or false is expected")
    return value


_KEYS: dict[str, Callable[[Any], Any]] = {
    "targets": _targets,
    "timeout": _seconds,
    "memory": _memory,
    "jobs": _jobs,
    "include": _texts,
    "exclude": _texts,
    "select": lambda value: codes(_texts(value)),
    "ignore": lambda value: codes(_texts(value)),
    "strict": _flag,
}
