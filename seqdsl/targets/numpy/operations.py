"""operations → numpy: a table with a function for each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import ConcatFeatures, Elementwise, Repeat, Value, walk
from seqdsl.ir.operations import (
    Apply,
    Attend,
    Combination,
    Convolve,
    Identity,
    Merge,
    Padding,
    Placeholder,
    Reduce,
    Scan,
    Split,
)
from seqdsl.layers import Family, family_of, layer_def
from seqdsl.targets.code import Binary, Code, Index, Text, call, code, flat, method
from seqdsl.targets.code.expressions import operand
from seqdsl.targets.numpy.emitter import Emitter, attribute
from seqdsl.targets.numpy.expressions import elementwise, emit, emit_ids, emit_mask, pad
from seqdsl.targets.numpy.scan import scan

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Layer, Node


def operation(node: Node, to: Emitter) -> None:
    """Write the statements of a node."""
    _TABLE[type(node.operation)](node, node.operation, to)


def _placeholder(node: Node, placeholder: Placeholder, to: Emitter) -> None:
    """Arguments become arrays; the mask of an input begins here, that of tokens at their embedding."""
    value = to.values[node.index]
    dtype = "int" if layer_def(node.kind).gives_ids else "self.dtype"
    to.assign(flat(value), call("np.asarray", value, dtype))
    if node.masking.begins:
        mask = to.assign(to.names.claim("mask"), f"({flat(value)} != 0).any(axis=-1)")
        to.masks[node.index] = mask
        _check_padding(node, mask, to)


def _check_padding(node: Node, mask: Code, to: Emitter) -> None:
    if node.padding is Padding.END:
        to.run(call(to.function("check_padding"), mask))


def _identity(node: Node, identity: Identity, to: Emitter) -> None:
    """A name for what is read; it is zero in padded steps where not all of it is zero already."""
    value = emit(identity.operand, to)
    to.values[node.index] = to.assign(to.variable(node), value) if node.given else value
    mask = _named_mask(node, to)
    if mask is not None and not _is_zero_where_padded(identity.operand, to):
        to.values[node.index] = to.assign(to.variable(node), zeroed(to.values[node.index], mask))


def _is_zero_where_padded(expression: Expression, to: Emitter) -> bool:
    if isinstance(expression, ConcatFeatures):
        return all(_is_zero_where_padded(part, to) for part in expression.parts)
    values = (item.block for item in walk(expression) if isinstance(item, Value))
    return not isinstance(expression, Repeat) and all(block in to.masks for block in values)


def zeroed(value: Code, mask: Code) -> Code:
    """A value whose padded steps are zero."""
    return call("np.where", f"{flat(operand(mask))}[..., None]", value, 0)


def _named_mask(node: Node, to: Emitter) -> Code | None:
    """What tells a node's valid steps, under a name of its own if it is made of several masks."""
    mask = emit_mask(node.masks, to)
    if mask is None:
        return None
    to.masks[node.index] = to.name(f"{node.name}_mask", mask)
    return to.masks[node.index]


def _computed(node: Node, value: Code, to: Emitter) -> None:
    """Write a node's value; padded steps give zeros."""
    to.values[node.index] = to.assign(to.variable(node), value)
    mask = to.masks.get(node.index) or _named_mask(node, to)
    if mask is not None and not _stays_zero(node, mask, to):
        to.assign(to.variable(node), zeroed(Text(to.variable(node)), mask))


def _stays_zero(node: Node, mask: Code, to: Emitter) -> bool:
    """Whether a node gives zero in its padded steps by itself: all that it reads is zero there."""
    if not layer_def(node.kind).keeps_zero:
        return False
    parts = (
        part
        for view in node.views
        for part in (view.parts if isinstance(view, ConcatFeatures | Elementwise) else (view,))
    )
    zero = (isinstance(part, Value) and to.masks.get(part.block) == mask for part in parts)
    # A product is zero if one of its factors is.
    return any(zero) if _multiplies(node) else all(zero)


