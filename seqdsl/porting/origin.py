"""what somebody types → the origin of a model: a function that builds it, or a file, and the shapes of its inputs."""

from __future__ import annotations

import os
import re
from dataclasses import field
from enum import Enum
from typing import TYPE_CHECKING, Any

from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_INPUT = 100_000
"""Steps, features or ids of an input: more are not tried."""

MOST_AXES = 5

TYPES = ("float32", "float64", "int32", "int64")

SAMPLES = "B"
"""Stands for the axis of the samples, where that is not the first."""

_FUNCTION = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*:[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_INPUT = re.compile(r"(?:(?P<name>[A-Za-z_]\w*)=)?(?P<shape>[\w*,]+)(?::(?P<dtype>\w+))?")


class OriginKind(Enum):
    """Where a model comes from; its value travels to the process that loads it."""

    FUNCTION = "function"
    KERAS_FILE = "keras"


class ReadError(ValueError):
    """A model of which there is no picture; the message has all that cannot be read, or what does not agree.

    >>> import seqdsl
    >>> try:
    ...     seqdsl.read(3)
    ... except seqdsl.ReadError as error:
    ...     print(error)
    seqdsl.read: int is neither a Keras model nor a PyTorch module
    """


class CannotRead(ReadError):
    """A model cannot be tried at all: it is not there, its kind is not read, or what is needed is not said."""


_OTHER_FILES = {
    ".h5": "it is in an old format of Keras. Save it anew: `keras.models.load_model(path).save('model.keras')`",
    ".onnx": "ONNX files are not read yet. Give the Keras or PyTorch model from which it was written",
    ".pt2": (
        "to load such a file can run code that it holds (`torch.export.load` evaluates expressions). Give a function "
        "that builds the module, as MODULE:FUNCTION"
    ),
    ".pt": (
        "it holds weights and no layers. Give a function that builds the module and loads them with "
        "`torch.load(path, weights_only=True)`, as MODULE:FUNCTION"
    ),
}
"""Files that somebody may take for models that can be read: why they are not, and what to do instead."""

_SUFFIXES: Mapping[str, str] = {
    ".keras": "",
    **_OTHER_FILES,
    ".hdf5": _OTHER_FILES[".h5"],
    ".pth": _OTHER_FILES[".pt"],
    ".safetensors": _OTHER_FILES[".pt"],
}


@record(frozen=True)
class GivenInput:
    """The shape of an input of a module, as somebody gives it, without the samples.

    Attributes:
        shape: its axes; the name of a free length in place of a number, which is empty where it has none.
        dtype: what it holds, one of `TYPES`.
        name: the argument of the module; empty: the next one.
        samples: before which axis that of the samples is.
    """

    shape: tuple[int | str, ...]
    dtype: str = "float32"
    name: str = ""
    samples: int = 0


@record(frozen=True)
class Origin:
    """Where a model comes from.

    Attributes:
        text: what was typed: ``my_models:build``, or the path of a file.
        kind: what that is.
        inputs: the shapes of its inputs, where it does not tell them.
        allow_code: whether code that a file holds may run.
    """

    text: str
    kind: OriginKind
    inputs: tuple[GivenInput, ...] = field(default=())
    allow_code: bool = False


def is_origin(text: str) -> bool:
    """Whether a command that takes pictures is given a model: its name says so, and no file has it."""
    if os.path.splitext(text)[1].lower() in _SUFFIXES:
        return True
    # `models/lstm.py:build` names no module: `origin_of` has a better message than that there is no such file.
    is_named = _FUNCTION.fullmatch(text) is not None or ".py:" in text
    return is_named and not os.path.exists(text)


def origin_of(
    text: str, inputs: tuple[GivenInput, ...] = (), *, allow_code: bool = False
) -> Origin:
    """The origin that a text names.

    Raises:
        CannotRead: such files are not read, the file is not there, or the text names neither file nor function.
    """
    suffix = os.path.splitext(text)[1].lower()
    if why := _SUFFIXES.get(suffix):
        raise CannotRead(f"{text}: {why}")
    if suffix == ".keras":
        if not os.path.isfile(text):
            raise CannotRead(f"{text}: no such file")
        return Origin(text, OriginKind.KERAS_FILE, inputs, allow_code)
    if not _FUNCTION.fullmatch(text):
        from seqdsl.verify.against import as_module

        example = as_module(text) or "my_models:build"
        raise CannotRead(
            f"{text} is neither a .keras file nor a function: give MODULE:FUNCTION, as in `{example}`"
        )
    return Origin(text, OriginKind.FUNCTION, inputs, allow_code)


def input_of(text: str) -> GivenInput:
    """The input that a text describes: ``20,4``, ``x=n,8``, ``words=*:int64`` or, with its steps first, ``*,B,8``.

    Raises:
        ValueError: it describes none; the message says why.

    >>> input_of("words=*:int64")
    GivenInput(shape=('',), dtype='int64', name='words', samples=0)
    """
    match = _INPUT.fullmatch(text)
    if match is None:
        raise ValueError(
            f"{text!r} is not [NAME=]SHAPE[:DTYPE], such as 20,4 or words=*:int64, without the samples"
        )
    said = match["shape"].split(",")
    samples = said.index(SAMPLES) if SAMPLES in said else 0
    axes = tuple(_axis(axis, text) for axis in said if axis != SAMPLES)
    if len(axes) > MOST_AXES:
        raise ValueError(f"{text!r} has {len(axes)} axes, at most {MOST_AXES} are read")
    dtype = match["dtype"] or "float32"
    if dtype not in TYPES:
        raise ValueError(f"unknown type {dtype!r} in {text!r}: choose from {', '.join(TYPES)}")
    return GivenInput(axes, dtype, match["name"] or "", samples)


def _axis(text: str, whole: str) -> int | str:
    if text == "*":
        return ""
    if text.isidentifier() and text.isascii():
        return text
    if not text.isdigit() or not 1 <= int(text) <= LONGEST_INPUT:
        raise ValueError(
            f"{text!r} in {whole!r} is not a length: give a number from 1 to {LONGEST_INPUT:,}, or * for a free length"
        )
    return int(text)


def origin_to_json(origin: Origin) -> dict[str, Any]:
    """The origin as JSON has it, for the process that loads the model; paths are absolute."""
    is_file = origin.kind is OriginKind.KERAS_FILE
    return {
        "text": os.path.abspath(origin.text) if is_file else origin.text,
        "kind": origin.kind.value,
        "inputs": [
            [list(item.shape), item.dtype, item.name, item.samples] for item in origin.inputs
        ],
        "allow_code": origin.allow_code,
    }


def origin_from_json(data: Mapping[str, Any]) -> Origin:
    """The origin that `origin_to_json` took apart."""
    inputs = tuple(GivenInput(tuple(shape), *rest) for shape, *rest in data["inputs"])
    return Origin(data["text"], OriginKind(data["kind"]), inputs, data["allow_code"])
