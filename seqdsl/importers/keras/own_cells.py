"""a layer that runs a cell of its own → a cell of the picture's file, by equations; no class is known by its name.

What the cell calls in one step is followed on symbolic tensors, and written as equations. Its weights may be parts of
the author's variables: the place of the layer says which.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.declare import declare
from seqdsl.cells.text import cell_text
from seqdsl.importers.identifiers import identifier
from seqdsl.importers.keras.cell_arithmetic import Features, Weights, refused
from seqdsl.importers.keras.cell_equations import Equations
from seqdsl.importers.keras.cell_operations import EACH, LEAD, CellReader
from seqdsl.importers.keras.cell_trace import knows_training, traced
from seqdsl.importers.keras.cell_values import Leaf, Values
from seqdsl.importers.keras.cell_weights import CellWeights, Placed, check_apart
from seqdsl.importers.keras.names import snake_case
from seqdsl.importers.keras.refusals import Refused
from seqdsl.layers import find_layer
from seqdsl.lowering.declared_cells import is_form
from seqdsl.records import record
from seqdsl.syntax.cells import take_cells
from seqdsl.syntax.names import is_reserved

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.cells.cell import Cell
    from seqdsl.importers.keras.state import State

_LONGEST = 20
"""Characters of a cell's name that are its class's."""

STATES = "hcdefg"
"""The names of states: the first is the output, where that is one of them."""


@record(frozen=True)
class OwnCell:
    """A cell as the picture's file has it.

    Attributes:
        cell: its equations.
        features: what it gives.
        outputs: which of its states are its output.
        weights: where its weights are.
    """

    cell: Cell
    features: int
    outputs: tuple[bool, ...]
    weights: tuple[Placed, ...]


def own_cell(walk: State, layer: Any, width: int) -> OwnCell:
    """The cell that a layer runs, which is noted among those of the file.

    Args:
        walk: what is known of the model.
        layer: the live layer.
        width: the features that it reads.

    Raises:
        Refused: its equations cannot be read, or mean something else.
    """
    made = _read(layer, width, training=False)
    if knows_training(layer) and not _is_same(made, _in_training(layer, width)):
        raise refused("which computes something else in training, such as dropout")
    return replace(made, cell=replace(made.cell, name=_named(walk, made.cell, layer)))


def _is_same(one: OwnCell, other: OwnCell | None) -> bool:
    def parts(item: OwnCell) -> list[Any]:
        return [(name, id(variable), part) for name, variable, part in item.weights]

    return other is not None and (one.cell, parts(one)) == (other.cell, parts(other))


def _in_training(layer: Any, width: int) -> OwnCell | None:
    """What a layer runs where it is told that it is trained; ``None``: that cannot be read."""
    try:
        return _read(layer, width, training=True)
    except Refused:
        return None


def _read(layer: Any, width: int, *, training: bool) -> OwnCell:
    """The cell that a layer runs, under a name that says nothing."""
    told = traced(layer, width, training=training)
    values, weights = Values(), CellWeights()
    reader = CellReader(values, weights)
    held = [Weights(weights.numbers(item.variable)) for item in told.held]
    read = (values.add(Leaf("x"), width),)
    if told.ahead is not None:
        # What is computed for all steps at once is computed in each: it acts on features alone.
        read = reader.read(told.ahead, [Features(read, LEAD), *held])[0].parts
    leaves = [values.add(Leaf(f"state {number}"), size) for number, size in enumerate(told.widths)]
    states = [Features((leaf,), EACH) for leaf in leaves]
    results = reader.read(told.step, [Features(read, EACH), *states, *held])
    output, *new = (_computed(values, item) for item in results)
    made = Equations(values, output, _states(values, leaves, output, new), values.widths[output])
    cell = made.cell("own")
    placed = tuple(_placed(cell, made, weights))
    check_apart(made.held.values())
    return OwnCell(cell, values.widths[output], tuple(at == output for at in new), placed)


def _computed(values: Values, item: Any) -> int:
    """An output, or a new state."""
    if not isinstance(item, Features):
        raise refused("which gives something other than what it computes")
    at = values.joined(item.parts)
    # A state that stays what it was, or a step that is given as it is read.
    if isinstance(values.nodes[at], Leaf):
        raise refused("whose output, or a state, is what it reads")
    return at


def _states(values: Values, leaves: list[int], output: int, new: list[int]) -> dict[str, int]:
    """The new values of the states on which the output depends, in the end, by the names that they get."""
    read = _reached(values, leaves, output, new)
    found: dict[str, int] = {}
    # h of [h, c], of which the first is the output; c of a state that is not.
    names = iter(STATES[1:])
    for leaf, one in zip(leaves, new, strict=True):
        if leaf not in read:
            continue
        is_output = one == output and STATES[0] not in found
        name = STATES[0] if is_output else next(names, None)
        if name is None:
            raise refused("which has too many states")
        values.nodes[leaf] = Leaf(name)
        found[name] = one
    return found


def _reached(values: Values, leaves: list[int], output: int, new: list[int]) -> set[int]:
    """All that the output is made of in any step: what a state is made of counts where the state does."""
    read: set[int] = set()
    reached = {output}
    while reached != read:
        read = reached
        reached = read | {item for at in read for item in values.within(at)}
        reached |= {one for leaf, one in zip(leaves, new, strict=True) if leaf in reached}
    return read


def _placed(cell: Cell, made: Equations, weights: CellWeights) -> Iterator[Placed]:
    """Where the weights are of the cell that a file with these equations has."""
    found, problems = take_cells(cell_text(cell))[1:]
    declared, wrong = declare(found[0]) if found else (None, ())
    if declared is None:
        said = " ".join(item.message for item in (*problems, *wrong)[:1])
        raise refused(f"of which no cell of equations can be made: {said}")
    # The text is read as a file's is: what the weights are called there is what their places are told by.
    for one, other in zip(cell.weighted(), declared.weighted(), strict=True):
        for mine, theirs in zip(one.weights, other.weights, strict=True):
            yield weights.placed(theirs, made.held[mine])


def _named(walk: State, cell: Cell, layer: Any) -> str:
    """The name of a cell in its file, where it may stand already."""
    word = identifier(re.sub(r"_cell$", "", snake_case(type(layer.cell).__name__)))[:_LONGEST]
    is_layer = find_layer(word) is not None or is_form(word)
    if len(word) < 2 or is_layer or is_reserved(word) or word in ACTIVATIONS:
        word = f"own_{word}"
    for number in count(1):
        name = word if number == 1 else f"{word}_{number}"
        text = cell_text(replace(cell, name=name))
        if name not in walk.called and walk.cells.setdefault(name, text) == text:
            return name
    raise AssertionError
