"""``--data`` and ``--target`` → arrays: the shapes of real data, as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.ends import Lengths
    from seqdsl.ir.graph import Input, Output

_SHAPE = re.compile(r"(?:([A-Za-z]\w*)=)?\(?((?:\d{1,9}|None)(?:,(?:\d{1,9}|None))*),?\)?")

_Port = TypeVar("_Port", "Input", "Output", "Lengths")


class Array(NamedTuple):
    """The shape of an array, its samples first; ``None`` where any size will do.

    Attributes:
        name: the input or output that it is for; ``None``: by order.
        axes: its shape.
    """

    name: str | None
    axes: tuple[int | None, ...]

    def __str__(self) -> str:
        """The shape as Python writes it."""
        return f"({', '.join(map(str, self.axes))}{',' * (len(self.axes) == 1)})"


def read_array(text: str) -> Array:
    """Read ``1000,20,4``, ``(1000, 20, 4)`` or ``x=1000,20,4``.

    Raises:
        ValueError: it is no shape.
    """
    match = _SHAPE.fullmatch(re.sub(r"\s", "", text))
    if match is None:
        raise ValueError(
            f"{text!r} is not a valid shape: write numbers with commas, samples first, such as 1000,20,4"
        )
    axes = [None if item == "None" else int(item) for item in match[2].split(",")]
    return Array(match[1], tuple(axes))


def assign(arrays: Sequence[Array], ports: Sequence[_Port]) -> list[tuple[Array, _Port]] | str:
    """Which array is for which input or output: by name, the others in order.

    Returns:
        The pairs, or what is wrong.
    """
    by_name = {port.name: port for port in ports}
    shown = ", ".join(f"`{name}`" for name in by_name)
    # `--data z=1000,8 --data 1000,20,4` of the inputs x and z: z by its name, and x gets what is left.
    named, plain = _by_name(arrays)
    for name in named:
        if name not in by_name:
            return f"unknown name `{name}`: choose from {shown}"
    free = [port for port in ports if port.name not in named]
    # One array fewer than there are shapes: two of them have one name. None at all is fine: then nothing is compared.
    is_twice = len(named) + len(plain) < len(arrays)
    if len(arrays) not in (0, len(ports)) or len(plain) > len(free) or is_twice:
        number = f"{len(arrays)} shape{'' if len(arrays) == 1 else 's'}"
        return f"{number} for {shown}"
    return [(named[name], by_name[name]) for name in named] + list(zip(plain, free, strict=False))


def _by_name(arrays: Sequence[Array]) -> tuple[dict[str, Array], list[Array]]:
    """The shapes that have a name, by it, and those that go by their order."""
    named = {array.name: array for array in arrays if array.name is not None}
    return named, [array for array in arrays if array.name is None]
