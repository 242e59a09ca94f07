"""compiled picture → warnings about sizes and activations that undo a layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Apply
from seqdsl.layers import layer_def
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.text.source import Span

_NORMALIZING = ("softmax", "log_softmax")
_LINEAR = (None, "linear")


def idle_softmax(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A softmax over a single unit is always 1 (its logarithm always 0)."""
    reported = set()
    for block in spec.blocks:
        if block.layer is None or id(block.layer) in reported:
            continue
        # Blocks of one letter share their layer: it is reported once.
        reported.add(id(block.layer))
        # exp(x) / exp(x) = 1, and log(1) = 0
        activation = block.layer.arguments.get("activation")
        if activation in _NORMALIZING and drawing.resolved(block.layer.units) == 1:
            always = "1" if activation == "softmax" else "0"
            yield Diagnostic(
                "SEQ405",
                f"a `{activation}` over one unit is always {always}",
                _call_span(block, drawing),
                "for two classes use `sigmoid` with 1 unit or `softmax` with 2; for a number use no activation",
            )


def classified_places(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A class for each place of an image that a model gives: usually `flatten` is missing."""
    # Y   dense(10, softmax)      14 x 14 x 8 gives 14 x 14 x 10, and not 10
    # |
    # C   conv2d(8, 3, relu)
    reported = set()
    for block in (spec.blocks[output.block] for output in spec.outputs):
        settings = drawing.settings[block.index]
        is_choice = (
            settings.call is not None and settings.arguments.get("activation") in _NORMALIZING
        )
        # Of a grid of one axis, such as the words of a sentence, each place often has a class.
        if not (_is_affine(block) and is_choice and len(block.grid) == 2):
            continue
        span = _call_span(block, drawing)
        if span in reported:
            continue
        reported.add(span)
        sides = "×".join(str(drawing.resolved(side)) for side in block.grid)
        units, activation = settings.arguments["units"], settings.arguments["activation"]
        yield Diagnostic(
            "SEQ416",
            f"`{_shown(block)}` gives a class for each of {sides} places, and none for the whole image",
            span,
            "put a row `flatten`, `mean(grid)` or `max(grid)` below it; if each place has a class, write "
            f"`conv2d({units}, 1, {activation})`",
        )


def _is_linear(block: Block, settings: Settings) -> bool:
    """Whether a layer is written as a dense one without an activation; one by default may be meant to have one."""
    is_written = _is_affine(block) and settings.call is not None
    return is_written and settings.arguments.get("activation") in _LINEAR


def linear_stacks(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A dense layer without an activation that only dense layers read: two affine maps are one."""
    outputs = {output.block for output in spec.outputs}
    for block in spec.blocks:
        settings = drawing.settings[block.index]
        if block.index in outputs or not _is_linear(block, settings):
            continue
        # V (W x + b) + c = (V W) x + (V b + c): if all that reads a block is affine, one map computes both.
        above = [spec.blocks[index] for index in spec.graph.successors(block.index)]
        if above and all(map(_is_affine, above)):
            yield Diagnostic(
                "SEQ408",
                f"`{_shown(block)}` has no activation, and `{above[0].kind}` reads it: "
                "together they compute no more than one layer could",
                _call_span(block, drawing),
                f"add one, such as `{settings.kind}({settings.arguments['units']}, relu)`, or remove the "
                "layer",
                ((above[0].span, "read here"),),
            )


def _is_affine(block: Block) -> bool:
    """Whether a block is an affine map of each step, with a matrix of its own."""
    # No other layer computes what a tied one does behind a projection: its matrix is an embedding's. Windows over a
    # grid add up to larger ones, which have more weights.
    is_tied = block.layer is not None and bool(block.layer.tied)
    definition = layer_def(block.kind)
    is_step = isinstance(block.operation, Apply) and definition.grid is None
    return is_step and definition.is_affine and not is_tied


def units_as_steps(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A recurrent layer with as many units as its row has steps, or a vector as wide as the input is long."""
    reported = set()
    for block in spec.blocks:
        # Filters of an image are no width of a step.
        if block.scan is None or block.steps is None or block.grid or id(block.layer) in reported:
            continue
        reported.add(id(block.layer))
        settings = drawing.settings[block.index]
        call = settings.call
        units = drawing.resolved(settings.size(settings.definition.output))
        if call is not None and units == drawing.resolved(block.steps) and units != 1:
            yield Diagnostic(
                "SEQ409",
                f"`{call}` has as many units as `{block.letter}` has steps: {units}",
                _call_span(block, drawing),
                "units are the width of each step's value, not the number of steps; the number of nodes "
                "you draw is the number of steps",
                ((block.span, f"{units} steps"),),
            )


def _call_span(block: Block, drawing: Drawing) -> Span:
    """Where a block's layer is written; the block where it is not."""
    call = drawing.settings[block.index].call
    return block.span if call is None else call.span


def _shown(block: Block) -> str:
    return block.letter if block.letter != ANONYMOUS else block.kind
