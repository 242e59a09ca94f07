"""attention → PyTorch: with heads by its layer, without by its function for dot products."""

from __future__ import annotations

from typing import TYPE_CHECKING

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

if TYPE_CHECKING:
    from seqdsl.ir.operations import Attend
    from seqdsl.model.spec import Block
    from seqdsl.targets.torch.emitter import TorchEmitter

_DOT_PRODUCTS = "F.scaled_dot_product_attention"


def attend(node: Block, attend: Attend, to: TorchEmitter) -> Code:
    """What each step of the query attends to, with an axis of steps also where that is one vector."""
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = method(query, "unsqueeze", 1)
    mask = common_mask(attend.memory_masks, to, SPELLING)
    has_heads = bool(to.layer(node).arguments["heads"])
    if mask is not None:
        masked = _masked_heads if has_heads else _masked_dot_products
        return masked(node, query, memory, grouped(mask), to)
    return (_heads if has_heads else _dot_products)(node, query, memory, to)


def _is_causal(node: Block, to: TorchEmitter) -> bool:
    return bool(to.layer(node).arguments["causal"])


def _dot_products(node: Block, query: Code, memory: Code, to: TorchEmitter) -> Code:
    if _is_causal(node, to):
        # Left to itself, the function divides scores by the root of the number of features.
        to.note(Idiom.ATTENTION, node.index, "`scaled_dot_product_attention`")
        return call(_DOT_PRODUCTS, query, memory, memory, scale="1.0", is_causal=True)
    to.note(Idiom.ATTENTION, node.index, "`torch.softmax`")
    # For one head, written out is what takes the least time.
    scores = Binary("@", (query, method(memory, "transpose", 1, 2)))
    weights = Text(to.names.claim("weights"))
    to.assign(weights, call("torch.softmax", scores, dim=-1))
    attended = Binary("@", (weights, memory))
    return enclosed(attended) if node.steps is None else attended


def _heads(node: Block, query: Code, memory: Code, to: TorchEmitter) -> Code:
    # Trap: a mask that is true *hides* a step from `nn.MultiheadAttention`, and *shows* it to
    # `F.scaled_dot_product_attention`.
    keywords = {"attn_mask": _causal_mask(query, memory, to)} if _is_causal(node, to) else {}
    return _run_heads(node, query, memory, keywords, to)


def _run_heads(
    node: Block, query: Code, memory: Code, keywords: dict[str, Code], to: TorchEmitter
) -> Code:
    # The weights are a second result that nobody reads; without them PyTorch takes its fast kernels.
    run = call(to.attribute(node), query, memory, memory, need_weights=False, **keywords)
    to.unpack((Text(node.name), Text("_")), run)
    return Text(node.name)


def _masked_dot_products(
    node: Block, query: Code, memory: Code, mask: Code, to: TorchEmitter
) -> Code:
    """Attention that reads valid steps only; where there are none, it gives zero."""
    to.note(Idiom.ATTENTION, node.index, "`scaled_dot_product_attention`")
    allowed: Code
    if not _is_causal(node, to):
        # What padded steps hold is zero, so that of nothing else is zero as well.
        allowed = Index(call(to.function("some_valid"), mask), ":, None")
        return call(_DOT_PRODUCTS, query, memory, memory, attn_mask=allowed, scale="1.0")
    allowed, empty = _allowed(query, memory, mask, to)
    attended = call(_DOT_PRODUCTS, query, memory, memory, attn_mask=allowed, scale="1.0")
    return method(attended, "masked_fill", empty, 0)


def _masked_heads(node: Block, query: Code, memory: Code, mask: Code, to: TorchEmitter) -> Code:
    """Attention that reads valid steps only; where there are none, its biases are no result: it gives zero."""
    keywords: dict[str, Code]
    if _is_causal(node, to):
        allowed, empty = _allowed(query, memory, mask, to)
        heads = to.size(to.layer(node).size("heads"))
        hidden = Prefix("~", enclosed(allowed))
        # A mask for each head, (batch * heads, query, memory): those of one sample follow each other.
        keywords = {"attn_mask": method(hidden, "repeat_interleave", heads, dim=0)}
    else:
        empty = Prefix("~", Index(method(mask, "any", dim=1), ":, None, None"))
        keywords = {"key_padding_mask": Prefix("~", call(to.function("some_valid"), mask))}
    attended = _run_heads(node, query, memory, keywords, to)
    return method(attended, "masked_fill", empty, 0)


def _allowed(query: Code, memory: Code, mask: Code, to: TorchEmitter) -> tuple[Code, Code]:
    """Which steps of the memory each step of the query may read, and which of these have none.

    A step whose own past is all padding has nothing to attend to.
    """
    # Of three steps, the first of which is padding:
    #     seen 0 0 0      empty 1      The softmax over nothing is nan: that step may read all of the memory here,
    #          0 1 0            0      and what it reads is set to zero.
    #          0 1 1            0
    seen, empty = Text(to.names.claim("seen")), Text(to.names.claim("empty"))
    future = _causal_mask(query, memory, to)
    to.assign(seen, Binary("&", (Index(mask, ":, None"), Prefix("~", future))))
    to.assign(empty, Prefix("~", method(seen, "any", dim=-1, keepdim=True)))
    return Binary("|", (seen, empty)), empty


def _causal_mask(query: Code, memory: Code, to: TorchEmitter) -> Code:
    """What hides the steps of the memory that come after each step of the query."""
    name = Text(to.names.claim("causal_mask"))
    # 0 1 1
    # 0 0 1
    # 0 0 0
    ones = call(
        "torch.ones",
        steps_in(query),
        steps_in(memory),
        dtype="torch.bool",
        device=Attribute(query, "device"),
    )
    return to.assign(name, method(ones, "triu", 1))
