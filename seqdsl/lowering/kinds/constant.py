"""layers that read nothing: trained vectors, and codes of each step's number."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.expressions import Value
from seqdsl.ir.operations import Constant
from seqdsl.lowering.application import Application
from seqdsl.lowering.compose import ONE
from seqdsl.size import Size

if TYPE_CHECKING:
    from seqdsl.layers import LayerDef
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext

COMPUTED = "sin"
"""The code of a step's number that is computed, for any number of steps."""


def counts_steps(definition: LayerDef) -> bool:
    """Whether there may be more vectors than steps: a code of each step's number, wherever its row begins."""
    return definition.signature.find(definition.rows) is not None


def constant(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    r"""The same values for every sample, at as many steps as are drawn.

    Where a length is free, a row of the same stretch tells how many steps there are::

        A   ...   A     add
        |\        |\
        | P  ...  | P   position(8, most=512): as many steps as X
        |         |
        X   ...   X     input(8)
    """
    sources = [other for other in context.width if context.drawing.settings[other].is_source]
    if not sources:
        # Nothing tells for how many samples it is; nothing could be learned of it, either.
        context.error(
            "SEQ315",
            "this model has no input",
            index,
            "draw one: `X = input(8)`, or `X = tokens(1000)` under an `embedding`",
        )
        return None
    steps = context.steps[index]
    free = steps is not None and bool(steps.names & set(context.drawing.lengths.free))
    count = ONE if steps is None else steps
    arguments = _arguments(context, index, settings, count, free=free)
    if arguments is None:
        return None
    like = context.composer.ruler(count) if free else Value(sources[0])
    rows = arguments.get(settings.definition.rows, ONE)
    assert isinstance(rows, Size)
    units = settings.size(settings.definition.output)
    return Application(
        context.key(index), settings.kind, rows, units, Constant(like, free), arguments
    )


def _arguments(
    context: LoweringContext, index: int, settings: Settings, count: Size, *, free: bool
) -> dict[str, object] | None:
    """The arguments, and for how many steps there is a vector; ``None``, and an error, if that is not known."""
    rows = settings.definition.rows
    given = settings.arguments.get(rows)
    if settings.arguments.get("code") == COMPUTED:
        if given is not None:
            message = f"a computed code has no `{rows}=`: there is one for any number of steps"
            context.error("SEQ304", message, index, f"remove `{rows}=`")
            return None
        return dict(settings.arguments)
    if given is None and free:
        _unbounded(context, index, settings)
        return None
    enough = count if given is None else given
    assert isinstance(enough, Size)
    least = count.value({**context.drawing.lengths.minimum, **context.drawing.values})
    if given is not None and enough.value(context.drawing.values) < least:
        message = f"`{rows}={given}` is less than the {least} steps that are drawn"
        context.error("SEQ304", message, index, f"write `{rows}={least}`, or more")
        return None
    return {**settings.arguments, rows: enough}


def _unbounded(context: LoweringContext, index: int, settings: Settings) -> None:
    letter, rows = context.drawing.blocks[index].letter, settings.definition.rows
    if not counts_steps(settings.definition):
        message = f"`{letter}` has a free length, but `{settings.kind}` has a vector for each step"
        hint = "set the length (`..n..` and `n = 100`), or draw its nodes one by one"
        context.error("SEQ311", message, index, hint)
        return
    message = f"`{letter}` has a free length: `{settings.kind}` requires the argument `{rows}`"
    call = settings.call or settings.kind
    shown = f"{str(call).rstrip(')')}, {rows}=512)"
    hint = f"a trained code has a vector for each step: write `{shown}`, or a code of sines"
    context.error("SEQ303", message, index, hint)
