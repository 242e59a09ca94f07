"""settings and operands → applications: each block as one application of one layer, its widths checked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Padding, Placeholder
from seqdsl.layers import Family
from seqdsl.lowering.application import Application, with_uses
from seqdsl.lowering.compose import NOTHING, ONE, Unbounded
from seqdsl.lowering.context import LoweringContext
from seqdsl.lowering.grids import grid_given, with_grid
from seqdsl.lowering.kinds import WINDOWED, kind_of, windowed
from seqdsl.lowering.masking import count_windows, with_masking
from seqdsl.lowering.padding_arguments import check_padding_arguments
from seqdsl.lowering.runtime_lengths import Unmeasured
from seqdsl.lowering.windows import Window, find_window
from seqdsl.records import record
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.operands import Operand


@record(frozen=True)
class Applied:
    """The applications of all blocks that fit.

    Attributes:
        applications: by block.
        queries: what asks in an attention that a bus alone enters, by block.
        diagnostics: why the others do not fit.
    """

    applications: dict[int, Application]
    queries: dict[int, Operand]
    diagnostics: list[Diagnostic]


_NO_LOOP: frozenset[int] = frozenset()


def apply_layers(drawing: Drawing) -> Applied:
    """Apply the layer of every block; blocks that do not fit are missing, the diagnostics say why."""
    context = LoweringContext(drawing)
    check_padding_arguments(context)
    # Few pictures have delayed nodes and padding: the others need not wait for what settles them.
    context.composer.holds = bool(drawing.delayed) and _has_masks(drawing)
    windows = _find_windows(context)
    applications: dict[int, Application] = {}
    loops = {index: loop for loop in drawing.loops for index in loop}
    for index in drawing.order:
        loop = loops.get(index, _NO_LOOP)
        application = None
        # What a faulty block would have given is unknown: those above it are not checked.
        if _read_outside(context, index, loop) <= applications.keys():
            application = _applied(context, index, windows, loop)
        if application is not None:
            applications[index] = application
            if context.composer.holds and loop and loop <= applications.keys():
                # Before its rows are noted as applied: a mask of the loop is measured by nothing of it.
                _mask_loop(context, loop, applications)
            context.note(index, application, loop)
    applications = _settled(context, applications)
    return Applied(applications, context.queries, context.diagnostics)


def _read_outside(context: LoweringContext, index: int, loop: frozenset[int]) -> set[int]:
    """The blocks that a block reads, but for those of its own loop, which are there later."""
    return {*context.below(index), *context.drawing.initial_sources(index)} - loop


def _settled(
    context: LoweringContext, applications: dict[int, Application]
) -> dict[int, Application]:
    """The applications with what needs all of them: held values, carried states, which results are used."""
    drawing = context.drawing
    if context.composer.holds:
        from seqdsl.lowering.padded_loops import hold_values

        applications = hold_values(context, applications)
    if not context.diagnostics and drawing.states.ends:
        # Few pictures have a `*`: the others need not wait for what carries state.
        from seqdsl.lowering.carry import carry_states

        applications, problems = carry_states(drawing, applications)
        context.diagnostics += problems
    return applications if context.diagnostics else with_uses(applications)


def _mask_loop(
    context: LoweringContext, loop: frozenset[int], applications: dict[int, Application]
) -> None:
    from seqdsl.lowering.padded_loops import mask_loop

    # D reads `X X y ... y`: where X has padding, `y` is so many valid steps, whose number has to be known at run time.
    try:
        mask_loop(context, loop, applications)
    except Unmeasured as length:
        _unmeasured(context, min(loop), length)


def _has_masks(drawing: Drawing) -> bool:
    """Whether anything in a picture, or who calls it, marks padded steps."""
    marks = {"mask", "lengths"}
    return drawing.is_masked or any(marks & item.arguments.keys() for item in drawing.settings)


def _applied(
    context: LoweringContext, index: int, windows: dict[int, Window], loop: frozenset[int]
) -> Application | None:
    """The application of a block, which may be in a loop."""
    context.composer.loop = loop
    if not loop:
        return _masked(context, index, windows)
    # Few pictures have loops: without one, start-up is faster without this import.
    from seqdsl.lowering.loop_widths import fits_loop, has_widths

    if not has_widths(context, loop):
        return None
    application = _masked(context, index, windows)
    fits = application is not None and fits_loop(context, index, application)
    return application if fits else None


def _masked(context: LoweringContext, index: int, windows: dict[int, Window]) -> Application | None:
    """The application of a block, with its masking."""
    count_windows(context, index)
    application = _apply(context, index, windows)
    if application is None:
        return None
    try:
        return with_masking(context, index, application)
    except Unmeasured as length:
        _unmeasured(context, index, length)
        return None


def _apply(context: LoweringContext, index: int, windows: dict[int, Window]) -> Application | None:
    settings = context.drawing.settings[index]
    if settings.is_source:
        return _source(context, index)
    if not _widths_agree(context, index):
        return None
    grid = grid_given(context, index, is_window=index in windows)
    if grid is None:
        return None
    # Token ids are numbers without an order: only an embedding makes features of them, here or in another picture.
    takes_ids = settings.definition.family in (Family.LOOKUP, Family.CALL)
    if not takes_ids and _reads_tokens(context, index):
        return None
    try:
        if index in windows:
            return windowed(context, index, settings, windows[index])
        return with_grid(kind_of(settings.definition.family)(context, index, settings), grid)
    except Unmeasured as length:
        _unmeasured(context, index, length)
    except Unbounded:
        context.unbounded(index)
    return None


def _source(context: LoweringContext, index: int) -> Application | None:
    settings = context.drawing.settings[index]
    # Where its padding is, is no part of what a layer computes. Lengths leave nothing to check.
    padding = None if settings.arguments.get("lengths") else settings.arguments.get("padding")
    marks = settings.arguments.get("mask", 0.0)
    assert isinstance(marks, int | float)
    operation = Placeholder(None if padding is None else Padding(padding), float(marks))
    # A step of token ids is one number.
    units = settings.arguments.get("features", ONE)
    assert isinstance(units, Size)
    arguments = dict(settings.arguments)
    grid = settings.grid
    return Application(
        context.key(index), settings.kind, NOTHING, units, operation, arguments, grid=grid
    )


def _find_windows(context: LoweringContext) -> dict[int, Window]:
    """The dense blocks that are convolutions; all blocks of a letter are, or none."""
    drawing = context.drawing
    by_key: dict[str | int, dict[int, Window | None]] = {}
    for index, settings in enumerate(drawing.settings):
        # The matrix of an embedding has no window.
        if settings.kind == WINDOWED and "tied" not in settings.arguments:
            by_key.setdefault(context.key(index), {})[index] = _window(context, index)
    # A letter is one set of weights: kernel (3, in, out) here and (3 * in, out) there cannot be shared.
    windows: dict[int, Window] = {}
    for members in by_key.values():
        windowed_blocks = {index: window for index, window in members.items() if window is not None}
        shapes = {
            (window.kernel, window.stride, window.dilation) for window in windowed_blocks.values()
        }
        if len(shapes) == 1 and len(windowed_blocks) == len(members):
            windows |= windowed_blocks
    return windows


def _window(context: LoweringContext, index: int) -> Window | None:
    """The window that the wires of a dense block draw, if they draw one."""
    read = context.drawing.operands[index]
    # A window reads zero at a padded step; a delayed node gives the last valid one.
    if context.composer.holds and _reads_earlier(read):
        return None
    return find_window(read, context.steps[index], context.steps)


def _reads_earlier(read: Sequence[Operand]) -> bool:
    """Whether a block reads delayed nodes."""
    return any(access.earlier for operand in read for access in operand.wired)


def _unmeasured(context: LoweringContext, index: int, length: Unmeasured) -> None:
    # A stretch without a name has one of ours, such as `_t1`, which is not in the picture.
    (size,) = length.args
    shown = "" if any(name.startswith("_") for name in size.names) else f" ({size})"
    context.error(
        "SEQ311",
        f"the length of `{context.drawing.blocks[index].letter}` is not known at run time{shown}",
        index,
        "name the ellipsis and set its length (`..n..` and `n = 100`), or connect a sequence of that length "
        "to it",
    )


def _widths_agree(context: LoweringContext, index: int) -> bool:
    """Whether all steps of each operand are equally wide."""
    for operand in context.drawing.operands[index]:
        read = dict.fromkeys(access.block for access in operand.wired)
        widths = {context.resolved(context.width[block]): block for block in read}
        # Y Y Y Y      one operand reads A, then B: a layer has one kernel, so A and B must be equally wide. On a bus
        # | | | |      each source has features of its own in the concatenation, and they may differ.
        # A A B B
        if operand.bus is None and len(widths) > 1:
            _report_widths(context, index, widths)
            return False
    return True


def _report_widths(context: LoweringContext, index: int, widths: dict[int | str, int]) -> None:
    """Report that steps of a block read other widths than others, given a block below of each."""
    from seqdsl.lowering.width_provenance import width_origins

    (one, first), (other, second) = list(widths.items())[:2]
    settings, blocks = context.drawing.settings, context.drawing.blocks
    read = f"{one} features, others read {other}"
    hint = "a layer reads the same number of features at every step: give both rows below the same width"
    if settings[first].definition.gives_ids != settings[second].definition.gives_ids:
        # E E E      S is an id, and `y` the 50 probabilities that Y gives
        # S y y
        wide, below = (other, second) if settings[first].definition.gives_ids else (one, first)
        read = f"ids, others read {wide} features"
        hint = f"put a row `argmax` or `sample` above `{blocks[below].letter}`, and read that in its place"
    letter, places = blocks[index].letter, width_origins(context.drawing, (first, second))
    context.error("SEQ305", f"some steps of `{letter}` read {read}", index, hint, places=places)


def _reads_tokens(context: LoweringContext, index: int) -> bool:
    for below in context.below(index):
        if context.drawing.settings[below].definition.gives_ids:
            kind = context.drawing.settings[index].kind
            context.error(
                "SEQ309",
                f"`{kind}` reads token ids, which are indices and not features",
                index,
                "put a row `embedding(64)` between them",
                (below, "the tokens"),
            )
            return True
    return False
