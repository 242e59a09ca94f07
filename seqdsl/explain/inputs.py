"""an array and an input → what does not fit, and what to draw or to do instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.explain.grids import axes_fit, grid_findings
from seqdsl.explain.words import length, shape
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.explain.arrays import Array
    from seqdsl.ir.graph import Input
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.text.source import Span

_KINDS = {
    1: "(samples,): one number for each sample",
    2: "(samples, features)",
    3: "(samples, steps, features)",
}


def input_findings(array: Array, item: Input, spec: ModelSpec) -> list[Diagnostic]:
    """What keeps an array from being fed to an input."""
    span = spec.blocks[item.block].span
    expected = [length(spec, size) for size in item.shape]
    given = list(array.axes[1:])
    if spec.blocks[item.block].grid:
        return grid_findings(array, item, spec) or _steps_of_grids(array, item, span, spec)
    if len(given) != len(expected):
        return [_axes(array, item, span, spec)]
    if axes_fit(given, expected):
        return []
    # (100, 8, 3) for 3 steps of 8 features: fits if its two axes are swapped.
    if len(given) == 2 and axes_fit(given[::-1], expected):
        return [_channels(array, item, span)]
    return _sizes(array, item, spec)


def _sizes(array: Array, item: Input, spec: ModelSpec) -> list[Diagnostic]:
    """The findings for other features and another number of steps than the picture has."""
    span, given = spec.blocks[item.block].span, array.axes[1:]
    expected = [length(spec, size) for size in item.shape]
    findings = []
    if item.vocabulary is None and not axes_fit(given[-1:], expected[-1:]):
        findings.append(_features(array, item, span, expected[-1]))
    has_steps = spec.blocks[item.block].steps is not None
    if has_steps and not axes_fit(given[:1], expected[:1]):
        findings.append(_steps(array, item, span, spec))
    return findings


def _steps_of_grids(array: Array, item: Input, span: Span, spec: ModelSpec) -> list[Diagnostic]:
    """The finding for another number of steps than the picture has, where all else fits."""
    if spec.blocks[item.block].steps is None:
        return []
    drawn = length(spec, item.shape[0])
    return [] if axes_fit(array.axes[1:2], [drawn]) else [_steps(array, item, span, spec)]


def _axes(array: Array, item: Input, span: Span, spec: ModelSpec) -> Diagnostic:
    block = spec.blocks[item.block]
    wanted = (
        "tokens (samples, steps)" if item.vocabulary is not None else _KINDS[1 + len(item.shape)]
    )
    if item.vocabulary is not None and block.steps is None:
        wanted = "tokens (samples,)"
    message = (
        f"the data of `{item.name}` has {len(array.axes)} axes, {array}; "
        f"the picture takes {wanted}: {shape(spec, item.shape)} for each sample"
    )
    return Diagnostic("SEQ503", message, span, _axes_hint(array, item, block, spec))


def _axes_hint(array: Array, item: Input, block: Block, spec: ModelSpec) -> str:
    given = array.axes[1:]
    letter = block.letter
    if item.vocabulary is not None:
        if given and given[-1] == 1:
            return f"drop the last axis: `{item.name}[..., 0]`"
        return (
            f"one-hot vectors are not token ids: take `{item.name}.argmax(-1)`, "
            f"or draw `{letter}` as `input({given[-1] if given else 1})`"
        )
    if block.steps is None:
        if not given:
            return f"add an axis of features: `{item.name}[:, None]`"
        row = _row(letter, given[0])
        return f"the data has steps: draw a node for each, with wires above\n{row}   input({given[-1]})"
    if len(given) == 1:
        steps = length(spec, block.steps)
        count = "" if given[0] in (steps, None) else f", and draw {given[0]} nodes"
        reshaped = f"if these are steps of one number each, add an axis: `{item.name}[..., None]`"
        return (
            f"{reshaped}, `{letter}` = `input(1)`{count}\n"
            f"if these are {given[0]} features without time, draw one node:\n\n{letter}   input({given[0]})"
        )
    if not given:
        return f"one number per sample is not a sequence: draw one node\n\n{letter}   input(1)"
    return "inputs with more than three axes are not supported: flatten all axes after the steps into features"


def _row(letter: str, steps: int | None) -> str:
    # "X X X" for three steps, "X ..n.. X" for twenty
    if steps is not None and 1 < steps <= 12:
        return "\n" + " ".join(letter * steps)
    return f"\n{letter} ..n.. {letter}"


def _channels(array: Array, item: Input, span: Span) -> Diagnostic:
    message = f"the data of `{item.name}`, {array}, has its features before its steps"
    hint = (
        f"transpose it: `{item.name}.transpose(0, 2, 1)` in NumPy, `{item.name}.transpose(1, 2)` in PyTorch; "
        f"or, if {array.axes[1]} really are steps, draw {array.axes[1]} nodes of `input({array.axes[2]})`"
    )
    return Diagnostic("SEQ506", message, span, hint)


def _features(array: Array, item: Input, span: Span, expected: int | str) -> Diagnostic:
    width = array.axes[-1]
    message = (
        f"the data of `{item.name}`, {array}, has {width} features; the picture takes {expected}"
    )
    return Diagnostic("SEQ504", message, span, f"set the width: `input({width})`")


def _steps(array: Array, item: Input, span: Span, spec: ModelSpec) -> Diagnostic:
    block = spec.blocks[item.block]
    assert block.steps is not None
    drawn, given = length(spec, block.steps), array.axes[1]
    message = f"the data of `{item.name}`, {array}, has {given} steps; the picture has {drawn}"
    row = _row(block.letter, given)
    if ".." in row:
        how = f"draw an ellipsis, with a line `n = {given}` (without it, any length is accepted)"
    else:
        how = f"draw {given} nodes (or `{block.letter} ..n.. {block.letter}` for any number)"
    hint = f"{how}, and the rows above in the same way:\n{row}"
    # `H = lstm(20)` for 20 steps: somebody may take the units for the number of steps, so the layer is shown, too.
    units = [
        other
        for other in spec.blocks
        if other.scan is not None
        and other.layer is not None
        and other.layer.units.constant == given
    ]
    related = tuple(
        (other.span, f"its {given} units are its output features, not the number of steps")
        for other in units[:1]
    )
    return Diagnostic("SEQ505", message, span, hint, related)
