"""compiled model → pairs of sizes that must be equal, of what came out and so for all values of the parameters.

The two sides of a pair may be equal for the parameters' defaults alone:

    E = lstm(units)     units = 6
    D = lstm(12)        takes the two states of E side by side: `2 * units` and `12` are a pair
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.analysis.parameter_counts import has_weights
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatTime,
    Elementwise,
    Expression,
    FinalState,
    Value,
    children,
    places_of,
    walk,
)
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import Attend, Merge, PassedState, Reduce, Split, StateMode
from seqdsl.layers import Family, family_of
from seqdsl.lowering.compose import Composer
from seqdsl.lowering.kinds.stepwise import VOCABULARY
from seqdsl.lowering.width_provenance import width_argument
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec


class Side(NamedTuple):
    """One of two sizes that must be equal.

    Attributes:
        size: the size.
        block: the block whose width it is, where it is that of one.
        times: how many times that block's own argument it is.
    """

    size: Size
    block: int | None = None
    times: int = 1


class Pair(NamedTuple):
    """Two sizes that must be equal, the block that asks for it, and the sentence about them."""

    block: int
    one: Side
    other: Side
    message: str


class SizePairs:
    """All sizes of a model that must be equal."""

    def __init__(self, spec: ModelSpec, drawing: Drawing) -> None:
        """Begin with nothing looked at."""
        self.spec, self.drawing = spec, drawing
        steps = [block.steps for block in spec.blocks]
        widths = {block.index: block.features for block in spec.blocks}
        self.composer = Composer(steps, widths, lambda *_: False, spec.free)

    def all(self) -> Iterator[Pair]:
        """The pairs, in the order in which the blocks are computed."""
        first: dict[str, Block] = {}
        for index in self.spec.order:
            block = self.spec.blocks[index]
            yield from self._start(block)
            for view in block.views:
                yield from self._within(block, view)
            if isinstance(block.operation, Merge | Reduce):
                yield from self._spread(block, block.views, block.kind)
            if isinstance(block.operation, Attend):
                yield from self._attention(block)
            if isinstance(block.operation, Split):
                yield from self._parts(block)
            if _looks_up(block):
                yield from self._vocabularies(block)
            if block.layer is not None and not isinstance(block.operation, Merge | Reduce):
                earlier = first.setdefault(block.layer.name, block)
                yield from self._shared(earlier, block)

    def _start(self, block: Block) -> Iterator[Pair]:
        start = block.initial
        if start is None or block.layer is None:
            return
        # E-E-D-D      the units of E and of D; E=E-D-D (JOINED) twice those of E
        # +=D=D        a value (HALVES): its width and twice the units of D
        both = start.mode is StateMode.HALVES
        widths = list(dict.fromkeys(state_widths(block.layer)))
        if isinstance(start, PassedState):
            yield from self._passed(block, start, widths)
            return
        # A value is each of the states, or has them side by side: then it is as wide as all together.
        width = sum(state_widths(block.layer), Size.of(0)) if start.is_apart else widths[0]
        own = Side(width * (2 if both else 1), block.index, 2 if both else 1)
        given = self._side(start.value)
        what = "its states side by side" if start.is_apart else "its units are"
        message = f"the initial state of `{block.letter}` has `{given.size}` features, {what} `{own.size}`"
        yield Pair(block.index, given, own, message)

    def _passed(self, block: Block, start: PassedState, widths: Sequence[Size]) -> Iterator[Pair]:
        source = self.spec.blocks[start.source]
        assert source.layer is not None
        times = 2 if start.mode is StateMode.JOINED else 1
        for width, theirs in zip(widths, dict.fromkeys(state_widths(source.layer)), strict=False):
            given, own = Side(theirs * times, source.index, times), Side(width, block.index, 1)
            message = f"`{source.letter}` passes a state of `{given.size}` units, `{block.letter}` has `{own.size}`"
            yield Pair(block.index, given, own, message)

    def _within(self, block: Block, view: Expression) -> Iterator[Pair]:
        for item in walk(view):
            if isinstance(item, Elementwise):
                yield from self._spread(block, item.parts, item.how)
            elif isinstance(item, ConcatTime):
                # Y Y Y Y over A A B B: a layer reads A and B in turn, which must be equally wide.
                for one, other in pairwise(map(self._side, item.parts)):
                    message = f"some steps of `{block.letter}` read `{one.size}` features, others `{other.size}`"
                    yield Pair(block.index, one, other, message)

    def _spread(self, block: Block, parts: Sequence[Expression], how: str) -> Iterator[Pair]:
        """What is combined is equally wide, or a number 1 that is spread.

        A parameter whose default is 1 is spread for this default only.
        """
        sides = [side for side in map(self._side, parts) if side.size.constant != 1]
        # Of the widths whose default is not 1, the first is what all must be.
        sides.sort(key=lambda side: self.drawing.resolved(side.size) == 1)
        for other in sides[1:]:
            message = f"`{how}` combines `{sides[0].size}` and `{other.size}` features"
            yield Pair(block.index, sides[0], other, message)

    def _attention(self, block: Block) -> Iterator[Pair]:
        assert block.layer is not None
        given = block.layer.arguments
        if given.get("heads") is None and given.get("key") is None:
            # The keys are last, or the memory is its own.
            query, memory = self._side(block.views[0]), self._side(block.views[-1])
            message = f"queries of `{query.size}` features, a memory of `{memory.size}`"
            yield Pair(block.index, query, memory, message)

    def _parts(self, block: Block) -> Iterator[Pair]:
        """A parameter's number of parts divides what is split for every value only if the width has it as a factor.

        ::

            Y ..m.. Y   split
            |       |
            +-------+
            |
            D           dense(25)   with m = 25: dense(m)

        Of a grid it is the columns that are split, input(8, m, 1), however many features each place has.
        """
        steps = block.steps
        if steps is None or not steps.names & self.drawing.values.keys():
            return
        places = places_of(block.views[0], self.spec.grids)
        width = Side(places[-1]) if places else self._side(block.views[0])
        features, number = self.drawing.resolved(width.size), self.drawing.resolved(steps)
        if isinstance(features, str) or isinstance(number, str):
            return
        if width.size // steps * steps == width.size:
            return
        what = "columns" if places else "features"
        message = f"`{block.letter}` splits `{width.size}` {what} into `{steps}` steps"
        yield Pair(block.index, width, Side(steps * (features // number)), message)

    def _vocabularies(self, block: Block) -> Iterator[Pair]:
        assert block.layer is not None
        below = sorted(
            {item.block for view in block.views for item in walk(view) if isinstance(item, Value)}
        )
        for index in below:
            tokens = self.drawing.settings[index]
            # Steps that nothing is wired to are counted by any sequence.
            if not tokens.definition.gives_ids:
                continue
            chooses = self.spec.blocks[index].layer if tokens.definition.chooses else None
            given = tokens.size(VOCABULARY) if chooses is None else chooses.width
            one, other = Side(block.layer.width), Side(given, index)
            message = f"one embedding over vocabularies of `{one.size}` and `{other.size}`"
            yield Pair(block.index, one, other, message)

    def _shared(self, first: Block, block: Block) -> Iterator[Pair]:
        """One set of weights reads equally many features everywhere."""
        for here, there in zip(block.views, first.views, strict=False):
            if block is first or _looks_up(block) or not _has_weights(block):
                return
            one, other = self._side(there), self._side(here)
            message = (
                f"`{block.letter}` reads `{other.size}` features here and `{one.size}` elsewhere"
            )
            yield Pair(block.index, one, other, message)

    def _side(self, view: Expression) -> Side:
        size = self.composer.features(view)
        index = _source(view)
        if index is not None and self.spec.blocks[index].features != size:
            index = None
        while index is not None:
            block, settings = self.spec.blocks[index], self.drawing.settings[index]
            # D = dropout(0.1) over H = lstm(units): D is as wide as H, and the width of H is what can be rewritten.
            both = block.direction is Direction.BIDIRECTIONAL
            if settings.is_source or width_argument(settings) is not None:
                return Side(size, index, 2 if both else 1)
            # A layer without a width of its own is as wide as what it reads.
            below = _source(block.views[0]) if len(block.views) == 1 else None
            same = below is not None and self.spec.blocks[below].features == size
            index = below if same else None
        return Side(size)


def _looks_up(block: Block) -> bool:
    return family_of(block.kind) is Family.LOOKUP


def _has_weights(block: Block) -> bool:
    return has_weights(block.layer)


def _source(view: Expression) -> int | None:
    """The block that a view is made of, if it is one and as wide."""
    if isinstance(view, Value | FinalState):
        return view.block
    inner = children(view)
    return _source(inner[0]) if len(inner) == 1 and not isinstance(view, ConcatTime) else None