def _multiplies(node: Node) -> bool:
    operation = node.operation
    return isinstance(operation, Merge | Reduce) and operation.how is Combination.MULTIPLY


def _apply(node: Node, apply: Apply, to: Emitter) -> None:
    if family_of(node.kind) is Family.LOOKUP:
        _embedding(node, apply, to)
        return
    value = emit(apply.operand, to)
    _computed(node, _STEPWISE.get(node.kind, _by_name)(node, value, to), to)


def _embedding(node: Node, apply: Apply, to: Emitter) -> None:
    """A look-up; where padding is told from data, id 0 is padding."""
    ids = emit_ids(apply.operand, to)
    if node.masking.begins:
        to.masks[node.index] = to.assign(to.names.claim("mask"), f"{flat(operand(ids))} != 0")
        for item in walk(apply.operand):
            if isinstance(item, Value):
                _check_padding(to.graph.nodes[item.block], _token_mask(item, node, to), to)
    to.weights(node)
    table = Index(Text(to.held), f'"{to.layer(node).name}.weight"')
    _computed(node, Index(table, flat(ids)), to)


def _token_mask(tokens: Value, node: Node, to: Emitter) -> Code:
    whole = node.views == (tokens,)
    return to.masks[node.index] if whole else code(f"{flat(to.values[tokens.block])} != 0")


def activated(name: object, value: Code, to: Emitter) -> Code:
    """A value behind an activation."""
    if name in (None, "linear"):
        return value
    return call(activation(str(name), to), value)


def activation(name: str, to: Emitter) -> str:
    """The function of an activation."""
    return "np.tanh" if name == "tanh" else to.function(name)


def _dense(node: Node, value: Code, to: Emitter) -> Code:
    affine = call(to.function("linear"), value, *to.weights(node))
    return activated(to.layer(node).arguments.get("activation"), affine, to)


def _normalization(function: str) -> Callable[[Node, Code, Emitter], Code]:
    def normalized(node: Node, value: Code, to: Emitter) -> Code:
        epsilon = to.layer(node).arguments.get("epsilon")
        keywords = {} if epsilon is None else {"epsilon": _number(epsilon, to)}
        return call(to.function(function), value, *to.weights(node), **keywords)

    return normalized


def _by_name(node: Node, value: Code, to: Emitter) -> Code:
    """A layer that stands in no table is a function of its name; its settings are keywords."""
    given = to.layer(node).arguments
    keywords = {
        item.name: _number(given[item.name], to)
        for item in layer_def(node.kind).settings
        if given.get(item.name) is not None
    }
    return call(to.function(node.kind), value, *to.weights(node), **keywords)


def _number(value: object, to: Emitter) -> str:
    """A number, or the parameter that gives it."""
    return attribute(value) if isinstance(value, str) else str(value)


_STEPWISE: dict[str, Callable[[Node, Code, Emitter], Code]] = {
    "activation": lambda node, value, to: activated(
        to.layer(node).arguments["activation"], value, to
    ),
    "batchnorm": _normalization("batch_norm"),
    "dense": _dense,
    # Nothing is dropped outside of training.
    "dropout": lambda node, value, to: value,
    "layernorm": _normalization("layer_norm"),
}


def _convolve(node: Node, convolve: Convolve, to: Emitter) -> None:
    layer = to.layer(node)
    value = _padded(emit(convolve.operand, to), convolve, to)
    keywords: dict[str, object] = {}
    if layer.arguments.get("stride") not in (None, 1):
        keywords["stride"] = layer.arguments["stride"]
    if str(dilation := layer.size("dilation")) != "1":
        keywords["dilation"] = to.size(dilation)
    windows = call(to.function("conv"), value, *to.weights(node), **keywords)
    result = activated(layer.arguments.get("activation"), windows, to)
    if convolve.kept is None:
        _computed(node, result, to)
        return
    to.values[node.index] = to.assign(to.variable(node), result)
    kept = emit(convolve.kept, to)
    # What was cut out of the whole is no part of what is kept.
    to.forget(node.index)
    _computed(node, kept, to)


