"""compiled picture → warnings about rows that are drawn like recurrent ones but pass no state on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Step, Value
from seqdsl.ir.operations import Apply, Placeholder
from seqdsl.lints.drawings import few, last_step_of_recurrent, started_by_first
from seqdsl.lints.upward import is_wired, reached_by_inputs, units_of
from seqdsl.lowering.compose import ONE
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterator

    from seqdsl.ir.graph import Output
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec


def constant_steps(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Steps of an output that no input reaches.

    ::

        O O O      dense: the second and the third step are the bias, whatever the input is
        |
        O
    """
    if not _has_unwired(drawing):
        return
    reached = reached_by_inputs(drawing)
    for output in spec.outputs:
        units = units_of(drawing.blocks[output.block])
        constant = [place for place, unit in enumerate(units, start=1) if unit not in reached]
        if not constant:
            continue
        which = "one step" if len(constant) == 1 else f"{len(constant)} steps"
        yield Diagnostic(
            "SEQ412",
            f"{which} of the output `{output.name}` {'is' if len(constant) == 1 else 'are'} "
            "the same for every input: no path leads there from an input",
            spec.blocks[output.block].span,
            "connect every step, or use a recurrent row, which is usually intended:\n\n"
            f"{_carried_on(output, spec, drawing)}",
        )


def single_dense_steps(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """A node without a definition over one step of an input: dense, and nothing is recurrent."""
    for block in spec.blocks:
        source = _only_step(block, spec, drawing)
        if source is None:
            continue
        steps = max(2, few(_steps(source, drawing)))
        yield Diagnostic(
            "SEQ412",
            f"this `{block.letter}` is a dense layer on one step of `{source.letter}`: the other steps have "
            "no effect, and no layer is recurrent",
            block.span,
            "usually a recurrent row between the two is intended:\n\n"
            f"{last_step_of_recurrent(block.letter, source.letter, steps)}",
            ((source.span, "one step of this row is read"),),
        )


def _only_step(block: Block, spec: ModelSpec, drawing: Drawing) -> Block | None:
    """The input of which ``block``, dense by default, reads one step; nothing else reads it.

    ::

            O
            |
        O O O
    """
    if not isinstance(block.operation, Apply) or drawing.settings[block.index].call is not None:
        return None
    view = block.views[0] if len(block.views) == 1 else None
    if not isinstance(view, Step) or not isinstance(view.of, Value):
        return None
    source = spec.blocks[view.of.block]
    # Whatever else reads the input may read its other steps: then this is a choice of one, not a mistake.
    if not isinstance(source.operation, Placeholder) or spec.graph.out_degree(source.index) != 1:
        return None
    return source if source.steps is not None and source.steps != ONE else None


def _steps(block: Block, drawing: Drawing) -> int | str:
    return 1 if block.steps is None else drawing.resolved(block.steps)


def _carried_on(output: Output, spec: ModelSpec, drawing: Drawing) -> str:
    """A recurrent row between the output and the input that reaches some of its steps."""
    block = spec.blocks[output.block]
    joined = {pair.input for pair in spec.pairs if pair.output == output.name}
    sources = [spec.blocks[item.block] for item in spec.inputs if item.name in joined]
    whole = _steps(block, drawing)
    steps = max(2, few(whole))
    # O O O O      an output of 4 steps over an input of 2: the hint has a recurrent row of 4, wired at its first 2;
    # | |          over an input of 4 or more it has as many steps, all of them wired
    # O O
    given = 1
    if sources:
        below = _steps(sources[0], drawing)
        fewer = isinstance(below, int) and isinstance(whole, int) and below < whole
        given = min(few(below), steps - 1) if fewer else steps
    return started_by_first(block.letter, sources[0].letter if sources else "X", steps, given)


def _has_unwired(drawing: Drawing) -> bool:
    """Whether a node above the inputs has no wire: without one, an input reaches every step."""
    return any(
        not is_wired(unit, drawing)
        for block, settings in zip(drawing.blocks, drawing.settings, strict=True)
        if not settings.is_source
        for unit in units_of(block)
    )
