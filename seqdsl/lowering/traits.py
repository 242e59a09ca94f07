"""links → traits of a whole model: the topology of each pair, that of all, and its qualifiers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import has_weights, holds_weights
from seqdsl.analysis.topology import (
    Paths,
    differs,
    is_residual,
    model_topology,
)
from seqdsl.budget import MOST_PAIRS, MOST_REACHED, Overgrown
from seqdsl.ir.called import holds_layers
from seqdsl.ir.direction import Direction
from seqdsl.ir.operations import Attend, Convolve, Merge, PassedState, Reduce
from seqdsl.layers import Combination, is_source
from seqdsl.lowering.block_links import initial_of
from seqdsl.lowering.feedback import has_feedback
from seqdsl.model.spec import Pair

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.analysis.links import Link
    from seqdsl.ir.graph import Input, Output
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.topology import Topology


_MANY_PAIRS = (
    f"more than {MOST_PAIRS:,} pairs of an input and an output, or inputs that together reach more than "
    f"{MOST_REACHED:,} blocks"
)


def find_topologies(
    inputs: Sequence[Input], outputs: Sequence[Output], paths: Paths
) -> tuple[tuple[Pair, ...], Topology]:
    """The topology of every pair that a path joins, and that of the whole."""
    pairs: list[Pair] = []
    kinds = []
    places = {output.block: place for place, output in enumerate(outputs)}
    # Pairs of inputs and outputs grow as a product, and the blocks between them as well: a picture with thousands of
    # both is refused rather than waited for.
    room = MOST_REACHED
    for item in inputs:
        # Of many outputs an input usually reaches few.
        all_reached = paths.reached(item.block)
        reached = all_reached & places.keys()
        room -= len(all_reached)
        if len(pairs) + len(reached) > MOST_PAIRS or room < 0:
            raise Overgrown(_MANY_PAIRS, "split the picture into several models")
        for output in (outputs[place] for place in sorted(places[block] for block in reached)):
            topology = paths.topology(item.block, output.block)
            pairs.append(Pair(item.name, output.name, topology))
            kinds.append((topology, paths.shapes[item.block].steps is not None))
    return tuple(pairs), model_topology(kinds)


def find_qualifiers(
    drawing: Drawing,
    applications: Mapping[int, Application],
    links: Sequence[Link],
    depth: int,
) -> tuple[str, ...]:
    """What qualifies the topology of a model, such as ``"bidirectional"``, in a fixed order."""
    operations = [application.operation for application in applications.values()]
    adders = [index for index, application in applications.items() if _adds(application)]
    qualifiers = [
        (f"stacked {depth}", depth > 1),
        ("bidirectional", Direction.BIDIRECTIONAL in drawing.states.directions),
        ("residual", is_residual(adders, links)),
        ("shared weights", _shares(drawing, applications, links)),
        ("convolutional", any(isinstance(item, Convolve) for item in operations)),
        ("attention", any(isinstance(item, Attend) for item in operations)),
        ("state handoff", _passes_state(applications.values())),
        ("feedback", bool(drawing.loops) or has_feedback(drawing)),
        ("stateful", bool(drawing.states.ends)),
        ("masked", any(item.masking.begins for item in applications.values())),
        ("variable length", bool(drawing.lengths.free)),
    ]
    return tuple(name for name, holds in qualifiers if holds)


def _adds(application: Application) -> bool:
    """Whether a block is the sum of what it reads."""
    operation = application.operation
    return isinstance(operation, Merge | Reduce) and operation.how is Combination.ADD


def _shares(
    drawing: Drawing, applications: Mapping[int, Application], links: Sequence[Link]
) -> bool:
    """Whether some weights are used in more than one place.

    Two blocks side by side in a row that read the same are one layer drawn with a gap: that shares nothing.
    """
    below: dict[int, set[int]] = {}
    for link in links:
        below.setdefault(link.target, set()).add(link.source)
    for members in _of_one_letter(applications):
        first = applications[members[0]]
        rows = {index: drawing.blocks[index].row for index in members}
        readings = {index: frozenset(below.get(index, ())) for index in members}
        has_own = holds_weights(first.kind, first.arguments)
        held = has_own or holds_layers(first.operation, has_weights)
        if held and differs(readings, rows):
            return True
    return False


def _of_one_letter(applications: Mapping[int, Application]) -> Iterator[list[int]]:
    """The blocks of each letter that is drawn in several."""
    groups: dict[str, list[int]] = {}
    for index, application in applications.items():
        if isinstance(application.key, str) and not is_source(application.kind):
            groups.setdefault(application.key, []).append(index)
    yield from (members for members in groups.values() if len(members) > 1)


def _passes_state(applications: Iterable[Application]) -> bool:
    """Whether a block begins with the state in which another one ends."""
    return any(isinstance(initial_of(item), PassedState) for item in applications)
