"""place of a cell whose arrays are parts of a user's variables → which part of which variable each is.

A cell of one's own keeps its matrices side by side, or not::

    self.kernel = self.add_weight((5, 16))      i_x=0[0:5,0:8] f_x=0[0:5,8:16]      of the layer's weight number 0
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.records import record
from seqdsl.runtime.bare_weights import BARE
from seqdsl.runtime.weight_binding import Binding, NoSuchWeights

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array

_PART = re.compile(
    r"(?P<turned>~?)(?P<number>[0-9]+)\[([0-9]+):([0-9]+),([0-9]+):([0-9]+)\]", re.ASCII
)


@record(frozen=True)
class PartOf:
    """A part of a variable, whose axes but the last are taken as one.

    Attributes:
        rows: the first row, and that behind the last.
        columns: the first column, and that behind the last.
        is_turned: whether it is transposed.
    """

    rows: tuple[int, int]
    columns: tuple[int, int]
    is_turned: bool = False

    def written(self, number: int) -> str:
        """The part of the layer's weight of this number, as a place has it."""
        (top, below), (left, right) = self.rows, self.columns
        return f"{'~' * self.is_turned}{number}[{top}:{below},{left}:{right}]"


def parted(layer: str, parts: Mapping[str, str]) -> str:
    """The place of a layer, of the place of the model's layer, and where each array is in it."""
    return f"{BARE}{layer} {' '.join(f'{name}={part}' for name, part in parts.items())}"


def parts_in(place: str) -> tuple[str, dict[str, tuple[int, PartOf]]]:
    """The model's layer of a place, and the arrays in it; none if it is a place of another kind.

    >>> parts_in("*run i_x=0[0:5,0:8]")
    ('run', {'i_x': (0, PartOf(rows=(0, 5), columns=(0, 8), is_turned=False))})
    >>> parts_in("*0 start")
    ('', {})
    """
    # "#2 run", as a layer is called whose name occurs twice, has two words.
    layer: list[str] = []
    found: dict[str, tuple[int, PartOf]] = {}
    for word in place.removeprefix(BARE).split():
        name, sign, part = word.partition("=")
        match = _PART.fullmatch(part) if sign else None
        if match is None:
            layer.append(word)
            continue
        top, below, left, right = map(int, match.group(3, 4, 5, 6))
        where = PartOf((top, below), (left, right), bool(match["turned"]))
        found[name] = int(match["number"]), where
    return (" ".join(layer), found) if found and place.startswith(BARE) else ("", {})


def part_binding(name: str, variable: Any, shape: Sequence[int], part: PartOf) -> Binding:
    """The binding of an array to a part of a variable; what else that holds stays."""
    whole = tuple(variable.shape)
    place = slice(*part.rows), slice(*part.columns)
    held = np.empty((int(np.prod(whole[:-1])), whole[-1]), bool)[place].shape
    if int(np.prod(held)) != int(np.prod(shape)):
        raise NoSuchWeights(f"`{name}` should be {tuple(shape)}, its place has {held}")

    def flat() -> Array:
        # `np.array` of a variable of Keras's is deprecated by numpy.
        return np.asarray(variable).copy().reshape(-1, whole[-1])

    def put(array: Array) -> Array:
        changed = flat()
        changed[place] = (array.T if part.is_turned else array).reshape(held)
        return changed.reshape(whole)

    def take(array: Array) -> Array:
        found = array.reshape(-1, whole[-1])[place]
        return (found.T if part.is_turned else found).reshape(tuple(shape))

    return Binding(name, variable, put, take, is_part=True)
