"""graph, lengths → whether it computes at them: a trained code of each step's number is for so many steps at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.carry import Carry
from seqdsl.ir.inline import inlined
from seqdsl.ir.operations import Constant
from seqdsl.layers import layer_def
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.graph import Graph


def is_within(graph: Graph, lengths: Mapping[str, int]) -> bool:
    """Whether every row has a vector for each of its steps at these lengths; the other names are at their defaults."""
    env = {**graph.defaults, **lengths}
    # A table of a picture that is called is as long as it is for that call.
    for node in inlined(graph)[0].nodes:
        if node.layer is None or node.steps is None or not isinstance(node.operation, Constant):
            continue
        most = node.layer.arguments.get(layer_def(node.kind).rows)
        # A row that goes on from call to call is no whole call's: one step is left for the next.
        left = 0 if node.operation.carry is Carry.NONE else 1
        if isinstance(most, Size) and node.steps.value(env) > most.value(env) - left:
            return False
    return True


def shortened(graph: Graph, lengths: Mapping[str, int]) -> dict[str, int]:
    """The lengths, or less where rows have fewer vectors: each name is at least its minimum."""
    found = dict(lengths)
    # 9 and 5 of at most 6 steps each, from 1 on: 8 and 5, 7 and 5, 6 and 5
    while not is_within(graph, found):
        longer = [name for name, length in found.items() if length > graph.minimum[name]]
        if not longer:
            break
        longest = max(longer, key=found.__getitem__)
        found[longest] -= graph.multiple[longest]
    return found
