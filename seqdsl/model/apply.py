"""settings and slots → applications: each block as one application of one layer, with its widths checked."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seqdsl.diagnostics import Diagnostic
from seqdsl.graph.steps import step_graph
from seqdsl.model.compose import NOTHING, ONE, Composer
from seqdsl.model.layers import COMBINE, RECURRENT, SOURCES, Settings
from seqdsl.model.reads import ZERO, Piece, Slot
from seqdsl.model.roles import ANONYMOUS
from seqdsl.model.size import Size
from seqdsl.model.start import Start, find_start
from seqdsl.model.views import Final, JoinFeatures, JoinTime, Repeat, Value, View, Zeros, walk
from seqdsl.model.windows import Window, find_window

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import networkx as nx

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.graph.grid import GridRow
    from seqdsl.graph.states import StateWires
    from seqdsl.graph.trace import Trace
    from seqdsl.model.lengths import Lengths
    from seqdsl.model.reads import Reader


@dataclass(slots=True)
class Application:
    """A block's layer, and what it is applied to.

    Attributes:
        key: what shares weights: a letter, or the number of an anonymous block.
        kind: the layer's kind in the backends; a windowed ``dense`` is ``conv``.
        width: features the layer sees.
        units: features it gives.
        views: what it sees.
        options: how it is applied.
        arguments: the layer's arguments.
    """

    key: str | int
    kind: str
    width: Size
    units: Size
    views: tuple[View, ...]
    options: dict[str, object] = field(default_factory=dict)
    arguments: dict[str, object] = field(default_factory=dict)
    uses: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Drawing:
    """What was read of the picture, for the stages that give it a meaning."""

    grid: Sequence[GridRow]
    blocks: Sequence[DrawnBlock]
    settings: Sequence[Settings]
    slots: Sequence[Sequence[Slot]]
    states: StateWires
    trace: Trace
    lengths: Lengths
    reader: Reader
    order: Sequence[int]
    values: Mapping[str, int]

    def graph(self) -> nx.DiGraph:
        """The step graph."""
        recurrent = frozenset(i for i, item in enumerate(self.settings) if item.kind in RECURRENT)
        kinds = [item.kind for item in self.settings]
        return step_graph(self.grid, self.blocks, kinds, recurrent, self.states, self.trace)

    def steps(self, index: int) -> Size | None:
        """The length of a block; ``None`` for a vector."""
        return None if self.blocks[index].is_vector else self.lengths.steps[index]


class Applier:
    """Applies the layers block by block, each after those that it reads."""

    def __init__(self, drawing: Drawing) -> None:
        """Prepare for the blocks of ``drawing``."""
        self.drawing = drawing
        self.width: dict[int, Size] = {}
        self.applications: dict[int, Application] = {}
        self.diagnostics: list[Diagnostic] = []
        steps = [drawing.steps(index) for index in range(len(drawing.blocks))]
        self.composer = Composer(steps, self.width, self._is_end)
        self.steps = steps
        self._windows = self._find_windows()

    def run(self) -> dict[int, Application]:
        """Apply all layers; blocks whose layer does not fit are missing from the result."""
        for index in self.drawing.order:
            application = self._apply(index)
            if application is None:
                break
            self.applications[index] = application
            self.width[index] = application.units
        if not self.diagnostics:
            self._note_uses()
        return self.applications

    def direction(self, index: int) -> str:
        """Which way a recurrent block runs: ``">"``, ``"<"`` or ``"="``."""
        return self.drawing.states.directions[index] or ">"

    def _is_end(self, index: int, step: Size) -> bool:
        if self.drawing.settings[index].kind not in RECURRENT:
            return False
        steps = self.steps[index]
        if steps is None:
            return True
        end = {">": steps - 1, "<": NOTHING}.get(self.direction(index))
        return end is not None and step == end

    def _find_windows(self) -> dict[int, Window]:
        """The dense blocks that are convolutions; all blocks of a letter are, or none."""
        found: dict[int, Window] = {}
        for index, settings in enumerate(self.drawing.settings):
            if settings.kind == "dense":
                window = find_window(self.drawing.slots[index], self.steps[index], self.steps)
                if window is not None:
                    found[index] = window
        return {index: window for index, window in found.items() if self._alike(index, found)}

    def _alike(self, index: int, windows: Mapping[int, Window]) -> bool:
        same = [
            other
            for other in range(len(self.drawing.blocks))
            if self._key(other) == self._key(index)
        ]
        shapes = {
            (w.kernel, w.stride, w.dilation) if (w := windows.get(other)) else None
            for other in same
        }
        return len(shapes) == 1

    def _key(self, index: int) -> str | int:
        letter = self.drawing.blocks[index].letter
        return index if letter == ANONYMOUS else letter

    def _apply(self, index: int) -> Application | None:
        settings = self.drawing.settings[index]
        kind = settings.kind
        if kind in SOURCES:
            units = settings.arguments.get("features", NOTHING)
            assert isinstance(units, Size)
            return Application(
                self._key(index), kind, NOTHING, units, (), {}, dict(settings.arguments)
            )
        if not self._slots_agree(index):
            return None
        if kind == "embedding":
            return self._embedding(index, settings)
        if self._reads_tokens(index):
            return None
        if kind in RECURRENT:
            return self._recurrent(index, settings)
        if kind in COMBINE:
            return self._combine(index, settings)
        special = {"attention": self._attention, "conv": self._conv, "split": self._split}.get(kind)
        if special is not None:
            return special(index, settings)
        if index in self._windows:
            return self._windowed(index, settings, self._windows[index])
        return self._plain(index, settings)

    def _error(
        self, code: str, message: str, index: int, hint: str, *others: tuple[int, str]
    ) -> None:
        blocks = self.drawing.blocks
        related = tuple((blocks[other].span, caption) for other, caption in others)
        self.diagnostics.append(Diagnostic(code, message, blocks[index].span, hint, related))

    def _slots_agree(self, index: int) -> bool:
        """Whether all steps of each slot are equally wide."""
        for slot in self.drawing.slots[index]:
            read = dict.fromkeys(piece.block for piece in slot.pieces if piece.block != ZERO)
            widths = {self._known(self.width[block]): block for block in read}
            if slot.bus is None and len(widths) > 1:
                (one, first), (other, second) = list(widths.items())[:2]
                letter = self.drawing.blocks[index].letter
                self._error(
                    "SEQ305",
                    f"some steps of `{letter}` see {one} features, others {other}",
                    index,
                    "one layer sees equally many at every step: give both rows below the same width",
                    (first, f"{one} features"),
                    (second, f"{other} features"),
                )
                return False
        return True

    def _known(self, size: Size) -> int | str:
        """A size as a number if the parameters tell it, for comparisons and messages."""
        if size.names <= self.drawing.values.keys():
            return size.value(self.drawing.values)
        return str(size)

    def _views(self, index: int) -> list[View]:
        return [self.composer.view(slot, self.steps[index]) for slot in self.drawing.slots[index]]

    def _joined(self, index: int) -> View:
        views = self._views(index)
        return views[0] if len(views) == 1 else JoinFeatures(tuple(views))

    def _reads_tokens(self, index: int) -> bool:
        for below in self._below(index):
            if self.drawing.settings[below].kind == "tokens":
                kind = self.drawing.settings[index].kind
                self._error(
                    "SEQ309",
                    f"`{kind}` sees token ids, which are no numbers to compute with",
                    index,
                    "put a row `embedding(64)` between them",
                    (below, "the tokens"),
                )
                return True
        return False

    def _below(self, index: int) -> list[int]:
        found = {
            piece.block
            for slot in self.drawing.slots[index]
            for piece in (*slot.pieces, *(slot.bus or ()))
        }
        return sorted(found - {ZERO})

    def _embedding(self, index: int, settings: Settings) -> Application | None:
        below = self._below(index)
        if len(self.drawing.slots[index]) != 1 or any(
            self.drawing.settings[b].kind != "tokens" for b in below
        ):
            self._error(
                "SEQ309",
                "an embedding looks up one token a step, and nothing else",
                index,
                "wire it to a row of `tokens(vocabulary)`",
            )
            return None
        sizes = {self._known(self.drawing.settings[b].size("vocabulary")) for b in below}
        if len(sizes) > 1:
            self._error(
                "SEQ308",
                "one embedding over different vocabularies",
                index,
                "use a letter of its own for each",
                *((b, "its tokens") for b in below),
            )
            return None
        vocabulary = self.drawing.settings[below[0]].size("vocabulary")
        arguments: dict[str, object] = {"vocabulary": vocabulary, **settings.arguments}
        units = settings.size("features")
        return Application(
            self._key(index), "embedding", vocabulary, units, (self._joined(index),), {}, arguments
        )

    def _plain(self, index: int, settings: Settings) -> Application | None:
        """A layer that works step by step on everything its nodes see."""
        view = self._joined(index)
        width = self.composer.features(view)
        if not self._is_fixed(width, index):
            return None
        units = settings.arguments.get("units", width)
        assert isinstance(units, Size)
        return Application(
            self._key(index), settings.kind, width, units, (view,), {}, dict(settings.arguments)
        )

    def _is_fixed(self, width: Size, index: int) -> bool:
        free = width.names - self.drawing.values.keys()
        if free:
            self._error(
                "SEQ311",
                "all steps of a sequence of free length side by side: the width would be free",
                index,
                "fix the length (`..n..` and `n = 100`), or combine the steps by `mean` or `max`",
            )
        return not free

    def _windowed(self, index: int, settings: Settings, window: Window) -> Application:
        width = self.width[window.block]
        arguments = {
            **settings.arguments,
            "kernel": Size.of(window.kernel),
            "dilation": window.dilation,
            "stride": window.stride,
        }
        options: dict[str, object] = {"before": window.before, "after": window.after}
        return Application(
            self._key(index),
            "conv",
            width,
            settings.size("units"),
            (Value(window.block),),
            options,
            arguments,
        )

    def _conv(self, index: int, settings: Settings) -> Application | None:
        """A convolution of the whole block below; the wires tell which of its steps are kept."""
        slots = self.drawing.slots[index]
        whole = [slot.pieces for slot in slots]
        below = [[piece.block for piece in pieces if piece.block != ZERO] for pieces in whole]
        if any(slot.bus is not None for slot in slots) or any(
            len(set(found)) != 1 for found in below
        ):
            self._error(
                "SEQ309",
                "a `conv` reads one block below, a wire at the centre of each window",
                index,
                "wire each node to one step of one row",
            )
            return None
        centres = {
            tuple((p.start, p.count, p.stride, p.block == ZERO) for p in pieces) for pieces in whole
        }
        sources = [found[0] for found in below]
        if len(centres) > 1 or any(self.steps[block] is None for block in sources):
            self._error(
                "SEQ309",
                "the wires of a `conv` must mark the same centres in every row it reads",
                index,
                "wire all rows alike",
            )
            return None
        views = tuple(Value(block) for block in sources)
        view = views[0] if len(views) == 1 else JoinFeatures(views)
        kernel = settings.size("kernel").value({})
        dilation = settings.arguments.get("dilation", ONE)
        assert isinstance(dilation, Size)
        reach = (kernel - 1) * dilation.value({})
        causal = settings.arguments.get("padding") == "causal"
        before = reach if causal else reach // 2
        options: dict[str, object] = {"before": before, "after": reach - before}
        options |= self._kept(index, whole[0], before, reach)
        arguments: dict[str, object] = {
            **{
                key: value
                for key, value in settings.arguments.items()
                if key not in ("padding", "filters")
            },
            "dilation": dilation.value({}),
            "stride": 1,
        }
        units = settings.size("filters")
        return Application(
            self._key(index),
            "conv",
            self.composer.features(view),
            units,
            (view,),
            options,
            arguments,
        )

    def _kept(
        self, index: int, pieces: Sequence[Piece], before: int, reach: int
    ) -> dict[str, object]:
        """Which steps of the convolution are kept; those whose window is whole need no padding."""
        source = next(piece.block for piece in pieces if piece.block != ZERO)
        length = self.steps[source]
        assert length is not None
        if len(pieces) == 1 and pieces[0].stride == 1:
            start, count = pieces[0].start, pieces[0].count
            if start == Size.of(before) and count == length - reach and reach:
                return {"before": 0, "after": 0}
            if start == NOTHING and count == length:
                return {}
        kept = [
            Piece(index if p.block != ZERO else ZERO, p.start, p.count, p.stride) for p in pieces
        ]
        inner = Composer(
            [*self.steps[:index], length, *self.steps[index + 1 :]], self.width, lambda *_: False
        )
        view = inner.vector(kept[0]) if self.steps[index] is None else inner.sequence(kept)
        return {"kept": view}

    def _recurrent(self, index: int, settings: Settings) -> Application | None:
        views = self._views(index)
        direction = self.direction(index)
        cell = settings.size("units")
        units = cell * 2 if direction == "=" else cell
        start, found = find_start(index, self.drawing, self.applications, self.composer)
        self.diagnostics += found
        if found:
            return None
        if self.steps[index] is None:
            views = [Repeat(view, ONE) for view in views]
        if not views:
            # A decoder fed by its state alone sees one feature that is always zero: cells need one.
            views = [self._blank(start, self.steps[index])]
        view = views[0] if len(views) == 1 else JoinFeatures(tuple(views))
        width = self.composer.features(view)
        if not self._is_fixed(width, index):
            return None
        arguments = {**settings.arguments, "bidirectional": direction == "="}
        options: dict[str, object] = {"direction": direction, "start": start}
        return Application(
            self._key(index), settings.kind, width, units, (view,), options, arguments
        )

    def _blank(self, start: Start | None, steps: Size | None) -> View:
        assert start is not None
        like: View = Final(start.block) if start.block is not None else start.views[0]
        return Zeros(steps or ONE, like)

    def _combine(self, index: int, settings: Settings) -> Application | None:
        """Element by element over everything that a node sees, each source of a bus by itself."""
        steps = self.steps[index]
        slots = self.drawing.slots[index]
        if steps is None:
            pieces = [piece for slot in slots for piece in (slot.bus or slot.pieces)]
            if any(piece.count != ONE for piece in pieces):
                return self._pool(index, settings, self.composer.steps_of(pieces), None)
            return self._together(
                index, settings, [self.composer.vector(piece) for piece in pieces]
            )
        if len(slots) == 1 and slots[0].bus is not None and len(slots[0].pieces) == 1:
            return self._pool(index, settings, self.composer.steps_of(slots[0].bus), steps)
        views: list[View] = []
        for slot in slots:
            views += self._operands(slot, steps)
        return self._together(index, settings, views)

    def _operands(self, slot: Slot, steps: Size) -> list[View]:
        if slot.bus is None:
            return [self.composer.sequence(slot.pieces)]
        found: list[View] = []
        for piece in slot.bus:
            count = piece.count.constant
            singles = (
                [piece]
                if count is None
                else [
                    Piece(piece.block, piece.start + piece.stride * at, ONE, 1, piece.final)
                    for at in range(count)
                ]
            )
            found += [
                self.composer.spread(self.composer.vector(one), slot.pieces, steps)
                for one in singles
            ]
        return found

    def _pool(
        self, index: int, settings: Settings, view: View, steps: Size | None
    ) -> Application | None:
        parts = view.parts if isinstance(view, JoinTime) else (view,)
        widths = [self.composer.features(part) for part in parts]
        width = self._spread_width(index, widths)
        if width is None:
            return None
        options: dict[str, object] = {"pool": True, "repeat": steps}
        return Application(self._key(index), settings.kind, width, width, (view,), options, {})

    def _together(self, index: int, settings: Settings, views: list[View]) -> Application | None:
        width = self._spread_width(index, [self.composer.features(view) for view in views])
        if width is None:
            return None
        return Application(self._key(index), settings.kind, width, width, tuple(views), {}, {})

    def _spread_width(self, index: int, widths: Sequence[Size]) -> Size | None:
        """The common width of what is combined; a width of 1 is spread to the others'."""
        wide = {self._known(width): width for width in widths if self._known(width) != 1}
        if len(wide) > 1:
            shown = " and ".join(str(value) for value in wide)
            self._error(
                "SEQ305",
                f"`{self.drawing.settings[index].kind}` combines values of {shown} features",
                index,
                "give them the same width (or width 1, which is spread), or use `concat`",
            )
            return None
        return next(iter(wide.values()), ONE)

    def _attention(self, index: int, settings: Settings) -> Application | None:
        buses = [
            slot
            for slot in self.drawing.slots[index]
            if slot.bus is not None and len(slot.pieces) == 1
        ]
        others = [slot for slot in self.drawing.slots[index] if slot.bus is None]
        if len(buses) != 1 or len(buses) + len(others) != len(self.drawing.slots[index]):
            self._error(
                "SEQ309",
                "an `attention` needs one bus: the memory that all its nodes attend to",
                index,
                "join the steps to attend to by a bus of `+`, and lead it to every node",
            )
            return None
        bus = buses[0].bus
        assert bus is not None
        memory = self.composer.steps_of(bus)
        asked = others or self._own_columns(index)
        if not asked:
            return None
        queries = [self.composer.view(slot, self.steps[index]) for slot in asked]
        query = queries[0] if len(queries) == 1 else JoinFeatures(tuple(queries))
        width, wide = self.composer.features(query), self.composer.features(memory)
        arguments = dict(settings.arguments)
        arguments["memory"] = wide
        if not self._heads_fit(index, width, wide, arguments):
            return None
        units = width if "heads" in arguments else wide
        options: dict[str, object] = {} if others else {"asked": asked[0]}
        return Application(
            self._key(index), "attention", width, units, (query, memory), options, arguments
        )

    def _own_columns(self, index: int) -> list[Slot]:
        """The queries of an attention over a bus alone: each node's own column."""
        block = self.drawing.blocks[index]
        own = [self._own_column(unit) for unit in range(block.first, block.first + block.count)]
        if None in own:
            self._error(
                "SEQ309",
                "a node of this `attention` has no query: nothing of the bus is in its column",
                index,
                "wire each node's query straight from below",
            )
            return []
        sources = [source for source in own if source is not None]
        return [Slot(self.drawing.reader.pieces(sources, index))]

    def _own_column(self, unit: int) -> int | None:
        trace = self.drawing.trace
        entries = (trace.slash[unit], trace.pipe[unit], trace.back[unit])
        sources = [
            source for entry in entries if entry != -1 for source in self.drawing.reader.flat(entry)
        ]
        return next((s for s in sources if s >= 0 and trace.units[s] == trace.units[unit]), None)

    def _heads_fit(
        self, index: int, width: Size, memory: Size, arguments: Mapping[str, object]
    ) -> bool:
        heads = arguments.get("heads")
        if heads is None and self._known(width) != self._known(memory):
            self._error(
                "SEQ305",
                f"queries of {self._known(width)} features, a memory of {self._known(memory)}",
                index,
                "a dot product needs equal widths; `attention(heads=1)` projects them",
            )
            return False
        known = self._known(width)
        if isinstance(heads, Size) and isinstance(known, int) and known % heads.value({}):
            self._error(
                "SEQ305",
                f"{heads} heads do not divide {known} features",
                index,
                "choose a number of heads that divides the width of the query",
            )
            return False
        return True

    def _split(self, index: int, settings: Settings) -> Application | None:
        """Node i of n takes the i-th of n equal parts of what they all see."""
        steps = self.steps[index]
        view = self._joined(index)
        parts = view.parts if isinstance(view, JoinFeatures) else (view,)
        inner = [part.of if isinstance(part, Repeat) else part for part in parts]
        constant = steps is None or all(isinstance(part, Repeat) for part in parts)
        whole = inner[0] if len(inner) == 1 else JoinFeatures(tuple(inner))
        if not constant:
            self._error(
                "SEQ309",
                "the nodes of a `split` must all see the same",
                index,
                "lead one value to all of them by a bus",
            )
            return None
        width, count = self.composer.features(whole), steps or ONE
        known, number = self._known(width), self._known(count)
        if not isinstance(known, int) or not isinstance(number, int) or known % number:
            self._error(
                "SEQ305",
                f"{known} features cannot be split into {number} equal parts",
                index,
                "choose a width that the number of steps divides",
            )
            return None
        units = Size.of(known // number) if width.names or count.names else Size.of(known // number)
        return Application(self._key(index), "split", width, units, (whole,), {"parts": steps}, {})

    def _note_uses(self) -> None:
        """Tell every recurrent block which of its values are read."""
        uses: dict[int, set[str]] = {index: set() for index in self.applications}
        for application in self.applications.values():
            start = application.options.get("start")
            views = list(application.views)
            if isinstance(start, Start):
                views += start.views
                if start.block is not None:
                    uses[start.block].add("state")
            for item in (inner for view in views for inner in walk(view)):
                if isinstance(item, Final):
                    uses[item.block].add("final")
                elif isinstance(item, Value):
                    uses[item.block].add("sequence")
        for index, application in self.applications.items():
            application.uses = frozenset(uses[index] or {"sequence"})
