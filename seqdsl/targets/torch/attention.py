"""attention → PyTorch: by its layer for heads, its function for dot products, or a class of the module's own."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from seqdsl.targets.code import (
    Attribute,
    Binary,
    Code,
    Index,
    Prefix,
    Text,
    call,
    enclosed,
    grouped,
    method,
)
from seqdsl.targets.emit.padding import common_mask
from seqdsl.targets.notes import Idiom
from seqdsl.targets.torch.expressions import emit, steps_in
from seqdsl.targets.torch.masks import SPELLING
from seqdsl.targets.torch.own_attention import attention_class

if TYPE_CHECKING:
    from seqdsl.ir.operations import Attend
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter


class Read(NamedTuple):
    """What an attention reads: what asks, what that is compared with, and what is summed."""

    query: Code
    keys: Code
    values: Code


DOT_PRODUCTS = "F.scaled_dot_product_attention"


def attend(node: Block, attend: Attend, to: TorchEmitter) -> Code:
    """What each step of the query attends to, with an axis of steps also where that is one vector."""
    read = what_is_read(node, attend, to)
    mask = common_mask(attend.memory_masks, to, SPELLING)
    arguments = to.layer(node).arguments
    if attention_class(arguments) is not None:
        return _own(node, read, mask, to)
    if mask is not None:
        masked = _masked_heads if arguments["heads"] else _masked_dot_products
        return masked(node, read, grouped(mask), to)
    return (_heads if arguments["heads"] else _dot_products)(node, read, to)


def what_is_read(node: Block, attend: Attend, to: TorchEmitter) -> Read:
    """What an attention reads; a query that is one vector gets an axis of steps."""
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = method(query, "unsqueeze", 1)
    return Read(query, memory if attend.keys is None else emit(attend.keys, to), memory)


def _is_causal(node: Block, to: TorchEmitter) -> bool:
    return bool(to.layer(node).arguments["causal"])


def _own(node: Block, read: Read, mask: Code | None, to: TorchEmitter) -> Code:
    """Attention by a class of the module's own, which takes what may be read as a mask."""
    name = attention_class(to.layer(node).arguments)
    assert name is not None
    layer = to.attribute(node, f"`{to.function(name)}`")
    if mask is None:
        # Left to itself, every step of the memory is read.
        shown = {"mask": _past(read, to)} if _is_causal(node, to) else {}
        return call(layer, *read, **shown)
    allowed, empty = readable(node, read, grouped(mask), to)
    attended = call(layer, *read, mask=allowed)
    return attended if empty is None else method(attended, "masked_fill", empty, 0)


def _dot_products(node: Block, read: Read, to: TorchEmitter) -> Code:
    options = options_of(node, to)
    # Left to itself, the function divides scores by the root of the number of features.
    if _is_causal(node, to) or set(options) != {"scale"}:
        to.note(Idiom.ATTENTION, node.index, "`scaled_dot_product_attention`")
        causal = {"is_causal": True} if _is_causal(node, to) else {}
        return call(DOT_PRODUCTS, *read, **options, **causal)
    to.note(Idiom.ATTENTION, node.index, "`torch.softmax`")
    # For one head, written out is what takes the least time.
    scores = Binary("@", (read.query, method(read.keys, "transpose", 1, 2)))
    weights = Text(to.names.claim("weights"))
    to.assign(weights, call("torch.softmax", scores, dim=-1))
    attended = Binary("@", (weights, read.values))
    return enclosed(attended) if node.steps is None else attended


def options_of(node: Block, to: TorchEmitter) -> dict[str, object]:
    """What the function for dot products takes beside what is read."""
    arguments = to.layer(node).arguments
    options: dict[str, object] = {} if arguments["scale"] else {"scale": "1.0"}
    if rate := arguments["dropout"]:
        # `F.scaled_dot_product_attention` is a function: it does not know whether the model is trained.
        number = to.parameter(rate) if isinstance(rate, str) else rate
        options["dropout_p"] = f"{number} if self.training else 0.0"
    return options


def _heads(node: Block, read: Read, to: TorchEmitter) -> Code:
    # Trap: a mask that is true *hides* a step from `nn.MultiheadAttention`, and *shows* it to
    # `F.scaled_dot_product_attention`.
    keywords: dict[str, object] = {}
    if _is_causal(node, to):
        # The hint spares adding the mask to every score, a tenth of a small block's call; it needs the mask anyway.
        keywords = {"attn_mask": _causal_mask(read, to), "is_causal": True}
    return _run_heads(node, read, keywords, to)


