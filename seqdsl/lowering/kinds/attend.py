"""attention: a query straight from below, a memory by the bus."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.operations import Attend
from seqdsl.lowering.application import Application
from seqdsl.lowering.bus_steps import steps_of
from seqdsl.lowering.context import side_by_side
from seqdsl.lowering.named_rows import KEYS
from seqdsl.lowering.operands import Operand
from seqdsl.picture.trace import StateRef
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.expressions import Expression
    from seqdsl.lowering.calls import Settings
    from seqdsl.lowering.context import LoweringContext
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.picture.trace import Producer, Source


def attention(context: LoweringContext, index: int, settings: Settings) -> Application | None:
    """Attention of each node's query to all steps of one bus.

    ::

                    C   C        each C asks with its own D,
                   /|  /|        and gets a mean of all E
        +-+-+-----+-|-+ |
        E-E-E       D---D
    """
    memory = _memory(context, index)
    query = None if memory is None else _query(context, index)
    if memory is None or query is None or not _options_fit(context, index):
        return None
    keys = _keys(context, index)
    width, wide = context.composer.features(query), context.composer.features(memory)
    compared = wide if keys is None else context.composer.features(keys)
    arguments = _arguments(settings.arguments, width) | {"memory": wide}
    if keys is not None:
        arguments["keys"] = compared
    if not _widths_fit(context, index, width, compared) or not _as_long(context, index):
        return None
    # Heads project to the query's width; without them the result is a mean of the memory's steps.
    units = width if "heads" in arguments else wide
    return Application(
        context.key(index), settings.kind, width, units, Attend(query, memory, keys), arguments
    )


def _memory(context: LoweringContext, index: int) -> Expression | None:
    """All steps of the one bus that enters every node of a block."""
    buses = [item for item in context.drawing.operands[index] if item.bus and item.named != KEYS]
    bus = buses[0].bus if len(buses) == 1 and len(buses[0].accesses) == 1 else None
    if bus is None:
        context.error(
            "SEQ309",
            "an `attention` needs one bus as its memory, which all its nodes attend to",
            index,
            "connect the steps to attend to with a bus of `+`, and connect the bus to every node, or name their "
            "row: `attention(E)`",
        )
        return None
    return steps_of(context.composer, bus)


def _keys(context: LoweringContext, index: int) -> Expression | None:
    """The row that queries are compared with, where it is not the memory."""
    for operand in context.drawing.operands[index]:
        if operand.named == KEYS and operand.bus is not None:
            return steps_of(context.composer, operand.bus)
    return None


def _as_long(context: LoweringContext, index: int) -> bool:
    """Whether there is a key for each step of the memory."""
    buses = [item.bus for item in context.drawing.operands[index] if item.bus]
    counts = [sum((part.count for part in bus), start=Size.of(0)) for bus in buses]
    shown = [str(context.resolved(count)) for count in counts]
    if len(set(shown)) == 1:
        return True
    context.error(
        "SEQ309",
        f"the keys of this `attention` have {shown[1]} steps, its memory has {shown[0]}",
        index,
        "name a row of keys that has a step for each step of the memory",
    )
    return False


def _query(context: LoweringContext, index: int) -> Expression | None:
    """What asks: the wires of a block's nodes, or what of a bus is in their columns."""
    asked = [operand for operand in context.drawing.operands[index] if operand.bus is None]
    if not asked:
        asked = _own_columns(context, index)
        if not asked:
            return None
        context.queries[index] = asked[0]
    steps = context.steps[index]
    return side_by_side([context.composer.view(operand, steps) for operand in asked])


def _own_columns(context: LoweringContext, index: int) -> list[Operand]:
    """The queries of an attention over a bus alone: each node's own column."""
    block = context.drawing.blocks[index]
    units = range(block.first, block.first + block.count)
    columns = _Columns(context.drawing)
    own = [columns.own(unit) for unit in units]
    if None in own:
        context.error(
            "SEQ309",
            "a node of this `attention` has no query: nothing of the bus is in its column",
            index,
            "connect each node's query straight from below",
        )
        return []
    sources = [source for source in own if source is not None]
    reader = context.drawing.reader
    before = len(reader.diagnostics)
    accesses = reader.accesses(sources, index)
    context.diagnostics += reader.diagnostics[before:]
    return [Operand(accesses)] if len(reader.diagnostics) == before else []


