"""compiled picture → warnings about what is fed back into its inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Identity
from seqdsl.lowering.feedback import written
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec


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


def _is_softmax(block: Block, spec: ModelSpec) -> bool:
    operation = block.operation
    if isinstance(operation, Identity) and isinstance(operation.operand, Value):
        return _is_softmax(spec.blocks[operation.operand.block], spec)
    words = ("softmax", "log_softmax")
    return block.layer is not None and block.layer.arguments.get("activation") in words
