"""compiled picture → warnings about delayed nodes that give another step than the one before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.strided_access import StridedAccess
    from seqdsl.model.spec import ModelSpec


def same_value_twice(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Delayed nodes that give a value which the node above them reads anyway."""
    # H   H        the first x is to the right of its X, which it gives; the X of the step before is not read
    # |\  |\
    # X x X x
    for index, operands in enumerate(drawing.operands if drawing.delayed else ()):
        read = [access for operand in operands for access in operand.wired]
        same = _find_same(read)
        if same is not None:
            yield _twice(index, *same, drawing)


def _find_same(read: Sequence[StridedAccess]) -> tuple[StridedAccess, StridedAccess] | None:
    """Two places in what a block reads that hold the same steps of the same block, one of them by a delayed node."""
    known: dict[StridedAccess, StridedAccess] = {}
    for access in read:
        # `earlier` tells how a step was drawn, not which one it is.
        other = known.setdefault(replace(access, earlier=False), access)
        if other is not access and (other.earlier or access.earlier):
            return other, access
    return None


def _twice(index: int, one: StridedAccess, other: StridedAccess, drawing: Drawing) -> Diagnostic:
    reader, capital = drawing.blocks[index].letter, drawing.blocks[one.block].letter
    letter = capital.lower()
    place = next(item for item in drawing.delayed if item.letter == letter)
    if one.earlier and other.earlier:
        #  y | y    both give the Y before
        message = f"`{reader}` reads the same value twice: each `{letter}` is the `{capital}` one step before"
        hint = (
            f"for two steps back, draw a row that keeps what `{letter}` gives, such as `P = concat` over `{letter}`, "
            "and read `p` beside it"
        )
    else:
        message = f"`{letter}` gives the same step of `{capital}` that `{reader}` reads anyway"
        hint = (
            f"a delayed node gives the nearest `{capital}` to its left: draw each `{letter}` to the left of the "
            f"`{capital}` of its step"
        )
    return Diagnostic("SEQ423", message, place.span, hint)


def skipped_steps(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Delayed nodes that skip a step, as its node is not to their left."""
    #       A   A      `a` and the first A are in one column, so that the A before the second D is none to its left
    #      /   /
    #     D---D
    #    /   /
    #   a   a
    if not drawing.delayed:
        return
    # Few pictures have delayed nodes: the others need not wait for what finds loops.
    from seqdsl.ir.loop_calls import lags_of_loops

    for node, source, steps in sorted(set().union(*lags_of_loops(spec).values())):
        if steps > 1:
            yield _skipped(node, source, steps, drawing)


def _skipped(node: int, source: int, steps: int, drawing: Drawing) -> Diagnostic:
    reader, capital = drawing.blocks[node].letter, drawing.blocks[source].letter
    letter = capital.lower()
    place = next(item for item in drawing.delayed if item.letter == letter)
    message = (
        f"`{letter}` gives `{reader}` what `{capital}` gave {steps} steps earlier, not one step"
    )
    hint = (
        f"a delayed node gives the nearest `{capital}` to its left: draw each `{capital}` to the left of the next "
        f"`{letter}`, for example in the column of its `{reader}`"
    )
    return Diagnostic(
        "SEQ424",
        message,
        place.span,
        hint,
        ((drawing.blocks[source].span, "the steps that are given"),),
    )