def _padded(value: Code, convolve: Convolve, to: Emitter) -> Code:
    """What a convolution reads: zero steps around it, or some of its own cut off."""
    before, after = convolve.before, convolve.after
    if (low := before.constant) is not None and low < 0:
        value, before = Index(operand(value), f":, {-low}:"), before - before
    if (high := after.constant) is not None and high < 0:
        value, after = Index(operand(value), f":, :{high}"), after - after
    if not before.terms and not after.terms:
        return value
    return to.name("padded", pad(value, before, after, to))


def _attend(node: Node, attend: Attend, to: Emitter) -> None:
    layer = to.layer(node)
    query, memory = emit(attend.query, to), emit(attend.memory, to)
    if node.steps is None:
        query = Index(operand(query), ":, None")
    keywords = _attention_mask(layer, attend, query, memory, to)
    if layer.arguments["heads"] is None:
        text: Code = call(to.function("attend"), query, memory, memory, **keywords)
    else:
        heads = to.size(layer.size("heads"))
        function = to.function("multi_head")
        text = call(function, query, memory, *to.weights(node), heads, **keywords)
    _computed(node, Index(text, ":, 0") if node.steps is None else text, to)


def _attention_mask(
    layer: Layer, attend: Attend, query: Code, memory: Code, to: Emitter
) -> dict[str, object]:
    """Which steps of the memory each step of the query may attend to: (batch, queries, steps)."""
    mask = emit_mask(attend.memory_masks, to)
    valid = None if mask is None else Index(operand(mask), ":, None")
    if layer.arguments["causal"] is not True:
        return {} if valid is None else {"mask": valid}
    sizes = (f"{flat(operand(item))}.shape[1]" for item in (query, memory))
    past = call("np.tri", *sizes, dtype="bool")
    return {"mask": past if valid is None else Binary("&", (valid, past))}


def _reduce(node: Node, reduce: Reduce, to: Emitter) -> None:
    value = _reduced(reduce, emit(reduce.operand, to), emit_mask(reduce.memory_masks, to), to)
    if reduce.repeat is not None:
        count = (
            to.size(reduce.repeat)
            if reduce.like is None
            else f"{flat(operand(emit(reduce.like, to)))}.shape[1]"
        )
        value = call("np.repeat", Index(operand(value), ":, None"), count, axis=1)
    _computed(node, value, to)


_REDUCTIONS = {
    Combination.ADD: "sum",
    Combination.MULTIPLY: "prod",
    Combination.MEAN: "mean",
    Combination.MAX: "max",
}


def _reduced(reduce: Reduce, value: Code, mask: Code | None, to: Emitter) -> Code:
    """All steps as one; padded steps, which are zero, take no part."""
    how = _REDUCTIONS[reduce.how]
    if mask is None or reduce.how is Combination.ADD:
        return method(value, how, axis=1)
    if reduce.how is Combination.MEAN:
        counts = method(mask, "sum", axis=1, keepdims=True, dtype="self.dtype")
        return Binary("/", (method(value, "sum", axis=1), call("np.maximum", counts, 1)))
    neutral = "-np.inf" if reduce.how is Combination.MAX else "1"
    valid = Index(call(to.function("some_valid"), mask), "..., None")
    return method(call("np.where", valid, value, neutral), how, axis=1)


def _merge(node: Node, merge: Merge, to: Emitter) -> None:
    _computed(node, elementwise(merge.how.value, [emit(part, to) for part in merge.operands]), to)


def _split(node: Node, split: Split, to: Emitter) -> None:
    value = emit(split.operand, to)
    if split.parts is not None:
        shape = (f"len({flat(value)})", to.size(split.parts), -1)
        value = method(value, "reshape", *shape)
    _computed(node, value, to)


_TABLE: dict[type, Callable[[Node, Any, Emitter], None]] = {
    Apply: _apply,
    Attend: _attend,
    Convolve: _convolve,
    Identity: _identity,
    Merge: _merge,
    Placeholder: _placeholder,
    Reduce: _reduce,
    Scan: scan,
    Split: _split,
}