class _Columns:
    """What of all that enters a node is in the node's own column.

    Every node over a bus asks, so a bus is followed once and not once for each of them.
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing = drawing
        self._by_column: dict[Source, dict[int, Producer]] = {}
        self._leaving: dict[int, list[int]] = {}
        for terminals in drawing.states.terminals.values():
            for item in terminals:
                if item.leaves:
                    self._leaving.setdefault(item.block, []).append(item.column)

    def own(self, unit: int) -> Producer | None:
        """The first source of a node in the node's column."""
        trace = self.drawing.trace
        column = trace.units[unit]
        for entry in trace.entries(unit):
            if column in self._of(entry):
                return self._of(entry)[column]
        return None

    def _of(self, entry: Source) -> dict[int, Producer]:
        """The first source of a wire in each column: where a unit is drawn, or a final state leaves its row."""
        if entry not in self._by_column:
            by_column = self._by_column[entry] = {}
            for source in self.drawing.reader.flat(entry):
                columns = (
                    self._leaving.get(source.block, ())
                    if isinstance(source, StateRef)
                    else (self.drawing.trace.units[source],)
                )
                for column in columns:
                    by_column.setdefault(column, source)
        return self._by_column[entry]


def _arguments(given: Mapping[str, object], width: Size) -> dict[str, object]:
    """The arguments of the layer, without a width of the heads' keys that is what it would be anyway."""
    # attention(heads=4, key=16) over 64 features is `attention(heads=4)`, for which PyTorch has a layer.
    heads, key = given.get("heads"), given.get("key")
    usual = isinstance(heads, Size) and isinstance(key, Size) and heads * key == width
    # Which rows are read, the operation says.
    dropped = {"values", "keys", *(["key"] if usual else [])}
    return {name: value for name, value in given.items() if name not in dropped}


def _options_fit(context: LoweringContext, index: int) -> bool:
    """Whether the arguments of an attention mean something together."""
    settings = context.drawing.settings[index]
    contrary = _contrary(settings.arguments)
    if contrary is None:
        return True
    what, other, hint = contrary
    assert settings.call is not None
    argument = next(item for item in settings.call.arguments if item.keyword == what)
    message = f"`{argument}` cannot be used with `{other}`"
    hint = f"{hint}; remove `{what}=`"
    context.diagnostics.append(Diagnostic("SEQ304", message, argument.span, hint))
    return False


def _contrary(given: Mapping[str, object]) -> tuple[str, str, str] | None:
    """An argument that another one rules out, that one, and why."""
    is_additive, scale = given.get("score") == "additive", given.get("scale")
    if is_additive and "heads" in given:
        why = "heads compare by dot products; `key=16` projects without heads"
        return "score", "heads=", why
    if is_additive and scale:
        return (
            "scale",
            "score=additive",
            "it is for dot products: a trained vector scales by itself",
        )
    if scale is False and "heads" in given:
        return "scale", "heads=", "heads always divide by the root of their width"
    return None


def _widths_fit(context: LoweringContext, index: int, width: Size, memory: Size) -> bool:
    """Whether queries can be compared with the memory: projections make both equally wide."""
    arguments = context.drawing.settings[index].arguments
    heads, is_projected = arguments.get("heads"), "key" in arguments
    features, wide = context.resolved(width), context.resolved(memory)
    if heads is None and not is_projected and features != wide:
        how = "sum" if arguments.get("score") == "additive" else "dot product"
        context.error(
            "SEQ305",
            f"the queries have {features} features, the memory has {wide}",
            index,
            f"a {how} needs equal widths; `{_projecting(arguments)}` projects them",
        )
        return False
    if isinstance(heads, Size) and not is_projected and isinstance(features, int):
        number = int(context.resolved(heads))
        if features % number:
            context.error(
                "SEQ305",
                f"{number} heads do not divide {features} features",
                index,
                "choose a number of heads that divides the width of the query, or set the width of a head's "
                "keys (`key=16`)",
            )
            return False
    return True


def _projecting(arguments: Mapping[str, object]) -> str:
    """The call that projects what is compared."""
    is_additive = arguments.get("score") == "additive"
    return "attention(score=additive, key=16)" if is_additive else "attention(heads=1)"
