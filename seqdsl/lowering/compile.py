"""picture → resolved picture → model specification: every stage between the rows and the meaning, in order."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.analysis.order import order_with_loops
from seqdsl.budget import Budget
from seqdsl.ir.graph import Parameter
from seqdsl.lowering.before import never_given
from seqdsl.lowering.call_checks import parameter_values
from seqdsl.lowering.default_layers import DEFAULTS, Surroundings, find_settings
from seqdsl.lowering.delay_runs import find_delays, has_own_length
from seqdsl.lowering.drawing import Drawing
from seqdsl.lowering.infer import infer
from seqdsl.lowering.lengths import find_lengths
from seqdsl.lowering.named_rows import add_named_rows
from seqdsl.lowering.operands import Reader
from seqdsl.lowering.parts import find_parts
from seqdsl.lowering.stretches import count_stretches
from seqdsl.lowering.surroundings import Read, find_surroundings
from seqdsl.lowering.tied import tie_units
from seqdsl.lowering.wired import Wired
from seqdsl.model.spec import ModelSpec
from seqdsl.picture.blocks import find_blocks
from seqdsl.picture.delayed import find_delayed
from seqdsl.picture.earlier import check_letters
from seqdsl.picture.grid import scan
from seqdsl.picture.states import find_states
from seqdsl.picture.trace import trace
from seqdsl.size import Size
from seqdsl.syntax.ast import Number
from seqdsl.text.diagnostics import Diagnostic
from seqdsl.text.source import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from seqdsl.budget import Budget
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.operands import Operand
    from seqdsl.picture.grid import GridRow
    from seqdsl.syntax.ast import Picture


class Resolved(NamedTuple):
    """A picture whose wires and layers are resolved.

    Attributes:
        drawing: what was read of it.
        is_read: whether anything reads each block's value or state.
        parameters: what the generated builder takes.
    """

    drawing: Drawing
    is_read: tuple[bool, ...]
    parameters: tuple[Parameter, ...]


def resolve(
    picture: Picture, budget: Budget, *, diagnose: bool = True
) -> tuple[Resolved | None, list[Diagnostic]]:
    """Follow a picture's wires and settle what each of its blocks is; ``None`` if it has errors.

    Args:
        picture: what was read of it.
        budget: what is left for the pictures of its text.
        diagnose: whether to look for the one mistake behind several findings, for people who read them.

    Raises:
        Overgrown: more is drawn than is left.
    """
    values = parameter_values(picture)
    # Each stage adds what it finds; one without a result ends here.
    wired, diagnostics = _wire(picture, budget, diagnose=diagnose)
    if wired is None:
        return None, diagnostics
    sizes = DEFAULTS | {name: int(value) for name, value in values.items()}
    read, problems = _read(picture, wired, {name: sizes[name] for name in values}, budget)
    diagnostics += problems
    if read is None:
        return None, diagnostics
    around = find_surroundings(wired, read)
    settings, problems = find_settings(picture, wired.grid, wired.blocks, around, DEFAULTS | values)
    diagnostics += problems
    complete = [item for item in settings if item is not None]
    if _has_errors(diagnostics) or len(complete) < len(settings):
        return None, diagnostics
    complete, problems = tie_units(complete, wired.blocks, read.operands)
    diagnostics += problems
    if problems:
        return None, diagnostics
    places = {item.name: item.span for item in picture.parameters}
    drawing = Drawing(
        wired.grid,
        wired.blocks,
        wired.delayed,
        complete,
        read.operands,
        wired.states,
        wired.traced,
        read.lengths,
        read.reader,
        _order(complete, around),
        sizes,
        places,
        values,
        {item.name: item for item in picture.cells},
    )
    parameters, problems = _parameters(picture, complete, read.lengths.minimum, wired.grid)
    diagnostics += problems
    return Resolved(drawing, around.is_read, tuple(parameters)), diagnostics


def _order(settings: Sequence[Settings], around: Surroundings) -> tuple[int, ...]:
    """All blocks, each after those that it reads; what reads nothing is behind the inputs, which tell its length."""
    inputs = {index for index, item in enumerate(settings) if item.is_source}
    behind = [
        inputs if item.definition.reads_nothing and not item.is_source else set()
        for item in settings
    ]
    if not any(behind):
        return around.order
    sources = zip(around.below, around.initial, behind, strict=True)
    return order_with_loops(
        [below | initial | inputs for below, initial, inputs in sources],
        [wires | inputs for wires, inputs in zip(around.wires, behind, strict=True)],
    )


def lower(picture: Picture, resolved: Resolved) -> tuple[ModelSpec | None, list[Diagnostic]]:
    """Infer what a resolved picture means; ``None`` if it means nothing."""
    drawing, is_read, parameters = resolved
    return infer(picture.name, _canonical(picture), drawing, is_read, list(parameters))


def _wire(
    picture: Picture, budget: Budget, *, diagnose: bool
) -> tuple[Wired | None, list[Diagnostic]]:
    """Follow the wires of a picture, and cut the blocks whose parts read different blocks."""
    grid, diagnostics = scan(picture.rows)
    blocks, problems = find_blocks(grid)
    diagnostics += problems
    delayed, problems = find_delayed(grid, sum(block.count for block in blocks))
    diagnostics += problems + check_letters(blocks, delayed)
    if _has_errors(diagnostics) or not blocks:
        return None, diagnostics or [_no_nodes(picture)]
    budget.take_blocks(len(blocks) + len(delayed))
    states, problems = find_states(grid, blocks)
    diagnostics += problems
    traced, wires = trace(grid, states)
    # A junction whose state wire is wrong seems to join nothing: one mistake is one diagnostic.
    diagnostics += [item for item in wires if not item.follows_from(problems)]
    if _has_errors(diagnostics):
        if not diagnose:
            return None, diagnostics
        from seqdsl.picture.misalignment import as_one_diagnostic

        return None, as_one_diagnostic(picture.rows, diagnostics)
    parts = find_parts(picture, grid, blocks, traced, delayed)
    if parts.blocks is not blocks:
        # The whole blocks were checked already.
        blocks = list(parts.blocks)
        states, _ = find_states(grid, blocks)
        traced, _ = trace(grid, states)
    found = Wired(grid, blocks, parts.named, delayed, states, traced, parts.unordered)
    return found, diagnostics


def _read(
    picture: Picture, wired: Wired, given: Mapping[str, int], budget: Budget
) -> tuple[Read | None, list[Diagnostic]]:
    """Find how long everything is, then what every step reads."""
    grid, traced = wired.grid, wired.traced
    blocks = [*wired.blocks, *wired.delayed]
    budget.take_ellipses(sum(len(row.ends) for row in grid), count_stretches(grid))
    named = [*wired.named, *filter(partial(has_own_length, grid), wired.delayed)]
    lengths, diagnostics = find_lengths(grid, blocks, named, given, traced)
    if _has_errors(diagnostics):
        return None, diagnostics
    reader = Reader(grid, blocks, traced, lengths, unordered=wired.unordered)
    if wired.delayed:
        delays, diagnostics = find_delays(wired, lengths, given, reader)
        if delays is None:
            return None, diagnostics
        reader = Reader(grid, blocks, traced, lengths, delays, wired.unordered)
    operands: list[list[Operand]] = []
    for index, block in enumerate(wired.blocks):
        operands.append(reader.operands(index))
        diagnostics += never_given(wired, blocks, index, operands[-1])
        budget.take_links(
            sum(len(operand.accesses) + len(operand.bus or ()) for operand in operands[-1]),
            block.span,
        )
    diagnostics += add_named_rows(picture, wired, reader, operands)
    diagnostics += reader.diagnostics
    return (None if _has_errors(diagnostics) else Read(lengths, reader, operands)), diagnostics


def _has_errors(diagnostics: Sequence[Diagnostic]) -> bool:
    return any(item.is_error for item in diagnostics)


def first_cell(picture: Picture) -> Span:
    """The first character of a picture, to which findings about all of it point."""
    row = picture.rows[0]
    return Span.cell(row.line, len(row.cells) - len(row.cells.lstrip()) + 1)


def _no_nodes(picture: Picture) -> Diagnostic:
    hint = "draw rows of O, wired by rows of |"
    return Diagnostic("SEQ104", "this picture has no nodes", first_cell(picture), hint)


def _defaults(names: Collection[str]) -> list[Parameter]:
    """The parameters that the text uses without giving them a value, in a fixed order."""
    return [Parameter(name, value) for name, value in DEFAULTS.items() if name in names]


def _unused(name: str, span: Span) -> Diagnostic:
    return Diagnostic("SEQ113", f"the parameter `{name}` is not used", span, "use it, or remove it")


def _parameters(
    picture: Picture,
    settings: Sequence[Settings],
    minimum: dict[str, int],
    grid: Sequence[GridRow],
) -> tuple[list[Parameter], list[Diagnostic]]:
    """The parameters that the generated builder takes; unused ones are reported.

    A second name over one stretch is used, as it is compared with the first, but nothing is built with it.
    """
    taken = set(minimum).union(*map(_names, settings))
    given = {item.name: item for item in picture.parameters}
    lengths = {name for row in grid for name in row.names.values()}
    used = taken | lengths
    diagnostics = [_unused(name, item.span) for name, item in given.items() if name not in used]
    defaults = _defaults(taken - given.keys())
    own = [
        Parameter(name, item.value.value)
        for name, item in given.items()
        if name in taken and isinstance(item.value, Number)
    ]
    return defaults + own, diagnostics


def _names(settings: Settings) -> set[str]:
    """The parameters that a layer's arguments speak of; a rate is given by its parameter's name."""
    names: set[str] = set()
    for value in settings.arguments.values():
        names |= value.names if isinstance(value, Size) else {str(value)}
    return names


def _canonical(picture: Picture) -> str:
    """The picture's text, without comments: rows with their layers, definitions, parameters."""
    rows = [row.cells.rstrip() for row in picture.rows]
    indent = min(len(row) - len(row.lstrip()) for row in rows)
    width = max(len(row) for row in rows) - indent
    lines = [
        f"{text[indent:]:<{width}}   {row.call}" if row.call else text[indent:]
        for text, row in zip(rows, picture.rows, strict=True)
    ]
    extra = [f"{item.letter} = {item.call}" for item in picture.definitions]
    extra += [f"{item.name} = {item.value}" for item in picture.parameters]
    lines = [*lines, "", *extra] if extra else lines
    return "\n".join([*_cells(picture), *lines])


def _cells(picture: Picture) -> list[str]:
    """The lines of the cells that a picture uses, a blank one behind each."""
    if not picture.cells:
        return []
    calls = [item.call for item in picture.definitions]
    used = {call.layer for call in (*calls, *(row.call for row in picture.rows if row.call))}
    return [
        text
        for item in picture.cells
        if item.name in used
        for text in (*(line for _, line in item.lines), "")
    ]
