"""attention in a free run → numpy: keys and values are projected once, and kept for all steps that follow.

::

    keys, values = _project_memory(x, x, w, "attention_t", 2)                          each piece's
    keys, values = attention_t_keys.append(keys), attention_t_values.append(values)    and those of all before
    attention_t = _attend_heads(x, keys, values, w, "attention_t", 2, mask=_past_mask(x, keys))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, Text, call, flat, grouped, method
from seqdsl.targets.emit.kept_attention import begin_pasts
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.emit.projecting import projects
from seqdsl.targets.numpy.attention import Read, attended, projected, what_is_read
from seqdsl.targets.numpy.expressions import emit
from seqdsl.targets.numpy.masks import SPELLING

if TYPE_CHECKING:
    from seqdsl.ir.graph import Node
    from seqdsl.ir.operations import Attend
    from seqdsl.targets.numpy.emitter import NumpyEmitter


def attend_kept(node: Node, attend: Attend, to: NumpyEmitter) -> Code:
    """What each step of the query attends to, of keys and values that are kept."""
    read = what_is_read(node, attend, to)
    mask = common_mask(attend.memory_masks, to, SPELLING)
    if node.index in to.keeps_past:
        return _attend_past(node, read, mask, to)
    read = Read(read.query, *project_once(node, attend, to))
    return attended(node, read, None if mask is None else Index(grouped(mask), ":, None"), to)


def project_once(node: Node, attend: Attend, to: NumpyEmitter) -> tuple[Code, Code]:
    """The projected keys and values of a memory that is there from the beginning."""
    if node.index not in to.projected:
        # The query is there in a step only.
        memory = emit(attend.memory, to)
        keys = memory if attend.keys is None else emit(attend.keys, to)
        to.projected[node.index] = _named(node, keys, memory, to)
    return to.projected[node.index]


def _named(node: Node, keys: Code, values: Code, to: NumpyEmitter) -> tuple[Code, Code]:
    """Keys and values as the attention compares and sums them, in variables of their own."""
    if to.layer(node).arguments["heads"] is None:
        # Without heads, what is summed is the memory itself.
        return to.name("keys", projected(node, "key", keys, to)), values
    key, value = (Text(to.names.claim(name)) for name in ("keys", "values"))
    to.unpack((key, value), projected(node, "", keys, to, values))
    return key, value


def _attend_past(node: Node, read: Read, mask: Code | None, to: NumpyEmitter) -> Code:
    """What each step of a piece attends to: itself, and all steps before it."""
    begin_pasts(node, to)
    is_projected = projects(to.layer(node).arguments)
    keys, values = _named(node, *read[1:], to) if is_projected else (read.keys, read.values)
    pieces = {"memory": values, "keys": keys, "values": values, "valid": mask}
    whole: dict[str, Code] = {}
    for part, past in to.pasts[node.index].items():
        piece = pieces[part]
        assert piece is not None
        made = method(past.name, "append", piece)
        # keys = attention_t_keys.append(keys): a projection of the piece alone is of no use any more.
        is_own = is_projected and part != "valid" and piece not in read
        whole[part] = to.assign(piece, made) if is_own else to.name(part, made)
    valid = whole.pop("valid", None)
    parts = tuple(whole.values())
    shown: Code = call(to.function("past_mask"), read.query, parts[0])
    if valid is not None:
        # The last two of five steps, the first of which is padding. `_attend` gives zero where a row has nothing.
        #     0 1 1 1 0
        #     0 1 1 1 1
        asked, steps = f"{flat(read.query)}.shape[1]", f"{flat(valid)}.shape[1]"
        later = call("np.tri", asked, steps, f"{steps} - {asked}", dtype="bool")
        shown = Binary("&", (Index(valid, ":, None"), later))
    return attended(node, Read(read.query, parts[0], parts[-1]), shown, to)
