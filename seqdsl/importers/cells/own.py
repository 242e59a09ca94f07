"""values of a step → the cell that computes them: its states, equations, weights and name."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.cells import ACTIVATIONS
from seqdsl.cells.declare import declare
from seqdsl.cells.text import cell_text
from seqdsl.importers.cells.arithmetic import Features, refused
from seqdsl.importers.cells.equations import Equations
from seqdsl.importers.cells.known import Known, known
from seqdsl.importers.cells.values import Leaf
from seqdsl.importers.identifiers import identifier
from seqdsl.layers import find_layer
from seqdsl.lowering.declared_cells import is_form
from seqdsl.records import record
from seqdsl.syntax.cells import take_cells
from seqdsl.syntax.names import is_reserved

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from seqdsl.cells.cell import Cell
    from seqdsl.importers.cells.values import Held, Values

_LONGEST = 20
"""Characters of a cell's name that are its class's."""

STATES = "hcdefg"
"""The names of states: the first is the output, where that is one of them."""


@record(frozen=True)
class Stepped:
    """A cell without a name, of what a step computes.

    Attributes:
        cell: its equations.
        features: what it gives.
        outputs: of each state of the model whether it is the output.
        states: of each state of the model the name that it has in the equations; empty: the output does not need it.
        held: its weights by their numbers, by the names that a file with these equations gives them.
        known: the layer of the language that computes the same; ``None``: there is none.
    """

    cell: Cell
    features: int
    outputs: tuple[bool, ...]
    states: tuple[str, ...]
    held: tuple[tuple[str, Held], ...]
    known: Known | None


def stepped(
    values: Values, leaves: Sequence[int], results: Sequence[Any], called: Mapping[int, str]
) -> Stepped:
    """The cell that computes values in a step.

    Args:
        values: all values.
        leaves: the states that a step reads.
        results: the output, then the new states.
        called: names of values, from the cell's code.

    Raises:
        NoCell: there is none.
    """
    output, *new = (_computed(values, item) for item in results)
    named = _states(values, leaves, output, new)
    roots = {name: new[leaves.index(leaf)] for leaf, name in named.items()}
    made = Equations(values, output, roots, values.widths[output], called)
    cell = made.cell("own")
    held = tuple(_held(cell, made))
    _check_apart([item for _, item in held])
    return Stepped(
        cell,
        values.widths[output],
        tuple(at == output for at in new),
        tuple(named.get(leaf, "") for leaf in leaves),
        held,
        _known(values, leaves, output, new),
    )


def computed_last(values: Values, new: Sequence[Features]) -> Features:
    """The output among new states: the first, or the only one that is computed of all others.

    ::

        c = f * c + i * tanh(g)
        h = o * tanh(c)                 h, whether a cell gives (h, c) or (c, h)
    """
    ends = [values.joined(item.parts) for item in new]
    last = [item for item, at in zip(new, ends, strict=True) if {*ends} <= _all_within(values, at)]
    return last[0] if len(last) == 1 else new[0]


def _all_within(values: Values, at: int) -> set[int]:
    """A value, and all that it is made of."""
    found, waiting = set[int](), [at]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += values.within(one)
    return found


def _known(values: Values, leaves: Sequence[int], output: int, new: Sequence[int]) -> Known | None:
    """The layer of the language that computes values, if that has as many weights."""
    found = known(values, leaves, output, new)
    # c = f * c + f * tanh(g) has the form of an LSTM, but two gates with the same weights.
    if found is None or _are_apart([item for _, parts in found.held for item in parts]):
        return found
    return None


def _check_apart(held: Sequence[Held]) -> None:
    """Check that each weight is used once: a picture's cell has weights of its own in each place."""
    if not _are_apart(held):
        raise refused("which uses a weight in two places")


def _are_apart(held: Sequence[Held]) -> bool:
    numbers = np.concatenate([np.zeros(0, np.int64), *(item.numbers.ravel() for item in held)])
    return len(np.unique(numbers)) == len(numbers)


def _computed(values: Values, item: Any) -> int:
    """An output, or a new state."""
    if not isinstance(item, Features):
        raise refused("which gives something other than what it computes")
    at = values.joined(item.parts)
    # A state that stays what it was, or a step that is given as it is read.
    if isinstance(values.nodes[at], Leaf):
        raise refused("whose output or a state is only passed through")
    return at


def _states(
    values: Values, leaves: Sequence[int], output: int, new: Sequence[int]
) -> dict[int, str]:
    """The states on which the output depends, in the end, with the names that they get."""
    read = _reached(values, leaves, output, new)
    found: dict[int, str] = {}
    # h of [h, c], of which the first is the output; c of a state that is not.
    names = iter(STATES[1:])
    # A state that no output needs gets no name: the equations do not have it.
    for leaf, one in zip(leaves, new, strict=True):
        if leaf not in read:
            continue
        is_output = one == output and STATES[0] not in found.values()
        name = STATES[0] if is_output else next(names, None)
        if name is None:
            raise refused("which has too many states")
        values.nodes[leaf] = Leaf(name)
        found[leaf] = name
    return found


def _reached(values: Values, leaves: Sequence[int], output: int, new: Sequence[int]) -> set[int]:
    """All values on which the output of any step depends, also by the states of earlier steps."""
    read: set[int] = set()
    reached = {output}
    while reached != read:
        read = reached
        reached = read | {item for at in read for item in values.within(at)}
        reached |= {one for leaf, one in zip(leaves, new, strict=True) if leaf in reached}
    return read


def _held(cell: Cell, made: Equations) -> Iterator[tuple[str, Held]]:
    """The weights of the cell that a file with these equations has."""
    found, problems = take_cells(cell_text(cell))[1:]
    declared, wrong = declare(found[0]) if found else (None, ())
    if declared is None:
        said = " ".join(item.message for item in (*problems, *wrong)[:1])
        raise refused(f"of which no cell of equations can be made: {said}")
    # The text is read as in a file, as the names that the weights get there are those of the ported weights.
    for one, other in zip(cell.weighted(), declared.weighted(), strict=True):
        for mine, theirs in zip(one.weights, other.weights, strict=True):
            yield theirs, made.held[mine]


def named(cells: dict[str, str], taken: Collection[str], cell: Cell, word: str) -> str:
    """The name of a cell in its file, which may have the same cell already.

    Args:
        cells: the texts of the file's cells, by their names; this one is added.
        taken: other names of the file.
        cell: the cell.
        word: what the model calls it, as an identifier.
    """
    word = identifier(re.sub(r"_cell$", "", word))[:_LONGEST].rstrip("_")
    is_layer = find_layer(word) is not None or is_form(word)
    if len(word) < 2 or is_layer or is_reserved(word) or word in ACTIVATIONS:
        word = f"own_{word}"
    for number in count(1):
        name = word if number == 1 else f"{word}_{number}"
        text = cell_text(replace(cell, name=name))
        if name not in taken and cells.setdefault(name, text) == text:
            return name
    raise AssertionError
