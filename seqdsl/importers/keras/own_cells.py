"""a layer that runs a cell of its own → a cell of the picture's file, by equations; no class is known by its name.

What the cell calls in one step is followed on symbolic tensors, and written as equations. Its weights may be parts of
the author's variables: the place of the layer says which.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from seqdsl.importers.cells.arithmetic import Features, NoCell, Weights, refused_in_training
from seqdsl.importers.cells.called import as_name
from seqdsl.importers.cells.own import named, stepped
from seqdsl.importers.cells.values import Leaf, Values
from seqdsl.importers.identifiers import snake_case
from seqdsl.importers.keras.cell_operations import EACH, LEAD, CellReader
from seqdsl.importers.keras.cell_trace import traced
from seqdsl.importers.keras.cell_weights import CellWeights, Placed
from seqdsl.importers.keras.refusals import Refused
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.cells.cell import Cell
    from seqdsl.importers.keras.cell_trace import Places, Traced
    from seqdsl.importers.keras.network import Ref
    from seqdsl.importers.keras.state import State


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


def own_cell(walk: State, layer: Any, width: int, places: Places) -> OwnCell:
    """The cell that a layer runs, which is noted among those of the file.

    Args:
        walk: what is known of the model.
        layer: the live layer.
        width: the features that it reads.
        places: of images how large they are; of features nothing.

    Raises:
        Refused: its equations cannot be read, or mean something else.
    """
    made: OwnCell = walk.once.read_cell(layer, width, places)
    name = named(walk.cells, walk.called, made.cell, snake_case(type(layer.cell).__name__))
    return replace(made, cell=replace(made.cell, name=name))


def read_cell(layer: Any, width: int, places: Places) -> OwnCell:
    """The cell that a layer runs, under a name that says nothing.

    Raises:
        Refused: its equations cannot be read, or mean something else.
    """
    try:
        told = traced(layer, width, places, training=False)
        made = _read(told, width, places)
        # Other calls may come to the same equations.
        if not (told.is_same or _is_same(made, _in_training(layer, width, places))):
            raise refused_in_training()
    except NoCell as problem:
        raise Refused(problem.reason, problem.way) from problem
    return made


def _is_same(one: OwnCell, other: OwnCell | None) -> bool:
    def parts(item: OwnCell) -> list[Any]:
        return [(name, id(variable), part) for name, variable, part in item.weights]

    return other is not None and (one.cell, parts(one)) == (other.cell, parts(other))


def _in_training(layer: Any, width: int, places: Places) -> OwnCell | None:
    """What a layer runs where it is told that it is trained; ``None``: that cannot be read."""
    try:
        return _read(traced(layer, width, places, training=True), width, places)
    except (NoCell, Refused):
        return None


def _read(told: Traced, width: int, places: Places) -> OwnCell:
    """The cell of calls that were followed."""
    values, weights = Values(), CellWeights()
    reader = CellReader(values, weights)
    held = [Weights(weights.numbers(item.variable)) for item in told.held]
    read = (values.add(Leaf("x"), width),)
    if told.ahead is not None:
        # What is computed for all steps at once is computed in each: it acts on features alone.
        read = reader.read(told.ahead, [Features(read, LEAD + places), *held])[0].parts
    leaves = [values.add(Leaf(f"state {number}"), size) for number, size in enumerate(told.widths)]
    states = [Features((leaf,), EACH + places) for leaf in leaves]
    results = reader.read(told.step, [Features(read, EACH + places), *states, *held])
    made = stepped(values, leaves, results, _called(reader, told.local))
    placed = tuple(weights.placed(name, held) for name, held in made.held)
    return OwnCell(made.cell, made.features, made.outputs, placed)


def _called(reader: CellReader, local: Mapping[str, Ref]) -> dict[int, str]:
    """What the author of a cell calls its values."""
    found: dict[int, str] = {}
    for name, ref in local.items():
        word, value = as_name(name), reader.known.get(ref)
        if word and isinstance(value, Features) and len(value.parts) == 1:
            found.setdefault(value.parts[0], word)
    return found
