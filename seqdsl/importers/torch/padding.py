"""comparisons of ids → which inputs a mask is about: at full length nothing is masked, but what reads it is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch

from seqdsl.importers.reading import Difference
from seqdsl.importers.torch.draft import read_by
from seqdsl.importers.torch.nodes import Refused

if TYPE_CHECKING:
    from seqdsl.importers.torch.calls import Call
    from seqdsl.importers.torch.draft import Draft
    from seqdsl.importers.torch.nodes import Node
    from seqdsl.importers.torch.trace import Trace


def differs(trace: Trace, call: Call) -> Any:
    """``ids != 0``, ``(x != 0).any(-1)`` and their opposites: which steps are padding, of which a probe has none."""
    value, other = call.get(0, "input"), call.get(1, "other")
    ids = trace.read(value)
    if not (ids >= 0).any():
        return NotImplemented
    if not isinstance(other, int | float):
        raise Refused("what the model does depends on the numbers it reads")
    result: torch.Tensor = call.run()
    inputs = frozenset(trace.nodes.of(int(label)).index for label in ids[ids >= 0].flat[:1])
    # Only of an input it is a mask; `h > 0` of what a layer gives is a computation.
    if any(trace.nodes.all[index].operands for index in inputs):
        raise Refused("what the model does depends on the numbers it reads")
    for index in inputs:
        trace.nodes.all[index].notes["marks"] = int(other) if other == int(other) else other
    trace.padded[id(result)] = (result, inputs)
    return result


def packs(trace: Trace, call: Call) -> Any:
    """A packed sequence, whose lengths are an input, or follow from a mask.

    Raises:
        ValueError: they are labels: with numbers as large as these PyTorch would fill the memory.
    """
    if (trace.read(call.get(1, "lengths")) >= 0).any():
        raise ValueError("lengths by which a sequence is packed are none of its inputs")
    return NotImplemented


def settle_padding(draft: Draft) -> tuple[Difference, ...]:
    """Let inputs say how padding is told, where the model's own masks depend on it."""
    # A mask that nothing reads says nothing about padding.
    masked: set[int] = set()
    for node in draft.nodes.values():
        masked |= node.notes.get("padded_by", frozenset())
    differences = []
    for index in draft.inputs:
        node = draft.nodes[index]
        if "lengths" in node.notes and index not in masked:
            raise Refused(f"`{node.notes['lengths']}` is taken for lengths, which nothing reads")
        if node.word == "tokens":
            # tokens(30, 8): of each step the ids of 8 places
            sizes = (_vocabulary(draft, index), *node.grid)
            node.arguments = tuple((str(at), str(size)) for at, size in enumerate(sizes))
        if index in masked:
            _say(draft, node)
            what = "values at padded steps may differ: they are zero here"
            differences.append(Difference(node.notes["name"], what, numbers=True))
    return tuple(differences)


def _say(draft: Draft, node: Node) -> None:
    """Let an input, or the embedding that reads its ids, say which steps are padding."""
    readers = [draft.nodes[at] for at in draft.readers()[node.index] if at >= 0]
    # tokens(9, lengths=true), embedding(4, mask=true), or input(3, mask=-1)
    if "lengths" in node.notes:
        node.arguments = (*node.arguments, ("lengths", "true"))
    elif node.notes["marks"] == 0 and all(reader.word == "embedding" for reader in readers):
        for reader in readers:
            reader.arguments = (*reader.arguments, ("mask", "true"))
    else:
        node.arguments = (*node.arguments, ("mask", str(node.notes["marks"])))


def _vocabulary(draft: Draft, index: int) -> int:
    for node in draft.nodes.values():
        if "vocabulary" in node.notes and any(piece.node == index for piece in read_by(node)):
            return int(node.notes["vocabulary"])
    raise Refused("ids are an input that no embedding reads")
