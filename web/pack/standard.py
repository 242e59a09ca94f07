"""Python's standard library → the modules of it that a program may import, with all that these import.

Every import statement counts, also one within a function that hardly ever runs: a library that was cut down to what
some runs imported failed at the first mistyped layer, which asks `difflib` for a close name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from imports import imported

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# Imported by the interpreter, or by names that code puts together: the encodings that text does not need, but Python.
_ENCODINGS = (
    *(
        "ascii",
        "charmap",
        "cp437",
        "idna",
        "latin_1",
        "punycode",
        "raw_unicode_escape",
        "undefined",
    ),
    *("unicode_escape", "utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le"),
    *("utf_7", "utf_8", "utf_8_sig"),
)
STARTED = ("site", *(f"encodings.{name}" for name in _ENCODINGS))

# What people start from a command line, and what is of no use without processes, sockets or a terminal. Where the
# library imports it, it is within a function that does just that.
ABSENT = (
    "_pyrepl",
    "ctypes",
    "curses",
    "doctest",
    "ftplib",
    "idlelib",
    "multiprocessing",
    "pdb",
    "plistlib",
    "pydoc",
    "pydoc_data",
    "test",
    "tkinter",
    "turtle",
    "unittest",
)

# Of no use in a page either: what reads arguments, mail and archives, and what other systems need.
UNUSED = (
    "argparse",
    "asyncio.proactor_events",
    "asyncio.windows_events",
    "concurrent.futures.process",
    "email",
    "http",
    "tarfile",
    "urllib.request",
)


def needed(
    sources: Mapping[str, str],
    packages: Iterable[str],
    roots: Iterable[str],
    absent: tuple[str, ...] = ABSENT,
) -> set[str]:
    """The names of all modules that ``roots`` may import, themselves among them.

    Raises:
        ValueError: one of ``roots`` is ``absent``.

    Args:
        sources: the text of each module of the library, by name.
        packages: those of them that are packages.
        roots: names that are imported; those of other libraries, or of things in modules, are passed over.
        absent: what is omitted, with all that is in it.
    """
    roots = set(roots)
    # What the compiler itself imports has to be there; only the library's own commands may go without.
    if lacking := sorted(name for name in roots if name.startswith(absent)):
        raise ValueError(f"left out of the standard library, and yet imported: {lacking}")
    is_package = set(packages)
    found: set[str] = set()
    waiting = [*STARTED, *roots]
    while waiting:
        parts = waiting.pop().split(".")
        for count in range(1, len(parts) + 1):
            name = ".".join(parts[:count])
            if name in found or name not in sources or name.startswith(absent):
                continue
            found.add(name)
            waiting += imported(sources[name], name, is_package=name in is_package)
    return found
