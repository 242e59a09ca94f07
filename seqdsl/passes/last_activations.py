"""model specification → which outputs end in an activation that losses of frameworks apply themselves, and where it is.

An output that passes its input through ends in what it reads, if it takes whole steps of it::

    Y Y       Y = output: ends in the softmax of D, of which it takes the last two steps
    | |
    D D D     D = dense(9, softmax)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, cast

from seqdsl.ir.expressions import (
    ConcatFeatures,
    ConcatTime,
    DynamicSlice,
    Flatten,
    Gather,
    LastSteps,
    LastValid,
    Pad,
    Repeat,
    RepeatSteps,
    Slice,
    Step,
    ValidFirst,
    Value,
    Zeros,
)
from seqdsl.ir.operations import Call, Identity
from seqdsl.layers import is_recurrent
from seqdsl.records import record

if TYPE_CHECKING:
    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Output
    from seqdsl.model.spec import Block, ModelSpec

LOSSES_APPLY = ("softmax", "log_softmax", "sigmoid")
"""The activations that frameworks' losses apply themselves, if they are given logits."""

WORDS = "softmax, log_softmax or sigmoid"

_SELECT = (
    Slice,
    DynamicSlice,
    LastSteps,
    ValidFirst,
    LastValid,
    Step,
    Repeat,
    RepeatSteps,
    Pad,
    Gather,
)
"""What takes whole steps of a sequence: an activation of the features is the same before and after it."""


class LogitsError(ValueError):
    """The last activations of a model cannot be omitted, or it has none; the message says why, in a sentence."""


@record(frozen=True)
class Ending:
    """How an output ends.

    Attributes:
        activation: its last activation.
        blocks: the blocks that apply it.
        passing: the blocks that pass it through, up to the output itself.
    """

    activation: str
    blocks: frozenset[int]
    passing: frozenset[int]


def last_activation(block: Block) -> str | None:
    """The activation of a block's layer, if it is one that losses apply; not that of a recurrence, which reads it.

    That of a picture that is called is the one in which its output ends.
    """
    if isinstance(block.operation, Call):
        body = cast("ModelSpec", block.operation.body)
        ending = find_ending(body.outputs[0], body)
        return None if ending is None else ending.activation
    if block.layer is None or is_recurrent(block.layer.kind):
        return None
    word = block.layer.arguments.get("activation")
    return word if isinstance(word, str) and word in LOSSES_APPLY else None


def find_ending(output: Output, spec: ModelSpec) -> Ending | None:
    """How an output ends; ``None`` if it is in no activation that losses apply.

    Raises:
        LogitsError: in several, or in one for a part of its steps or features, so that no loss could apply it.
    """
    passing: set[int] = set()
    ends: set[int] = set()
    beside = False
    left = [output.block]
    while left:
        index = left.pop()
        operation = spec.blocks[index].operation
        read = _taken(operation.operand) if isinstance(operation, Identity) else None
        if read is None:
            ends.add(index)
        elif index not in passing:
            passing.add(index)
            beside |= read.beside
            left += read.blocks
    words = {last_activation(spec.blocks[index]) for index in ends}
    if not words - {None}:
        return None
    word = _common(words, output)
    # The sigmoid of features side by side is a sigmoid of the whole; the softmax of each is none of the whole.
    if beside and word != "sigmoid":
        raise LogitsError(
            f"the output `{output.name}` holds values side by side, each with its own `{word}`: no loss applies that; "
            "draw an output for each"
        )
    return Ending(word, frozenset(ends), frozenset(passing))


def _common(words: set[str | None], output: Output) -> str:
    """The activation in which all parts of an output end."""
    if len(words) == 1 and (word := next(iter(words))) is not None:
        return word
    listed = " and ".join(f"`{word}`" for word in sorted(word for word in words if word))
    others = " and others without an activation" if None in words else ""
    raise LogitsError(
        f"the output `{output.name}` has parts that end in {listed}{others}: no loss applies that; "
        "draw an output for each"
    )


class _Taken(NamedTuple):
    """What an expression takes as it is: of which blocks, and whether it puts features side by side."""

    blocks: tuple[int, ...]
    beside: bool = False


def _taken(expression: Expression) -> _Taken | None:
    """What an expression takes of blocks as it is; ``None`` if it makes other values of them."""
    if isinstance(expression, Value):
        return _Taken((expression.block,))
    if isinstance(expression, _SELECT):
        return _taken(expression.of)
    if isinstance(expression, Flatten):
        inner = _taken(expression.of)
        return inner and inner._replace(beside=True)
    if isinstance(expression, ConcatTime | ConcatFeatures):
        return _joined(expression)
    # Steps where nothing is wired are zero, with an activation below or without.
    return _Taken(()) if isinstance(expression, Zeros) else None


def _joined(expression: ConcatTime | ConcatFeatures) -> _Taken | None:
    """What several parts take: all of them whole, or it is none."""
    parts = [part for part in map(_taken, expression.parts) if part is not None]
    if len(parts) < len(expression.parts):
        return None
    blocks = tuple(block for part in parts for block in part.blocks)
    # One step after the other leaves each softmax as it is; features of two are two softmaxes in one vector.
    beside = isinstance(expression, ConcatFeatures) or any(part.beside for part in parts)
    return _Taken(blocks, beside)
