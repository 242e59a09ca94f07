"""attention in a free run → what it keeps, for targets whose past has an axis of steps: the same in PyTorch and numpy.

::

    attention_t_keys, attention_t_values = Past(2), Past(2)      heads: (batch, heads, steps, features)
    attention_t_memory, attention_t_valid = Past(1), Past(1)     one value for both, and its padding
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Attend
from seqdsl.targets.code import Text, call
from seqdsl.targets.emit.emitter import Kept
from seqdsl.targets.emit.projecting import projects

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.targets.emit.emitter import Emitter


def is_kept(node: Node, to: Emitter) -> bool:
    """Whether keys and values of an attention are kept from step to step."""
    if node.index in to.keeps_past:
        return True
    return node.index in to.projects_once and projects(to.layer(node).arguments)


def name_pasts(node: Node, to: Emitter) -> dict[str, Kept]:
    """The variables of what an attention keeps: keys and values, or both as one, and which of them are valid."""
    attend, arguments = node.operation, to.layer(node).arguments
    assert isinstance(attend, Attend)
    is_one = attend.keys is None and not projects(arguments)
    parts = ["memory"] if is_one else ["keys", "values"]
    # Keys and values of heads are (batch, heads, steps, features).
    axes = dict.fromkeys(parts, 1 if arguments["heads"] is None else 2)
    axes |= {"valid": 1} if attend.memory_masks else {}
    past = to.function("Past")
    return {
        part: Kept(Text(to.names.claim(f"{node.name}_{part}")), call(past, axis))
        for part, axis in axes.items()
    }


def begin_pasts(node: Node, to: Emitter) -> None:
    """Begin what an attention keeps with the steps before the first piece, unless it has begun."""
    if node.index in to.pasts:
        return
    to.pasts[node.index] = name_pasts(node, to)
    for kept in to.pasts[node.index].values():
        to.assign(kept.name, kept.empty)
