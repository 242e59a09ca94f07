"""attention in a free run → PyTorch: keys and values are projected once, and kept for all steps that follow.

::

    once    keys, values = project_memory(self.attention_a, gru_e, gru_e)     a memory that is there from the beginning
    step    attention_a = attend_heads(self.attention_a, gru_d, keys, values)

    step    keys, values = project_memory(self.attention_t, x, x)             a past that grows with each piece
            keys, values = attention_t_keys.append(keys), attention_t_values.append(values)
            attention_t = attend_heads(self.attention_t, x, keys, values, past_mask(x, keys))
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.targets.code import Binary, Code, Index, Prefix, Text, call, grouped, method
from seqdsl.targets.emit.kept_attention import begin_pasts
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.emit.projecting import projects
from seqdsl.targets.torch.attention import (
    DOT_PRODUCTS,
    Read,
    all_pairs,
    options_of,
    readable,
    what_is_read,
)
from seqdsl.targets.torch.expressions import emit, steps_in
from seqdsl.targets.torch.masks import SPELLING
from seqdsl.targets.torch.own_attention import attention_class

if TYPE_CHECKING:
    from seqdsl.ir.operations import Attend
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


def attend_kept(node: Block, attend: Attend, to: TorchEmitter) -> Code:
    """What each step of the query attends to, of keys and values that are kept."""
    read = what_is_read(node, attend, to)
    mask = common_mask(attend.memory_masks, to, SPELLING)
    if node.index in to.keeps_past:
        return _attend_past(node, read, mask, to)
    read = Read(read.query, *project_once(node, attend, to))
    if mask is None:
        return _attended(node, read, None, to)
    allowed, empty = readable(node, read, grouped(mask), to)
    return _zeroed(_attended(node, read, allowed, to), empty)


def project_once(node: Block, attend: Attend, to: TorchEmitter) -> tuple[Code, Code]:
    """The projected keys and values of a memory that is there from the beginning."""
    if node.index not in to.projected:
        memory = emit(attend.memory, to)
        keys = memory if attend.keys is None else emit(attend.keys, to)
        to.projected[node.index] = _projected(node, keys, memory, to)
    return to.projected[node.index]


def _projected(node: Block, keys: Code, values: Code, to: TorchEmitter) -> tuple[Code, Code]:
    """Keys and values as the attention's layer compares and sums them, in variables of their own."""
    arguments = to.layer(node).arguments
    own = attention_class(arguments)
    # A class of the module's own is called by its name where the model is explained.
    layer = to.attribute(node, f"`{to.function(own)}`" if own is not None else "")
    key = Text(to.names.claim("keys"))
    # self.attention_a.key(memory): without heads, what is summed is the memory itself.
    if arguments["heads"] is None:
        return to.assign(key, method(layer, "key", keys)), values
    value = Text(to.names.claim("values"))
    # PyTorch's layer has one matrix for queries, keys and values.
    projected = (
        call(to.function("project_memory"), layer, keys, values)
        if own is None
        else method(layer, "project", keys, values)
    )
    to.unpack((key, value), projected)
    return key, value


def _attend_past(node: Block, read: Read, mask: Code | None, to: TorchEmitter) -> Code:
    """What each step of a piece attends to: itself, and all steps before it."""
    begin_pasts(node, to)
    asked, attended = read.query, _attended
    if _reads_itself(node, read, to):
        # One product for all three, as PyTorch's own layer has it.
        read, attended = _projected_at_once(node, read.query, to), _attended_by_heads
    read, valid = _appended(node, read, mask, to, is_projected=attended is _attended_by_heads)
    if valid is None:
        mask = call(to.function("past_mask"), asked, read.keys)
        return attended(node, read, mask, to)
    # The last two of five steps, the first of which is padding. A step whose own past is all padding reads nothing.
    #     0 1 1 1 0
    #     0 1 1 1 1
    seen, empty = Text(to.names.claim("seen")), Text(to.names.claim("empty"))
    later = Binary("-", (steps_in(valid), steps_in(asked)))
    past = method(all_pairs(asked, valid), "tril", later)
    to.assign(seen, Binary("&", (Index(valid, ":, None"), past)))
    to.assign(empty, Prefix("~", method(seen, "any", dim=-1, keepdim=True)))
    return _zeroed(attended(node, read, Binary("|", (seen, empty)), to), empty)


def _reads_itself(node: Block, read: Read, to: TorchEmitter) -> bool:
    """Whether PyTorch's layer with heads projects one and the same value to queries, keys and values."""
    arguments = to.layer(node).arguments
    is_own = arguments["heads"] is not None and attention_class(arguments) is None
    return is_own and read.query == read.keys == read.values


def _projected_at_once(node: Block, value: Code, to: TorchEmitter) -> Read:
    names = [Text(to.names.claim(name)) for name in ("queries", "keys", "values")]
    to.unpack(tuple(names), call(to.function("project_heads"), to.attribute(node), value))
    return Read(*names)


def _attended_by_heads(node: Block, read: Read, mask: Code | None, to: TorchEmitter) -> Code:
    """What queries read that are projected already."""
    shown = {} if mask is None else {"mask": mask}
    return call(to.function("join_heads"), to.attribute(node), *read, **shown)


def _appended(
    node: Block, read: Read, mask: Code | None, to: TorchEmitter, *, is_projected: bool
) -> tuple[Read, Code | None]:
    """All keys and values so far, and which of them are valid."""
    keys, values = read.keys, read.values
    # What is read without a projection, as values without heads are, others read as well: it stays a piece.
    shared = () if is_projected else tuple(read)
    if projects(to.layer(node).arguments) and not is_projected:
        keys, values = _projected(node, keys, values, to)
        is_projected = True
    pieces = {"memory": values, "keys": keys, "values": values, "valid": mask}
    made: dict[str, Code] = {}
    for part, past in to.pasts[node.index].items():
        piece = pieces[part]
        assert piece is not None
        # keys = attention_t_keys.append(keys): a projection of the piece alone is of no use any more.
        is_own = is_projected and isinstance(piece, Text) and piece not in (mask, *shared)
        whole = piece if is_own else Text(to.names.claim(part))
        made[part] = to.assign(whole, method(past.name, "append", piece))
    valid = made.pop("valid", None)
    parts = tuple(made.values())
    return Read(read.query, parts[0], parts[-1]), valid


def _attended(node: Block, read: Read, mask: Code | None, to: TorchEmitter) -> Code:
    """What a query reads of projected keys and values."""
    arguments = to.layer(node).arguments
    shown = {} if mask is None else {"mask": mask}
    own = attention_class(arguments)
    if own is None:
        if arguments["heads"] is not None:
            return call(to.function("attend_heads"), to.attribute(node), *read, **shown)
        shown = {} if mask is None else {"attn_mask": mask}
        return call(DOT_PRODUCTS, *read, **shown, **options_of(node, to))
    layer = to.attribute(node, f"`{own}`")
    return (
        method(layer, "attend", *read, **shown)
        if projects(arguments)
        else call(layer, *read, **shown)
    )


def _zeroed(attended: Code, empty: Code | None) -> Code:
    return attended if empty is None else method(attended, "masked_fill", empty, 0)
