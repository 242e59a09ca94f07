"""an array and an output → what does not fit, as topology: what to draw to get such a target."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Literal, NamedTuple

import networkx as nx

from seqdsl.explain import sketches
from seqdsl.explain.grids import grid_findings
from seqdsl.explain.words import length
from seqdsl.layers import is_recurrent, layer_def
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.explain.arrays import Array
    from seqdsl.ir.graph import Input, Output
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.text.source import Span


Classes = Literal["probabilities", "logits", "nothing"]
"""What the features of an output may be, one for each class: of a softmax, or of a layer without activation."""


class _Case(NamedTuple):
    """A target, an output, and the sequence input from which the output comes.

    Attributes:
        array: the target.
        name: the output's name.
        span: where it is drawn.
        gives: its number of steps; ``None``: it is a vector.
        width: its number of features.
        drawn: the steps of its input as drawn.
        steps: the steps of its input's data; ``None`` if it is no sequence of known length.
        features: the width of its input.
        classes: what it has for each of several classes.
        cell: the recurrent layer nearest to it, as it is written in a picture; empty if there is none.
    """

    array: Array
    name: str
    span: Span
    gives: int | str | None
    width: int | str
    drawn: int | None
    steps: int | None
    features: int
    classes: Classes
    cell: str


def output_findings(
    array: Array, item: Output, spec: ModelSpec, data: Mapping[str, Array]
) -> list[Diagnostic]:
    """What keeps an array from being the target of an output.

    Args:
        array: the target.
        item: the output.
        spec: the model.
        data: the arrays of the inputs, as far as they are known: the suggested pictures have their lengths and widths.
    """
    if spec.blocks[item.block].grid:
        return grid_findings(array, item, spec, "target")
    case = _case(array, item, spec, data)
    return _sequence(case) if case.gives is not None else _vector(case)


def _case(array: Array, item: Output, spec: ModelSpec, data: Mapping[str, Array]) -> _Case:
    block = spec.blocks[item.block]
    inputs = {given.name: given for given in spec.inputs}
    from_ = [inputs[pair.input] for pair in spec.pairs if pair.output == item.name]
    before = [lengths for given in from_ if (lengths := _before(given, spec, data)) is not None]
    drawn, steps, features = before[0] if before else (None, None, 1)
    return _Case(
        array,
        item.name,
        block.span,
        None if block.steps is None else length(spec, block.steps),
        length(spec, block.features),
        drawn,
        steps,
        features,
        _classes(block),
        _cell(spec, item.block),
    )


def _cell(spec: ModelSpec, output: int) -> str:
    """The recurrent layer nearest below an output, with its units as a number: sketches have no parameters of it."""
    below = nx.ancestors(spec.graph, output) | {output}
    for index in sorted(below, reverse=True):
        layer = spec.blocks[index].layer
        if layer is not None and is_recurrent(layer.kind):
            units = length(spec, layer.units)
            return f"{layer.kind}({units})" if isinstance(units, int) else ""
    return ""


def _classes(block: Block) -> Classes:
    if block.layer is None:
        return "nothing"
    activation = block.layer.arguments.get("activation")
    if activation in ("softmax", "log_softmax"):
        return "probabilities"
    is_linear = layer_def(block.kind).is_affine and activation in (None, "linear")
    return "logits" if is_linear and block.features.constant != 1 else "nothing"


def class_ids(array: Array, item: Output, spec: ModelSpec) -> str | None:
    """That an array is read as ids of classes, if it is: it lacks the axis on which the output has their logits."""
    block = spec.blocks[item.block]
    if len(array.axes) != 1 + (block.steps is not None) or _classes(block) != "logits":
        return None
    width = length(spec, block.features)
    # PyTorch wants the classes on the second axis.
    torch = "nn.CrossEntropyLoss" if block.steps is None else "nn.CrossEntropyLoss` of `y.mT"
    return (
        f"the target of `{item.name}`, {array}, fits as ids of {width} classes: use a loss that takes ids and logits "
        f"(`SparseCategoricalCrossentropy(from_logits=True)`, `{torch}`)"
    )


def _before(
    item: Input, spec: ModelSpec, data: Mapping[str, Array]
) -> tuple[int | None, int, int] | None:
    """A sequence input's steps as drawn, the steps and features of its data; ``None`` if its length is not known."""
    source = spec.blocks[item.block]
    if source.steps is None:
        return None
    # `X X X` drawn for data of (100, 20, 8): 3 steps as drawn, 20 in the data. Where there is no data, the picture's.
    number = length(spec, source.steps)
    drawn = number if isinstance(number, int) else None
    width = length(spec, item.shape[-1]) if item.vocabulary is None else 1
    axes = data[item.name].axes[1:] if item.name in data else ()
    steps = axes[0] if axes and axes[0] is not None else drawn
    features = axes[1] if len(axes) == 2 and axes[1] is not None else width
    return None if steps is None else (drawn, steps, features if isinstance(features, int) else 1)


def _sequence(case: _Case) -> list[Diagnostic]:
    # (100, 3, 5) for 3 steps of 5 features: compared axis by axis. (100, 3) is that without its last axis: a single
    # feature, or the ids of 5 classes. (100,) and (100, 5) are one value for each sample.
    axes = case.array.axes[1:]
    if len(axes) == 2:
        return _steps(case, axes[0]) + _width(case, axes[1])
    if len(axes) == 1 and _same(axes[0], case.gives) and case.gives != 1:
        if case.width == 1:
            return [_axis(case, "[..., None]")]
        if case.classes == "probabilities":
            return [_ids(case)]
        if case.classes == "logits":
            return []
    if len(axes) < 2:
        return [_one_for_all(case, axes)]
    return [_grid(case)]


