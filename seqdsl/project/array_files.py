"""the name of a file of arrays → the shape and the kind of one of them: its header is read, and nothing else.

Data sets do not fit into memory, and the core has no numpy: what is read here are the few bytes in front of the
numbers, as the formats define them (numpy.lib.format; huggingface/safetensors). They are untrusted: sizes are
bounded, and nothing in them is run.
"""

from __future__ import annotations

import ast
import json
import re
import zipfile
from typing import IO, TYPE_CHECKING, NamedTuple

from seqdsl.project.files import reason
from seqdsl.python_syntax import parse_python

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_FILE = re.compile(r"(?P<path>.+\.(?P<suffix>npy|npz|safetensors))(?::(?P<key>.+))?", re.DOTALL)
_LARGEST_NPY = 10_000
"""What numpy itself reads of a header, `max_header_size`: more of it can crash Python's parser."""
_LARGEST_SAFETENSORS = 10_000_000
_LARGEST_AXIS = 999_999_999
_MOST_SHOWN = 10
_WHOLE = frozenset("iub")
"""The letters of numpy's types of whole numbers, with and without sign, and of truth values."""


class ArrayFile(NamedTuple):
    """An array of a file.

    Attributes:
        shape: its axes, samples first.
        is_whole: whether it holds whole numbers, such as the ids of words or classes.
    """

    shape: tuple[int, ...]
    is_whole: bool


class BadArrayFile(ValueError):
    """A file of arrays that cannot be read, or does not say which of its arrays is meant; the message is a sentence."""


def is_array_file(text: str) -> bool:
    """Whether a text names a file of arrays: ``x.npy``, ``data.npz:x``, ``data.safetensors:x``."""
    return _FILE.fullmatch(text.strip()) is not None


def read_header(text: str) -> ArrayFile:
    """The array that ``FILE`` or ``FILE:KEY`` names.

    Raises:
        BadArrayFile: there is no such file or array, or it cannot be read.
    """
    match = _FILE.fullmatch(text.strip())
    if match is None:
        raise BadArrayFile(f"{text!r} is not a .npy, .npz or .safetensors file")
    path, key = match["path"], match["key"]
    readers: dict[str, Callable[[IO[bytes], str, str | None], ArrayFile]] = {
        "npy": _npy,
        "npz": _npz,
        "safetensors": _safetensors,
    }
    try:
        with open(path, "rb") as file:
            return readers[match["suffix"]](file, path, key)
    except OSError as error:
        raise BadArrayFile(f"{path}: {reason(error)}") from error
    except ValueError as error:
        # A name with a null byte, as well.
        raise (
            error if isinstance(error, BadArrayFile) else BadArrayFile(f"{path!r}: {error}")
        ) from error


def _npy(file: IO[bytes], path: str, key: str | None) -> ArrayFile:
    if key is not None:
        raise BadArrayFile(f"{path} holds one array, which has no key: remove `:{key}`")
    return _npy_header(file, path)


def _npy_header(file: IO[bytes], path: str) -> ArrayFile:
    r"""The header of an array.

    ``b"\x93NUMPY" + b"\x01\x00" + length + b"{'descr': '<f4', 'fortran_order': False, 'shape': (1000, 20, 4), }"``
    """
    start = file.read(8)
    if start[:6] != b"\x93NUMPY" or start[6] not in (1, 2, 3):
        raise BadArrayFile(f"{path} is not an array of numpy")
    length = int.from_bytes(file.read(2 if start[6] == 1 else 4), "little")
    if length > _LARGEST_NPY:
        raise BadArrayFile(
            f"{path}: its header has {length:,} bytes; at most {_LARGEST_NPY:,} are read"
        )
    try:
        header = _fields(file.read(length).decode("utf-8" if start[6] == 3 else "latin-1"))
        descr, shape = header["descr"], header["shape"]
    except (ValueError, SyntaxError, TypeError, KeyError, RecursionError, MemoryError) as error:
        raise BadArrayFile(f"{path}: its header cannot be read") from error
    if not isinstance(descr, str) or descr[1:2] not in (*_WHOLE, "f"):
        raise BadArrayFile(f"{path} does not hold real numbers")
    return ArrayFile(_shape(shape, path), descr[1] in _WHOLE)


def _fields(header: str) -> dict[str, object]:
    """The items of a written dictionary: texts, numbers, truth values, and tuples of these.

    Raises:
        SyntaxError: it is no Python.
        ValueError: it is not a dictionary of these.
    """
    match parse_python(header).body:
        case [ast.Expr(ast.Dict(keys, values))]:
            return {
                str(_value(key)): _value(value) for key, value in zip(keys, values, strict=True)
            }
    raise ValueError("not a dictionary")


def _value(node: ast.AST | None) -> object:
    match node:
        case ast.Constant(value):
            return value
        case ast.Tuple(items):
            return tuple(map(_value, items))
    raise ValueError("neither a constant nor a tuple of constants")


def _npz(file: IO[bytes], path: str, key: str | None) -> ArrayFile:
    try:
        with zipfile.ZipFile(file) as archive:
            names = {
                name.removesuffix(".npy"): name
                for name in archive.namelist()
                if name.endswith(".npy")
            }
            chosen = _chosen(names, key, path)
            with archive.open(names[chosen]) as member:
                return _npy_header(member, f"{path}:{chosen}")
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as error:
        # An archive that is encrypted, or packed in a way that Python does not know, is among these.
        raise BadArrayFile(f"{path} is not an archive that can be read: {error}") from error


def _safetensors(file: IO[bytes], path: str, key: str | None) -> ArrayFile:
    length = int.from_bytes(file.read(8), "little")
    if length > _LARGEST_SAFETENSORS:
        raise BadArrayFile(
            f"{path}: its header has {length:,} bytes; at most {_LARGEST_SAFETENSORS:,} are read"
        )
    try:
        header = json.loads(file.read(length))
        arrays = {name: item for name, item in header.items() if name != "__metadata__"}
    except (ValueError, AttributeError, RecursionError) as error:
        raise BadArrayFile(f"{path} is not a file of safetensors") from error
    chosen = arrays[_chosen(arrays, key, path)]
    try:
        dtype, shape = chosen["dtype"], chosen["shape"]
    except (TypeError, KeyError) as error:
        raise BadArrayFile(f"{path} is not a file of safetensors") from error
    # F32, BF16, F8_E4M3; I64, U8, BOOL.
    return ArrayFile(_shape(shape, path), str(dtype)[:1] in ("I", "U") or dtype == "BOOL")


def _chosen(arrays: Mapping[str, object], key: str | None, path: str) -> str:
    """The key of the array that is meant: the only one there is, if none is named."""
    if key is None and len(arrays) == 1:
        return next(iter(arrays))
    if key in arrays:
        return str(key)
    names = ", ".join(sorted(arrays)[:_MOST_SHOWN]) + ", ..." * (len(arrays) > _MOST_SHOWN)
    if not arrays:
        raise BadArrayFile(f"{path} holds no arrays")
    if key is None:
        raise BadArrayFile(
            f"{path} holds {len(arrays)} arrays ({names}): choose one, {path}:{min(arrays)}"
        )
    raise BadArrayFile(f"{path} holds no array `{key}`; it holds {names}")


def _shape(shape: object, path: str) -> tuple[int, ...]:
    if not isinstance(shape, tuple | list) or not all(
        type(axis) is int and 0 <= axis <= _LARGEST_AXIS for axis in shape
    ):
        raise BadArrayFile(f"{path}: its shape cannot be read")
    return tuple(shape)
