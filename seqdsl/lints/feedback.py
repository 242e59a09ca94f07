"""compiled picture → warnings about what is fed back into its inputs, or should be."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from seqdsl.ir.compare import Misfit
from seqdsl.ir.expressions import Value
from seqdsl.ir.graph import Feedback
from seqdsl.ir.operations import Identity
from seqdsl.lowering.feedback import written
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Input
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec


_MOST_TRIED = 64
"""Pairs of an input and an output that are tried: each takes as long as the whole model is large."""


def fed_probabilities(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Values of a softmax that are fed back as they are."""
    for item in spec.inputs:
        feedback = item.feedback
        if feedback is None or feedback.is_chosen or item.vocabulary is not None:
            continue
        if _is_softmax(spec.blocks[feedback.block], spec):
            argument = written(drawing, item.block, "feedback")
            message = f"`{argument}` feeds back the probabilities of a softmax, and no choice"
            hint = "add `choose=true` to feed back a one-hot code"
            yield Diagnostic("SEQ421", message, argument.span, hint)


def unfed_targets(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Token ids that are the target one step late, in a model that cannot generate."""
    # Y Y Y   dense(50, softmax)     At each step Y chooses one of the 50 words, and Z is one of 50 words: it is the
    # | | |                          word before. So it is while training; to generate, Z must be what Y chose.
    # D-D-D
    # | | |
    # Z Z Z   tokens(50)
    if spec.states or any(item.feedback is not None for item in spec.inputs):
        # With `*` a user can feed it from call to call.
        return
    inputs = [item for item in spec.inputs if item.vocabulary is not None]
    choices = _choices(spec) if inputs else []
    warned: set[int] = set()
    pairs = (
        (item, choice)
        for item in inputs
        for choice in choices
        if item.block not in warned and _are_alike(choice, item, spec)
    )
    for item, choice in islice(pairs, _MOST_TRIED):
        if _may_feed(choice, item, spec):
            warned.add(item.block)
            yield _unfed(item, choice, drawing)


def _choices(spec: ModelSpec) -> list[Block]:
    """The outputs that are a choice among ids at each of their steps."""
    blocks = spec.blocks
    outputs = [blocks[item.block] for item in spec.outputs]
    return [block for block in outputs if block.steps is not None and _is_softmax(block, spec)]


def _are_alike(choice: Block, item: Input, spec: ModelSpec) -> bool:
    """Whether an input is a sequence of ids of as many words as are chosen among."""
    return item.vocabulary == choice.features and spec.blocks[item.block].steps is not None


def _may_feed(choice: Block, item: Input, spec: ModelSpec) -> bool:
    """Whether an input can be fed with what was chosen one step before."""
    # Few pictures come this far: the others need not wait for what finds free runs.
    from seqdsl.ir.free_run import NoFreeRun, find_free_run

    fed = replace(item, feedback=Feedback(choice.index))
    inputs = tuple(fed if other is item else other for other in spec.inputs)
    try:
        # A source sentence in the same words, or what is read in both directions, is no target: Y reads all of it.
        find_free_run(replace(spec, inputs=inputs))
    except (NoFreeRun, Misfit):
        return False
    return True


def _unfed(item: Input, choice: Block, drawing: Drawing) -> Diagnostic:
    fed, call = drawing.blocks[item.block], drawing.settings[item.block].call
    assert call is not None
    message = (
        f"`{fed.letter}` seems to be the target of `{choice.letter}`, one step late: without `feedback=` the model "
        "cannot generate"
    )
    # A row is fed back by its letter, so no other row may have it: `O` and `Y` over two inputs, for example.
    is_unique = sum(block.letter == choice.letter for block in drawing.blocks) == 1
    letter, first = (choice.letter, "") if is_unique else ("Q", "call the output row `Q`, and ")
    arguments = ", ".join([*map(str, call.arguments), f"feedback={letter}"])
    hint = f"{first}write `{call.layer}({arguments})`"
    return Diagnostic("SEQ422", message, call.span, hint)


def _is_softmax(block: Block, spec: ModelSpec) -> bool:
    operation = block.operation
    if isinstance(operation, Identity) and isinstance(operation.operand, Value):
        return _is_softmax(spec.blocks[operation.operand.block], spec)
    words = ("softmax", "log_softmax")
    return block.layer is not None and block.layer.arguments.get("activation") in words
