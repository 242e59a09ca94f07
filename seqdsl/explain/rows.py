"""blocks → sentences: which layer each row is, over what, and what comes out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.seen import each_step, seen, seen_block
from seqdsl.explain.words import counted, features, label, length, listed, steps
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Reduce, StateMode, ValueState
from seqdsl.model.layers import COMBINE, SOURCES

if TYPE_CHECKING:
    from seqdsl.ir.graph import Input
    from seqdsl.ir.operations import InitialState, Scan
    from seqdsl.ir.size import Size
    from seqdsl.model.spec import Block, ModelSpec

_CELLS = {"lstm": "an LSTM", "gru": "a GRU", "rnn": "a simple recurrent cell"}
_WAYS = {
    Direction.FORWARD: "from left to right",
    Direction.BACKWARD: "from right to left",
    Direction.BIDIRECTIONAL: "in both directions",
}
_COMBINED = {"add": "the sum", "multiply": "the product", "mean": "the mean", "max": "the maximum"}
_STEPWISE = {
    "layernorm": "normalizes each step's features",
    "batchnorm": "normalizes each feature over the batch",
    "output": "hands on what it sees",
    "concat": "puts what it sees side by side",
}


def input_sentence(item: Input, spec: ModelSpec) -> str:
    """What an input is."""
    block = spec.blocks[item.block]
    if item.vocabulary is not None:
        ids = f"ids from 0 to {length(spec, item.vocabulary - 1)}"
        what = (
            f"one token, {ids}"
            if not item.shape
            else f"{steps(spec, item.shape[0])} of tokens, {ids}"
        )
    elif block.steps is None:
        what = f"a vector of {features(spec, block.features)}"
    else:
        what = f"a sequence of {steps(spec, block.steps)} with {features(spec, block.features)} at each"
    where = " at its end" if block.masking.at_end else ""
    padding = f"; steps of zeros{where} are padding" if block.masking.begins else ""
    return f"Input `{item.name}` is {label(spec, block)}: {what}{padding}."


def row_sentence(block: Block, spec: ModelSpec) -> str:
    """What a row does with what it sees."""
    name = f" (`{block.layer.name}`)" if block.layer is not None else ""
    return f"{_capital(label(spec, block))}{name} {_deed(block, spec)}."


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _deed(block: Block, spec: ModelSpec) -> str:
    if block.scan is not None:
        return _recurrent(block, block.scan, spec)
    if block.kind in COMBINE:
        return _combined(block, spec)
    sees = " beside ".join(seen(view, spec) for view in block.views)
    if block.kind == "attention":
        return _attention(block, spec)
    if block.kind == "dense":
        return (
            f"is a dense layer of {_units(block, spec)}{_activation(block)}{_applied(block, spec)}"
        )
    if block.kind == "conv":
        return _convolution(block, spec, sees)
    if block.kind == "embedding":
        return f"looks up a vector of {features(spec, block.features)} for each id of {sees}"
    if block.kind == "split":
        return f"cuts {sees} into {steps(spec, block.steps)}" if block.steps else f"hands on {sees}"
    if block.kind == "dropout":
        assert block.layer is not None
        rate = block.layer.arguments["rate"]
        return f"drops features at a rate of {rate} in training{_applied(block, spec)}"
    if block.kind == "activation":
        assert block.layer is not None
        return f"applies `{block.layer.arguments['activation']}`{_applied(block, spec)}"
    return f"{_STEPWISE[block.kind]}{_normal(block)}: {sees}"


def _normal(block: Block) -> str:
    """What a picture says of a normalization: `` (epsilon 0.001, momentum 0.99)``."""
    given = {} if block.layer is None else block.layer.arguments
    parts = [
        f"{name} {_quoted(given[name])}"
        for name in ("epsilon", "momentum")
        if given.get(name) is not None
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _quoted(value: object) -> str:
    """A number, or the parameter that gives it."""
    return f"`{value}`" if isinstance(value, str) else f"{value:g}"


def _units(block: Block, spec: ModelSpec) -> str:
    assert block.layer is not None
    size = block.layer.units
    named = f" (`{size}`)" if size.names & {item.name for item in spec.parameters} else ""
    return f"{counted(length(spec, size), 'unit')}{named}"


def _activation(block: Block) -> str:
    assert block.layer is not None
    word = block.layer.arguments.get("activation")
    return f" with `{word}`" if word not in (None, "linear") else ""


def _applied(block: Block, spec: ModelSpec) -> str:
    """What a layer without a memory reads: a vector, or one step at a time of a sequence."""
    if block.steps is None:
        return f"; it sees {' beside '.join(seen(view, spec) for view in block.views)}"
    return f", applied at {' beside '.join(each_step(view, spec) for view in block.views)}"


def _recurrent(block: Block, scan: Scan, spec: ModelSpec) -> str:
    way = _WAYS[scan.direction]
    run = f"over {steps(spec, block.steps)} {way}" if block.steps is not None else "over one step"
    sees = " beside ".join(seen(view, spec) for view in block.views)
    cell = f"{_CELLS[block.kind]} of {_units(block, spec)}"
    return f"is {cell} that runs {run}; it sees {sees}{_initial(scan.initial, spec)}"


def _initial(initial: InitialState | None, spec: ModelSpec) -> str:
    if initial is None:
        return ""
    if isinstance(initial, ValueState):
        return f"; its first state is {seen(initial.value, spec)}"
    giver = label(spec, spec.blocks[initial.source])
    how = {
        StateMode.JOINED: " (the states of both directions, side by side)",
        StateMode.FORWARD: " (its forward direction; the other begins at zero)",
    }.get(initial.mode, "")
    return f"; it begins with the state in which {giver} ended{how}"


def _combined(block: Block, spec: ModelSpec) -> str:
    sees = listed([seen(view, spec) for view in block.views])
    if isinstance(block.operation, Reduce):
        repeat = "" if block.operation.repeat is None else ", the same at every step"
        return f"is {_COMBINED[block.kind]} over time of {sees}{repeat}"
    return f"is {_COMBINED[block.kind]}, element by element, of {sees}"


def _attention(block: Block, spec: ModelSpec) -> str:
    query, memory = block.views[0], block.views[1]
    assert block.layer is not None
    heads = block.layer.arguments.get("heads")
    kind = (
        f"with {_named(block.layer.size('heads'), spec)} heads"
        if heads is not None
        else "by plain dot products"
    )
    causal = ", no step to later ones" if block.layer.arguments.get("causal") else ""
    return f"attends {kind} from {seen(query, spec)} to {seen(memory, spec)}{causal}"


def _convolution(block: Block, spec: ModelSpec, sees: str) -> str:
    assert block.layer is not None
    arguments = block.layer.arguments
    apart = block.layer.size("dilation")
    gap = "" if apart.constant == 1 else f", {_named(apart, spec)} steps apart"
    stride = arguments.get("stride")
    moved = f", moved on by {stride}" if str(stride) not in ("1", "None") else ""
    kernel = block.layer.size("kernel")
    named = f" (`{kernel}`)" if kernel.names else ""
    view = block.views[0]
    of = seen_block(view, spec) if isinstance(view, Value) else sees
    window = f"a window of {steps(spec, kernel)}{named} of {of}{gap}{moved}"
    return (
        f"is a convolution of {counted(length(spec, block.layer.units), 'filter')}{_activation(block)} "
        f"over {window}"
    )


def _named(size: Size, spec: ModelSpec) -> str:
    """A number, with the parameters that set it."""
    return f"{length(spec, size)} (`{size}`)" if size.names else str(size)


def rows(spec: ModelSpec) -> list[str]:
    """A sentence for every input and every row, in the order of the data's way."""
    return [input_sentence(item, spec) for item in spec.inputs] + [
        row_sentence(spec.blocks[index], spec)
        for index in spec.order
        if spec.blocks[index].kind not in SOURCES
    ]
