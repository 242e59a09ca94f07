"""graph with loops → diagnostics: loops that cannot be computed step by step, as they are drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.loop_calls import calls_in_loops, with_loop_calls
from seqdsl.ir.loop_faults import Fault, NoLoop
from seqdsl.ir.loops import find_loops
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.text.source import Span

# What is wrong with a block, and what to do. {0} is its letter, {1} that of a block of the loop that it reads.
_TEXTS: dict[Fault, tuple[str, str]] = {
    Fault.LATER: (
        "{0} reads steps of {1} that are computed later",
        "read {1} at the same step or before, for example with `padding=causal`",
    ),
    Fault.WHOLE: (
        "{0} reads all steps of {1} at once",
        "connect each step of {0} to its own step of {1}; `attention(causal=true)` without `keys=` reads what is there "
        "so far",
    ),
    Fault.CALLED: (
        "{0} calls a picture that takes a whole row and marks padding in it",
        "mark the padding in what the loop reads, and not in the picture that is called",
    ),
    Fault.BACKWARD: (
        "{0} does not run from left to right",
        "draw the state wires of {0} with `-`",
    ),
    Fault.STRIDE: (
        "{0} does not read {1} step by step",
        "connect each step of {0} to one step of {1}; read it otherwise outside of the loop only",
    ),
    Fault.STATE: (
        "{0} begins with a state that is computed in the loop",
        "begin {0} with a state from outside of the loop, or with none",
    ),
    Fault.STATISTICS: (
        "{0} normalizes by the statistics of all steps",
        "use `layernorm`, which looks at one step",
    ),
    Fault.UNCLEAR: (
        "how many steps before {0} reads {1} depends on the lengths of the data",
        "draw both rows with the same ellipsis, or set the lengths",
    ),
}
_ONE_VALUE = (
    "{0} is one value, which is there when all steps have been computed",
    "draw {0} with a node for each step, or read it outside of the loop only",
)


def check_loops(spec: ModelSpec, drawing: Drawing) -> list[Diagnostic]:
    """What is wrong with the loops of a model, which has some."""
    if not spec.inputs:
        # Nothing tells for how many samples it is: it would give the same for each.
        return [_no_input(drawing)]
    whole, origins = with_loop_calls(spec)
    try:
        find_loops(whole)
    except NoLoop as found:
        of = {index: index for index in calls_in_loops(spec)} | origins
        if of.keys() & {found.node, found.source}:
            return [_called_problem(spec, whole, of, drawing, found)]
        return [loop_problem(drawing, found)]
    return _unmeasured(spec, drawing)


def _no_input(drawing: Drawing) -> Diagnostic:
    delayed = drawing.delayed[0]
    hint = f"draw one, for example in place of the first `{delayed.letter}`: `X = input(8)`"
    return Diagnostic("SEQ315", "this model has no input", delayed.span, hint)


def loop_problem(drawing: Drawing, found: NoLoop) -> Diagnostic:
    """The finding about nodes that read each other in a way that no step-by-step run can give."""
    block, other = drawing.blocks[found.node], drawing.blocks[found.source]
    places = ((other.span, f"`{other.letter}`"),) if other is not block else ()
    names = f"`{block.letter}`", f"`{other.letter}`"
    return _problem(drawing, found, block.is_vector, names, (found.node, places))


def _called_problem(
    spec: ModelSpec, whole: ModelSpec, of: Mapping[int, int], drawing: Drawing, found: NoLoop
) -> Diagnostic:
    """The same where nodes are of what is called: both places are shown, the call and the row in its picture.

    Args:
        spec: the model.
        whole: the same, in which what its loops call is written out.
        of: the call that each node is of.
        drawing: the drawing of the model.
        found: what is wrong.
    """
    index = of.get(found.node, found.node)
    shown = {
        _called_name(whole.blocks[node], spec, node in of): whole.blocks[node].span
        for node in (found.node, found.source)
    }
    names = [*shown, *shown]
    span = drawing.blocks[index].span
    places = tuple((place, name) for name, place in shown.items() if place != span)
    is_vector = whole.blocks[found.node].steps is None
    return _problem(drawing, found, is_vector, (names[0], names[1]), (index, places))


def _called_name(block: Block, spec: ModelSpec, is_called: bool) -> str:
    """A letter, with the picture that it is drawn in where that is called, perhaps by another one that is."""
    if not is_called:
        return f"`{block.letter}`"
    pictures = spec.called.values()
    name = next(
        item.name for item in pictures if any(block.span == one.span for one in item.blocks)
    )
    return f"`{block.letter}` of `{name}`"


def _problem(
    drawing: Drawing,
    found: NoLoop,
    is_vector: bool,
    names: tuple[str, str],
    places: tuple[int, tuple[tuple[Span, str], ...]],
) -> Diagnostic:
    """The finding, given what its two nodes are called, the block that it is about, and other places."""
    index, related = places
    is_one = found.fault is Fault.WHOLE and is_vector
    message, hint = (
        text.format(*names) for text in (_ONE_VALUE if is_one else _TEXTS[found.fault])
    )
    delayed = ", ".join(f"`{letter}`" for letter in _letters(index, drawing))
    return Diagnostic(
        "SEQ218",
        f"{message}, and is in a loop through {delayed}: a loop is computed step by step",
        drawing.blocks[index].span,
        hint,
        related,
    )


def _letters(node: int, drawing: Drawing) -> list[str]:
    """The delayed letters of the loop of a block."""
    # Loops share no block: they would be one.
    (loop,) = (item for item in drawing.loops if node in item)
    letters = {drawing.blocks[index].letter for index in loop}
    return [
        letter
        for letter in dict.fromkeys(item.letter for item in drawing.delayed)
        if letter.upper() in letters
    ]


def _unmeasured(spec: ModelSpec, drawing: Drawing) -> list[Diagnostic]:
    """Loops of a free length that nothing outside of them has: how many steps they run is not known."""
    diagnostics = []
    for loop in drawing.loops:
        outer = [
            access.block
            for index in loop
            for operand in drawing.operands[index]
            for access in operand.wired
            if access.block not in loop
        ]
        # S y ... y    S is one value: nothing says how many steps follow it
        known = {name for index in outer for name in _free(index, spec)}
        first = min(loop)
        if _free(first, spec) <= known:
            continue
        block = drawing.blocks[first]
        diagnostics.append(
            Diagnostic(
                "SEQ311",
                f"the number of steps of `{block.letter}` is free, and nothing that its loop reads has as many",
                block.span,
                "name the ellipsis and set its length (`..n..` and `n = 100`), or connect a sequence of that length to "
                "it",
            )
        )
    return diagnostics


def _free(index: int, spec: ModelSpec) -> set[str]:
    """The names of the length of a block that are known at run time only."""
    steps = spec.nodes[index].steps
    return set() if steps is None else set(steps.names) & set(spec.free)
