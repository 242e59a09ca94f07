"""picture → what is wrong with its layers, whatever its wires are: both are reported in one round."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.lowering.calls import read_call
from seqdsl.lowering.declared_cells import own_kinds
from seqdsl.lowering.default_layers import DEFAULTS
from seqdsl.syntax.ast import Number
from seqdsl.syntax.document import LARGEST

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.syntax.ast import Call, Picture
    from seqdsl.text.diagnostics import Diagnostic


def check_calls(picture: Picture) -> list[Diagnostic]:
    """What is wrong with the layers of a picture, whatever its wires are."""
    values = DEFAULTS | parameter_values(picture)
    cells = own_kinds(picture)
    return [item for call in calls_of(picture) for item in read_call(call, values, cells)[1]]


def has_python(picture: Picture) -> bool:
    """Whether a layer is written as in Python: such a picture is never compiled, wherever in it that is."""
    return any(call.python is not None for call in calls_of(picture))


def calls_of(picture: Picture) -> Iterator[Call]:
    """All calls of layers that are written in a picture."""
    # At the right ends of rows, `H H  lstm(4)`, and on lines of their own, `H = lstm(4)`.
    yield from (row.call for row in picture.rows if row.call is not None)
    yield from (item.call for item in picture.definitions)


def parameter_values(picture: Picture) -> dict[str, int | float]:
    """The defaults of the parameters; what is too large to be any length is reported where it is written."""
    return {
        item.name: item.value.value
        for item in picture.parameters
        if isinstance(item.value, Number) and abs(item.value.value) <= LARGEST
    }
