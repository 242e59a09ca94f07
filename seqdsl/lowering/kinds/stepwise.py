"""layers that work step by step on everything their nodes read."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatFeatures, Repeat
from seqdsl.ir.operations import Apply, Convolve, Identity, Split
from seqdsl.layers import Family
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.context import side_by_side
from seqdsl.lowering.grids import refuse_split
from seqdsl.lowering.strided_access import ZeroSteps
from seqdsl.lowering.tied import check_tied
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.windows import Window

VOCABULARY = "vocabulary"
"""The argument of a source of token ids."""

WINDOWED, CONVOLUTION = "dense", "conv"
"""A row of the first layer whose nodes each read a window of steps is one of the second."""


def plain(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """A layer that works step by step on everything its nodes read."""
    view = context.joined(index)
    width = context.composer.features(view)
    if not context.is_fixed(width, index) or not check_tied(context, index, width):
        return None
    definition = settings.definition
    units = _units(settings, width, context.composer.places(view))
    shared = _share(context, index, units)
    if shared is None:
        return None
    # What has no layer of its own passes its input through.
    is_layer = definition.family is Family.STEPWISE
    operation = Apply(view) if is_layer else Identity(view)
    arguments: dict[str, object] = {**settings.arguments}
    if definition.chooses and definition.draws:
        arguments["probabilities"] = _reads_probabilities(context, index)
    return Application(context.key(index), settings.kind, width, shared, operation, arguments)


def _units(settings: Settings, width: Size, grid: tuple[Size, ...]) -> Size:
    """How many features a layer gives of so many that it reads, at each place of a grid if there is one."""
    definition = settings.definition
    if definition.output:
        return settings.size(definition.output)
    if definition.grid is not None:
        return definition.grid.width(grid, width)
    # An id is one number, whatever it is chosen of.
    return ONE if definition.chooses else width


def _share(context: LoweringContext, index: int, width: Size) -> Size | None:
    """The width of one of the equal parts of what a layer reads: half of it where that is a mean and a deviation."""
    shares = context.drawing.settings[index].definition.shares
    if shares == 1:
        return width
    number = context.resolved(width)
    if isinstance(number, int) and number % shares == 0:
        return width // Size.of(shares) if width.names else width * Fraction(1, shares)
    message = f"{width} features cannot be divided into {shares} equal parts"
    hint = "it reads the means, then as many standard deviations"
    context.error("SEQ305", message, index, hint)
    return None


def _reads_probabilities(context: LoweringContext, index: int) -> bool:
    """Whether all that a block reads is a softmax, perhaps passed through unchanged."""
    # Of a `log_softmax` the softmax is what was in its logarithm: it is drawn from like any logits.
    operands = context.drawing.operands[index]
    below = sorted(context.below(index))
    return len(operands) == 1 and bool(below) and all(_is_softmax(context, b) for b in below)


def _is_softmax(context: LoweringContext, index: int) -> bool:
    settings = context.drawing.settings[index]
    if settings.definition.family in (Family.OUTPUT, Family.IDENTITY):
        return _reads_probabilities(context, index)
    return settings.arguments.get("activation") == "softmax" and not settings.is_recurrent


def windowed(
    context: LoweringContext, index: int, settings: Settings, window: Window
) -> Application:
    """A dense row whose nodes each read a window of steps: a convolution."""
    width = context.width[window.block]
    arguments = {
        **settings.arguments,
        "kernel": Size.of(window.kernel),
        "dilation": Size.of(window.dilation),
        "stride": window.stride,
    }
    with context.composer.counting(context.drawing.operands[index][0].accesses):
        whole = context.composer.whole(window.block)
    operation = Convolve(
        whole,
        Size.of(window.before),
        Size.of(window.after),
        shrinks=context.steps[index] != context.steps[window.block],
    )
    return Application(
        context.key(index),
        CONVOLUTION,
        width,
        settings.size("units"),
        operation,
        arguments,
    )


def embedding(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """A look-up of the token below."""
    below = context.below(index)
    if len(context.drawing.operands[index]) != 1 or not all(
        context.drawing.settings[b].definition.gives_ids for b in below
    ):
        _no_ids(context, index, below)
        return None
    if settings.arguments.get("mask") is True and _reads_before_first(context, index):
        context.error(
            "SEQ216",
            "before its first step a delayed id is 0, which is padding here",
            index,
            "draw the start: a row of `tokens` with one node, in place of the first delayed node",
        )
        return None
    sizes = [_vocabulary(context, b) for b in below]
    if len(set(map(context.resolved, sizes))) > 1:
        context.error(
            "SEQ308",
            "one embedding reads different vocabularies",
            index,
            "use a separate letter for each",
            *((b, "its tokens") for b in below),
        )
        return None
    vocabulary = sizes[0]
    arguments: dict[str, object] = {VOCABULARY: vocabulary, **settings.arguments}
    units = settings.size("features")
    operation = Apply(context.joined(index))
    return Application(context.key(index), settings.kind, vocabulary, units, operation, arguments)


def _no_ids(context: LoweringContext, index: int, below: Sequence[int]) -> None:
    """Report what an embedding reads in place of token ids."""
    called = [context.drawing.called[b].spec.name for b in below if b in context.drawing.called]
    message = "an embedding reads exactly one token per step"
    hint = "connect it to a row of `tokens(vocabulary)`"
    if called:
        # A A A   argmax, in the called picture: its caller has numbers, and no vocabulary.
        message = f"an embedding cannot look up what `{called[0]}` gives: called pictures give features, no ids"
        hint = f"put the embedding into `{called[0]}`, above the row that gives the ids"
    context.error("SEQ309", message, index, hint)


def _reads_before_first(context: LoweringContext, index: int) -> bool:
    """Whether a delayed node before the first step of its letter is read."""
    (operand,) = context.drawing.operands[index]
    return any(isinstance(item, ZeroSteps) and item.before is not None for item in operand.accesses)


def _vocabulary(context: LoweringContext, index: int) -> Size:
    """How many ids a block may give: those of its tokens, or one for each feature that it chooses of."""
    settings = context.drawing.settings[index]
    if not settings.definition.chooses:
        return settings.size(VOCABULARY)
    return context.composer.features(context.joined(index))


def _read_by_all(context: LoweringContext, index: int) -> Expression | None:
    """The one value that all nodes of a block read; ``None`` if they read different ones."""
    view = context.joined(index)
    parts = view.parts if isinstance(view, ConcatFeatures) else (view,)
    if context.steps[index] is not None and not all(isinstance(part, Repeat) for part in parts):
        return None
    inner = [part.of if isinstance(part, Repeat) else part for part in parts]
    return side_by_side(inner)


def split(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """Node i of n takes the i-th of n equal parts of what they all read: of its features, or of a grid's width."""
    steps = context.steps[index]
    whole = _read_by_all(context, index)
    if whole is None:
        context.error(
            "SEQ309",
            "all nodes of a `split` must read the same value",
            index,
            "connect one value to all of them with a bus",
        )
        return None
    width, count = context.composer.features(whole), steps or ONE
    if context.composer.places(whole):
        # An image is cut along its width: each part has all of its features.
        return Application(context.key(index), settings.kind, width, width, Split(whole, steps))
    features, number = context.resolved(width), context.resolved(count)
    if not isinstance(features, int) or not isinstance(number, int) or features % number:
        refuse_split(context, index, f"{features} features", "", number)
        return None
    # A named number of steps divides in the generated code, where its parameter may have another value.
    units = width // count if count.names else width * Fraction(1, number)
    return Application(context.key(index), settings.kind, width, units, Split(whole, steps))