def _vector(case: _Case) -> list[Diagnostic]:
    # (100, 5) for a vector of 5 features. (100,) lacks its axis, or holds ids of classes; (100, 20, 5) has steps.
    axes = case.array.axes[1:]
    if not axes:
        if case.width == 1:
            return [_axis(case, "[:, None]")]
        if case.classes == "logits":
            return []
        return [_ids(case)] if case.classes == "probabilities" else _width(case, 1)
    if len(axes) == 1:
        if case.classes == "probabilities" and axes[0] == 1 and case.width != 1:
            return [_ids(case, "drop the last axis: ")]
        return _width(case, axes[0])
    if len(axes) == 2:
        return [_one_of_many(case, axes[0], axes[1])]
    return [_grid(case)]


def _same(one: int | None, other: int | str | None) -> bool:
    return one is None or not isinstance(other, int) or one == other


def _width(case: _Case, width: int | None) -> list[Diagnostic]:
    if _same(width, case.width):
        return []
    message = f"the target of `{case.name}`, {case.array}, has {width} features; the model returns {case.width}"
    hint = f"set the output's width: `dense({width})`"
    if width == 1 and case.classes == "logits":
        index = "[..., 0]" if case.gives is not None else "[:, 0]"
        hint += f"; or, if these are ids of {case.width} classes, drop the last axis: `y{index}`"
    return [Diagnostic("SEQ510", message, case.span, hint)]


def _steps(case: _Case, count: int | None) -> list[Diagnostic]:
    follows = count == case.steps and case.gives == case.drawn
    if _same(count, case.gives) or count is None or follows:
        # If the input gets the steps of its data, so does an output that has as many as the input.
        return []
    width = case.array.axes[-1] or 1
    message = f"the target of `{case.name}`, {case.array}, has {count} steps; the model returns {case.gives}"
    return [Diagnostic("SEQ507", message, case.span, _drawn(case, count, width))]


def _drawn(case: _Case, count: int, width: int) -> str:
    """What to draw to get ``count`` steps out of those that go in."""
    steps, features = case.steps, case.features
    if steps is None or steps < 2 or count < 2:
        return f"draw {count} nodes in the output's row, and in the recurrent row below it"
    # A target of as many steps as go in: aligned. Of fewer: last N. Of more: padded. Any number: encoder-decoder.
    ways: list[tuple[str, str | None]] = []
    if count == steps:
        ways.append(
            (
                "for a value at each step (aligned) draw",
                sketches.aligned(steps, features, width, case.cell),
            )
        )
    elif count < steps:
        title = f"for the last {count} of the {steps} steps (last N) draw"
        ways.append((title, sketches.last(steps, count, features, width, case.cell)))
    else:
        title = (
            f"to let the row run on for {count - steps} steps after the last input (padded) draw"
        )
        ways.append((title, sketches.padded(steps, count, features, width, case.cell)))
    if count != steps:
        title = "to encode the whole input and decode it step by step (encoder-decoder), draw"
        ways.append((title, sketches.encoder_decoder(steps, count, features, width, case.cell)))
    shown = [(title, text) for title, text in ways if text is not None]
    return "\n\n".join(f"{title}:\n\n{_block(text)}" for title, text in shown)


def _block(text: str) -> str:
    return textwrap.indent(text, "  ")


def _one_for_all(case: _Case, axes: tuple[int | None, ...]) -> Diagnostic:
    width = (axes[0] if axes else 1) or 1
    message = (
        f"the target of `{case.name}`, {case.array}, is one value for each sample; the model returns "
        f"{case.gives} steps"
    )
    hint = "wire the last step only (many-to-one)"
    if case.steps is not None and case.steps > 1:
        hint += f":\n\n{_block(sketches.one(case.steps, case.features, width, case.cell))}"
    return Diagnostic("SEQ508", message, case.span, hint)


def _one_of_many(case: _Case, count: int | None, width: int | None) -> Diagnostic:
    message = (
        f"the target of `{case.name}`, {case.array}, has {count} steps; "
        "the model returns one value for each sample"
    )
    if count == 1:
        hint = f"drop the axis of one step: `y[:, 0]`, or draw `{case.name.upper()[:1]} ..n..` with `n = 1`"
        return Diagnostic("SEQ509", message, case.span, hint)
    hint = _drawn(case, count or 2, width or 1)
    # A vector of 20 features, a target of (100, 4, 5): the same numbers, cut into steps.
    if count and width and count * width == case.width:
        hint += (
            f"\nor divide the {case.width} features into {count} steps: "
            f"a row of {count} nodes `split` above a bus"
        )
    return Diagnostic("SEQ509", message, case.span, hint)


def _axis(case: _Case, index: str) -> Diagnostic:
    message = (
        f"the target of `{case.name}`, {case.array}, lacks the last axis: the model returns "
        f"{'(samples, 1)' if case.gives is None else '(samples, steps, 1)'}"
    )
    return Diagnostic("SEQ511", message, case.span, f"add one: `y{index}`")


def _ids(case: _Case, first: str = "") -> Diagnostic:
    message = f"the target of `{case.name}`, {case.array}, holds ids of {case.width} classes, not their probabilities"
    hint = (
        f"{first}use a loss that takes ids (`sparse_categorical_crossentropy`; `nn.CrossEntropyLoss`, "
        "of the model that `generate --logits` writes), "
        f"or one-hot targets with {case.width} features"
    )
    return Diagnostic("SEQ512", message, case.span, hint)


def _grid(case: _Case) -> Diagnostic:
    message = f"the target of `{case.name}`, {case.array}, has {len(case.array.axes)} axes; at most 3 can be drawn"
    return Diagnostic(
        "SEQ507", message, case.span, "flatten all axes after the steps into features"
    )
