"""one layer applied in one place, as data, before layers and values have names; which of its values are read."""

from __future__ import annotations

from dataclasses import field, replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Expression, FinalState, Value, walk
from seqdsl.ir.graph import UNMASKED, Masking
from seqdsl.ir.operations import Operation, PassedState, Scan, Use, ValueState, operands
from seqdsl.ir.uses import carried
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from seqdsl.size import Size


@record(frozen=True)
class Application:
    """A layer, and what it is applied to.

    Attributes:
        key: what shares weights: a letter, or the number of an anonymous block.
        kind: the layer's kind in the backends; a windowed ``dense`` is ``conv``.
        width: features that the layer reads.
        units: features that it gives.
        operation: what is computed, and of what.
        arguments: the layer's arguments.
        masking: which of its steps are padding.
        uses: which of its values are read.
        grid: the places that each of its steps holds.
    """

    key: str | int
    kind: str
    width: Size
    units: Size
    operation: Operation
    arguments: Mapping[str, object] = field(default_factory=dict)
    masking: Masking = UNMASKED
    uses: frozenset[Use] = frozenset()
    grid: tuple[Size, ...] = ()


def _values_read(operation: Operation) -> Iterator[tuple[int, Use]]:
    """The blocks whose values an operation is computed from, and which value of each."""
    for item in (inner for view in _computed_from(operation) for inner in walk(view)):
        if isinstance(item, FinalState):
            yield item.block, Use.FINAL
        elif isinstance(item, Value):
            yield item.block, Use.SEQUENCE


def with_uses(applications: Mapping[int, Application]) -> dict[int, Application]:
    """The applications, each with which of its values are read: its value, its final state, its whole state."""
    uses: dict[int, set[Use]] = {index: set() for index in applications}
    for application in applications.values():
        operation = application.operation
        if isinstance(operation, Scan) and isinstance(operation.initial, PassedState):
            uses[operation.initial.source].add(Use.STATE)
        for block, use in _values_read(operation):
            uses[block].add(use)
    return {
        # What no block reads is an output of the model: its value is read by the caller.
        index: replace(
            application,
            uses=frozenset(uses[index] or {Use.SEQUENCE}) | carried(application.operation),
        )
        for index, application in applications.items()
    }


def _computed_from(operation: Operation) -> Iterator[Expression]:
    """What is read for its numbers; masks, and what only measures a length, are not."""
    yield from operands(operation)
    if isinstance(operation, Scan) and isinstance(operation.initial, ValueState):
        yield operation.initial.value
