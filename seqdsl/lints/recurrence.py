"""compiled picture → warnings about recurrence: where it is missing, or does not do what it seems to."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatFeatures,
    Elementwise,
    Expression,
    Flatten,
    LastSteps,
    Repeat,
    Step,
    Value,
    blocks_of,
    walk,
)
from seqdsl.ir.operations import Placeholder, Reduce, Use, ValueState
from seqdsl.layers import Family, family_of, layer_def
from seqdsl.lints.drawings import started_gru
from seqdsl.lowering.compose import ONE
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec


def constant_outputs(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A vector bused to rows without recurrence: every step of the output is the same value."""
    # Y Y Y     dense: the same map of the same value at each step, and so is any step-wise row above it, up to one
    # | | |     that is recurrent or reads different steps as well. `constant` has the row over the bus for each such
    # +-+-+     row, as this is where one value becomes many.
    # |
    # X
    constant: dict[int, int] = {}
    for index in spec.order:
        block = spec.blocks[index]
        if block.steps is not None and family_of(block.kind).is_stepwise and block.steps != ONE:
            root = _constant_root(block, constant)
            if root is not None:
                constant[index] = root
    for output in spec.outputs:
        if output.block in constant:
            first = spec.blocks[constant[output.block]]
            block = spec.blocks[output.block]
            related = ((first.span, "one value is connected to all steps of this row"),)
            yield Diagnostic(
                "SEQ401",
                f"all steps of the output `{output.name}` are the same value",
                block.span,
                "let a recurrent row read the bus (`D-D-D   lstm(16)`), or divide one wide value into steps "
                "with `split`",
                related if first is not block else (),
            )


def _constant_root(block: Block, constant: dict[int, int]) -> int | None:
    """The row at which a value begins to be the same at all steps of ``block``."""
    if isinstance(block.operation, Reduce):
        return block.index if block.operation.repeat is not None else None
    roots = [_root_of(view, block.index, constant) for view in block.views]
    return None if None in roots else roots[0]


def _root_of(view: Expression, here: int, constant: dict[int, int]) -> int | None:
    if isinstance(view, Repeat):
        return here
    if isinstance(view, Value):
        return constant.get(view.block)
    if isinstance(view, ConcatFeatures | Elementwise):
        roots = [_root_of(part, here, constant) for part in view.parts]
        return None if None in roots else roots[0]
    return None


def bidirectional_last_steps(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """The last step of a bidirectional row, read by itself: by a wire, a bus, or as the state to begin with."""
    for block in spec.blocks:
        views = block.views
        if isinstance(block.initial, ValueState):
            views = (*views, block.initial.value)
        for index in _bidirectional_last(views, spec):
            chain = spec.blocks[index]
            yield Diagnostic(
                "SEQ402",
                f"the last step of `{chain.letter}` has read one step in the backward direction and all "
                "steps in the forward direction",
                block.span,
                f"usually the final state is intended: `{chain.letter}={chain.letter}---+` with a `|` "
                "above the `+`",
                ((chain.span, "this row is bidirectional"),),
            )


def _bidirectional_last(views: Iterable[Expression], spec: ModelSpec) -> Iterator[int]:
    """The bidirectional blocks of which a block reads the last step and no other."""
    parts = [part for view in views for part in walk(view)]
    read = Counter(part.block for part in parts if isinstance(part, Value))
    last = Counter(_last_of(part, spec) for part in parts)
    # The first step beside the last one is all that both directions have read: nothing is missing.
    for index, count in last.items():
        if index is not None and read[index] == count:
            yield index


def _last_of(part: Expression, spec: ModelSpec) -> int | None:
    """The bidirectional block whose last step this is."""
    if not isinstance(part, Step):
        return None
    # The last step is `Step(B, n - 1)`; where padding is masked, it is the only one of `LastSteps(B, 1)`.
    inner = part.of
    source = inner.of if isinstance(inner, LastSteps) else inner
    if not isinstance(source, Value):
        return None
    block = spec.blocks[source.block]
    is_last = isinstance(inner, LastSteps) or block.steps == part.index + 1
    return source.block if is_last and block.direction is Direction.BIDIRECTIONAL else None


def one_step_chains(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A recurrent layer of one step, without an initial state and whose final state nothing reads."""
    for block in spec.blocks:
        if block.scan is None or block.steps not in (None, ONE):
            continue
        if block.has_start or Use.STATE in block.uses:
            continue
        yield Diagnostic(
            "SEQ403",
            f"`{block.letter}` is a recurrent layer over one step: there is no state to carry over",
            block.span,
            "draw a node for each time step, side by side; rows on top of each other are layers",
        )


def _leaving(drawing: Drawing) -> set[int]:
    """The blocks whose final state is read as a value."""
    return {
        access.block
        for operands in drawing.operands
        for operand in operands
        for access in operand.read
        if access.final
    }


def one_value_as_two_states(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A value that is an LSTM's h and c, where only the h leaves: feeding it back is not running on.

    ::

                F
                |
        +-H-H-H-+   lstm(4)
        | | | |
        V X X X
    """
    leaving = _leaving(drawing)
    for block in spec.blocks:
        initial = block.initial
        # A state that is passed on has both h and c; a `gru` has one state. Only a value has to serve as both.
        if not isinstance(initial, ValueState) or len(layer_def(block.kind).states) == 1:
            continue
        if initial.is_apart:
            continue
        if block.index not in leaving or not _is_raw(block, initial, spec):
            continue
        settings = drawing.settings[block.index]
        units = drawing.resolved(settings.size(settings.definition.output))
        width = 1 if block.layer is None else drawing.resolved(block.layer.width)
        yield Diagnostic(
            "SEQ411",
            f"`{block.letter}` starts from one value as both h and c, but only its final h is returned",
            block.span,
            "if the final h is fed back, it also replaces c, which differs from running over the whole "
            f"sequence; a cell with one state avoids this:\n\n{started_gru(block.letter, units, width)}",
        )


def _is_raw(block: Block, initial: ValueState, spec: ModelSpec) -> bool:
    """Whether the state enters from an input as it is, or leaves by an output as it is.

    Where there are layers on both sides, the state cannot be fed back: such as a picture that starts the LSTM of a
    question.
    """
    entering = blocks_of(initial.value)
    above = [spec.blocks[index] for index in spec.graph.successors(block.index)]
    return any(isinstance(spec.blocks[index].operation, Placeholder) for index in entering) or any(
        family_of(other.kind) is Family.OUTPUT for other in above
    )


def _is_single_over_single(block: Block, spec: ModelSpec) -> bool:
    """Whether a block is one node, and so is each that it reads; all steps side by side are no column."""
    below = [spec.blocks[index] for view in block.views for index in blocks_of(view)]
    is_flat = any(isinstance(view, Flatten) for view in block.views)
    return block.steps is None and not is_flat and all(other.steps is None for other in below)


def column_of_dense(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Single nodes of ``O`` on top of each other: dense layers, where a recurrent stack may be meant."""
    for block in spec.blocks:
        settings = drawing.settings[block.index]
        if block.letter != ANONYMOUS or settings.call is not None:
            continue
        if settings.definition.family is not Family.STEPWISE:
            continue
        if not _is_single_over_single(block, spec) or not _is_read(block, spec):
            continue
        yield Diagnostic(
            "SEQ404",
            "a column of single `O`s: this is a dense layer, not a recurrent one",
            block.span,
            "time runs to the right: draw one node per step, side by side, or write "
            "`dense(32, relu)` at the end of the row",
        )
        return


def _is_read(block: Block, spec: ModelSpec) -> bool:
    return bool(spec.graph.out_degree(block.index))