def _run_heads(node: Block, read: Read, keywords: dict[str, object], to: TorchEmitter) -> Code:
    # The weights are a second result that nobody reads; without them PyTorch takes its fast kernels.
    run = call(to.attribute(node), *read, need_weights=False, **keywords)
    to.unpack((Text(node.name), Text("_")), run)
    return Text(node.name)


def _masked_dot_products(node: Block, read: Read, mask: Code, to: TorchEmitter) -> Code:
    """Attention that reads valid steps only; where there are none, it gives zero."""
    to.note(Idiom.ATTENTION, node.index, "`scaled_dot_product_attention`")
    allowed, empty = readable(node, read, mask, to)
    options = options_of(node, to)
    attended = call(DOT_PRODUCTS, *read, attn_mask=allowed, **options)
    return attended if empty is None else method(attended, "masked_fill", empty, 0)


def readable(node: Block, read: Read, mask: Code, to: TorchEmitter) -> tuple[Code, Code | None]:
    """Which steps of the memory may be read, and what has to be set to zero as there are none."""
    if _is_causal(node, to):
        return _allowed(read, mask, to)
    arguments = to.layer(node).arguments
    # What padded steps hold is zero, so that of nothing else is zero as well; with biases, or with steps that
    # are valid among the values and padding among the keys, it is not.
    is_zero = arguments["heads"] is None and read.keys == read.values
    empty = None if is_zero else _nothing(mask)
    return Index(call(to.function("some_valid"), mask), ":, None"), empty


def _nothing(mask: Code) -> Code:
    """Which samples have no valid step at all."""
    return Prefix("~", Index(method(mask, "any", dim=1), ":, None, None"))


def _masked_heads(node: Block, read: Read, mask: Code, to: TorchEmitter) -> Code:
    """Attention that reads valid steps only; where there are none, its biases are no result: it gives zero."""
    keywords: dict[str, object]
    if _is_causal(node, to):
        allowed, empty = _allowed(read, mask, to)
        heads = to.size(to.layer(node).size("heads"))
        hidden = Prefix("~", enclosed(allowed))
        # A mask for each head, (batch * heads, query, memory): those of one sample follow each other.
        keywords = {"attn_mask": method(hidden, "repeat_interleave", heads, dim=0)}
    else:
        empty = _nothing(mask)
        keywords = {"key_padding_mask": Prefix("~", call(to.function("some_valid"), mask))}
    attended = _run_heads(node, read, keywords, to)
    return method(attended, "masked_fill", empty, 0)


def _allowed(read: Read, mask: Code, to: TorchEmitter) -> tuple[Code, Code]:
    """Which steps of the memory each step of the query may read, and which of these have none.

    A step whose own past is all padding has nothing to attend to.
    """
    # Of three steps, the first of which is padding:
    #     seen 0 0 0      empty 1      The softmax over nothing is nan: that step may read all of the memory here,
    #          0 1 0            0      and what it reads is set to zero.
    #          0 1 1            0
    seen, empty = Text(to.names.claim("seen")), Text(to.names.claim("empty"))
    future = _causal_mask(read, to)
    to.assign(seen, Binary("&", (Index(mask, ":, None"), Prefix("~", future))))
    to.assign(empty, Prefix("~", method(seen, "any", dim=-1, keepdim=True)))
    return Binary("|", (seen, empty)), empty


def _causal_mask(read: Read, to: TorchEmitter) -> Code:
    """What hides the steps of the memory that come after each step of the query."""
    # 0 1 1
    # 0 0 1
    # 0 0 0
    return to.assign(
        Text(to.names.claim("causal_mask")), method(all_pairs(read.query, read.values), "triu", 1)
    )


def _past(read: Read, to: TorchEmitter) -> Code:
    """Which steps of the memory are no later than each step of the query."""
    # 1 0 0
    # 1 1 0
    # 1 1 1
    return to.assign(
        Text(to.names.claim("past")), method(all_pairs(read.query, read.values), "tril")
    )


def all_pairs(query: Code, memory: Code) -> Code:
    """True for each step of a query and each of its memory."""
    return call(
        "torch.ones",
        steps_in(query),
        steps_in(memory),
        dtype="torch.bool",
        device=Attribute(query, "device"),
    )
