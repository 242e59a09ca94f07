"""equations → cell: the body of a recurrence, one step of it as data.

A cell is what is written in papers, a line for each name::

    cell rnn(units, activation=tanh, bias=true) {
      h = activation(dense(x, h, bias=bias, weights=[kernel, recurrent_kernel, bias]))
    }

``x`` is what a step reads. A name that is read before it is assigned is *state*: the value of the step before, until it
is assigned. The last equation gives the cell's output.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from seqdsl.cells.expressions import (
    EPSILON,
    Activation,
    Binary,
    CellExpression,
    Choice,
    Concat,
    Dense,
    Dropout,
    Extreme,
    Given,
    Name,
    Normalize,
    Number,
    Operator,
    Parts,
    Scale,
    Weighted,
    Zoneout,
    children,
    walk,
)
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


__all__ = [
    "EPSILON",
    "READ",
    "Activation",
    "Binary",
    "Cell",
    "CellError",
    "CellExpression",
    "CellParameter",
    "Choice",
    "Concat",
    "Dense",
    "Dropout",
    "Equation",
    "Extreme",
    "Given",
    "Name",
    "Normalize",
    "Number",
    "Operator",
    "Parts",
    "Scale",
    "Weighted",
    "Zoneout",
    "children",
    "walk",
]

READ = "x"
"""The name of what a step reads."""


class CellError(ValueError):
    """A cell whose equations mean nothing: a name is never assigned, or widths do not fit."""


@record(frozen=True)
class Equation:
    """``names = value``; several names take the parts of a value."""

    names: tuple[str, ...]
    value: CellExpression | Parts


@record(frozen=True)
class CellParameter:
    """An argument of a cell; without a default it is a size, as the units are."""

    name: str
    default: bool | float | str | None = None


@record(frozen=True)
class Cell:
    """One step of a recurrence.

    Attributes:
        name: the kind of the layers that run it.
        parameters: the layer's arguments that the equations know, the units first.
        equations: what is computed, in order; the last one gives the output.
    """

    name: str
    parameters: tuple[CellParameter, ...]
    equations: tuple[Equation, ...]

    @property
    def output(self) -> str:
        """The name of the cell's output."""
        return self.equations[-1].names[-1]

    @property
    def states(self) -> tuple[str, ...]:
        """The names that carry state, in the order in which they are first read: ``h, c`` of an LSTM."""
        # i, f, g, o = split(dense(x, h), 4)      h is read before any line assigns it
        # c = f * c + i * g                       so is c: the states are h, c
        # h = o * tanh(c)
        assigned: set[str] = {READ}
        states: dict[str, None] = {}
        for equation in self.equations:
            states |= {name: None for name in _names(equation.value) if name not in assigned}
            assigned.update(equation.names)
        return tuple(states)

    @property
    def carried(self) -> tuple[str, ...]:
        """What goes from step to step: the output, then the other states.

        An output that no step reads is carried, too: where steps are padding, it stays what it was.
        """
        # f = sigmoid(dense(x) + scale(c))      an SRU (Lei et al. 2018): its state is c, its output h; carried are h, c
        # c = f * c + (1 - f) * dense(x)
        # h = tanh(c)
        return (self.output, *(name for name in self.states if name != self.output))

    def settings(self, arguments: Mapping[str, object]) -> dict[str, object]:
        """The value of each parameter: the layer's argument, or the default where it is not set."""
        return {
            item.name: item.default if arguments.get(item.name) is None else arguments[item.name]
            for item in self.parameters
        }

    def denses(self) -> Iterator[Dense]:
        """The affine maps, in the order of the equations."""
        return (item for item in self.weighted() if isinstance(item, Dense))

    # Asked of each layer by many, and all equations are walked through.
    @cached_property
    def takes_images(self) -> bool:
        """Whether what a step reads, and every state, is an image: a convolution is over its height and width."""
        return any(item.kernel is not None for item in self.denses())

    def weighted(self) -> Iterator[Weighted]:
        """What has weights, in the order of the equations."""
        for equation in self.equations:
            yield from (item for item in walk(equation.value) if isinstance(item, Weighted))

    def dropouts(self) -> Iterator[Dropout]:
        """What loses features in training, in the order of the equations."""
        found = (item for equation in self.equations for item in walk(equation.value))
        return (item for item in found if isinstance(item, Dropout))

    def zoneouts(self) -> Iterator[Zoneout]:
        """What keeps some features as they were in training, in the order of the equations."""
        found = (item for equation in self.equations for item in walk(equation.value))
        return (item for item in found if isinstance(item, Zoneout))

    def random_rates(self) -> tuple[float | str, ...]:
        """How many features are lost, or stay as they were, in training, each as it is written."""
        found = (item for equation in self.equations for item in walk(equation.value))
        return tuple(item.rate for item in found if isinstance(item, Dropout | Zoneout))

    def rates(self) -> tuple[str, ...]:
        """The parameters among these."""
        return tuple(dict.fromkeys(rate for rate in self.random_rates() if isinstance(rate, str)))


def _names(expression: CellExpression | Parts) -> list[str]:
    return [item.name for item in walk(expression) if isinstance(item, Name)]
