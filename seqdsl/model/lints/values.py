"""compiled picture → warnings about builders that work for the default of a parameter alone.

Where two sizes must be equal, the compiler asks for the numbers that the parameters' defaults give. This lint
asks again, of what came out, for all numbers:

    E = lstm(units)     units = 6
    D = lstm(12)        takes the two states of E side by side: 2 * units
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from seqdsl.diagnostics import Diagnostic
from seqdsl.ir.direction import Direction
from seqdsl.ir.expressions import (
    ConcatTime,
    Elementwise,
    Expression,
    FinalState,
    Value,
    children,
    walk,
)
from seqdsl.ir.operations import Attend, Merge, PassedState, Reduce, Split, StateMode
from seqdsl.layers import Family, family_of
from seqdsl.model.agree import agree
from seqdsl.model.compose import Composer
from seqdsl.model.kinds.stepwise import VOCABULARY
from seqdsl.model.origins import width_argument
from seqdsl.model.weights import has_weights
from seqdsl.size import Size

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.graph.blocks import DrawnBlock
    from seqdsl.model.drawing import Drawing
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.source import Span
    from seqdsl.syntax.ast import Argument, Call


class _Side(NamedTuple):
    """One of two sizes that must be equal.

    Attributes:
        size: the size.
        block: the block whose width it is, where it is that of one.
        times: how many times that block's own argument it is.
    """

    size: Size
    block: int | None = None
    times: int = 1


class _Pair(NamedTuple):
    """Two sizes that must be equal, the block that asks for it, and how to say what they are."""

    block: int
    one: _Side
    other: _Side
    message: str


def single_values(spec: ModelSpec, drawing: Drawing) -> Iterator[Diagnostic]:
    """Sizes that must be equal, and are so for the defaults of the parameters only."""
    if not spec.parameters:
        return
    told: set[Span] = set()
    for pair in _Pairs(spec, drawing).all():
        if agree(pair.one.size, pair.other.size):
            continue
        found = _diagnostic(pair, spec, drawing)
        if found.span not in told:
            told.add(found.span)
            yield found
    yield from _lengths(drawing)


def single_valued(spec: ModelSpec, drawing: Drawing) -> frozenset[str]:
    """The parameters whose defaults alone make sizes equal that must be."""
    found: set[str] = set()
    for pair in _Pairs(spec, drawing).all() if spec.parameters else ():
        if not agree(pair.one.size, pair.other.size):
            found |= _names(pair, drawing)
    for _, steps, name, _ in _unlike_lengths(drawing):
        found |= steps.names | {name}
    return frozenset(found & drawing.values.keys())


class _Pairs:
    """All sizes of a model that must be equal."""

    def __init__(self, spec: ModelSpec, drawing: Drawing) -> None:
        self.spec, self.drawing = spec, drawing
        steps = [block.steps for block in spec.blocks]
        widths = {block.index: block.features for block in spec.blocks}
        self.composer = Composer(steps, widths, lambda *_: False, spec.free)

    def all(self) -> Iterator[_Pair]:
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
                known = first.setdefault(block.layer.name, block)
                yield from self._shared(known, block)

    def _start(self, block: Block) -> Iterator[_Pair]:
        start = block.initial
        if start is None or block.layer is None:
            return
        both = start.mode is StateMode.HALVES
        takes = _Side(block.layer.units * (2 if both else 1), block.index, 2 if both else 1)
        if isinstance(start, PassedState):
            giver = self.spec.blocks[start.source]
            assert giver.layer is not None
            times = 2 if start.mode is StateMode.JOINED else 1
            gives = _Side(giver.layer.units * times, giver.index, times)
            message = f"`{giver.letter}` passes a state of `{gives.size}` units, `{block.letter}` has `{takes.size}`"
        else:
            gives = self._side(start.value)
            message = (
                f"the initial state of `{block.letter}` has `{gives.size}` features, "
                f"its units are `{takes.size}`"
            )
        yield _Pair(block.index, gives, takes, message)

    def _within(self, block: Block, view: Expression) -> Iterator[_Pair]:
        for item in walk(view):
            if isinstance(item, Elementwise):
                yield from self._spread(block, item.parts, item.how)
            elif isinstance(item, ConcatTime):
                for one, other in pairwise(map(self._side, item.parts)):
                    message = f"some steps of `{block.letter}` read `{one.size}` features, others `{other.size}`"
                    yield _Pair(block.index, one, other, message)

    def _spread(self, block: Block, parts: Sequence[Expression], how: str) -> Iterator[_Pair]:
        """What is combined is equally wide, or a number 1 that is spread.

        A parameter whose default is 1 is spread for this default only.
        """
        sides = [side for side in map(self._side, parts) if side.size.constant != 1]
        # Of the widths that are no 1 by chance the first tells what all must be.
        sides.sort(key=lambda side: self.drawing.known(side.size) == 1)
        for other in sides[1:]:
            message = f"`{how}` combines `{sides[0].size}` and `{other.size}` features"
            yield _Pair(block.index, sides[0], other, message)

    def _attention(self, block: Block) -> Iterator[_Pair]:
        assert block.layer is not None
        if block.layer.arguments.get("heads") is None:
            query, memory = map(self._side, block.views)
            message = f"queries of `{query.size}` features, a memory of `{memory.size}`"
            yield _Pair(block.index, query, memory, message)

    def _parts(self, block: Block) -> Iterator[_Pair]:
        """A parameter's number of parts divides what is split for every value only if the width has it as a factor.

        ::

            Y ..m.. Y   split
            |       |
            +-------+
            |
            D           dense(25)   with m = 25: dense(m)
        """
        steps = block.steps
        if steps is None or not steps.names & self.drawing.values.keys():
            return
        width = self._side(block.views[0])
        features, number = self.drawing.known(width.size), self.drawing.known(steps)
        if isinstance(features, str) or isinstance(number, str):
            return
        if width.size // steps * steps == width.size:
            return
        message = f"`{block.letter}` splits `{width.size}` features into `{steps}` steps"
        yield _Pair(block.index, width, _Side(steps * (features // number)), message)

    def _vocabularies(self, block: Block) -> Iterator[_Pair]:
        assert block.layer is not None
        below = sorted(
            {item.block for view in block.views for item in walk(view) if isinstance(item, Value)}
        )
        for index in below:
            tokens = self.drawing.settings[index]
            one, other = _Side(block.layer.width), _Side(tokens.size(VOCABULARY), index)
            message = f"one embedding over vocabularies of `{one.size}` and `{other.size}`"
            yield _Pair(block.index, one, other, message)

    def _shared(self, first: Block, block: Block) -> Iterator[_Pair]:
        """One set of weights reads equally many features everywhere."""
        for here, there in zip(block.views, first.views, strict=False):
            if block is first or _looks_up(block) or not _has_weights(block):
                return
            one, other = self._side(there), self._side(here)
            message = (
                f"`{block.letter}` reads `{other.size}` features here and `{one.size}` elsewhere"
            )
            yield _Pair(block.index, one, other, message)

    def _side(self, view: Expression) -> _Side:
        size = self.composer.features(view)
        index = _source(view)
        if index is not None and self.spec.blocks[index].features != size:
            index = None
        while index is not None:
            block, settings = self.spec.blocks[index], self.drawing.settings[index]
            both = block.direction is Direction.BIDIRECTIONAL
            if settings.is_source or width_argument(settings) is not None:
                return _Side(size, index, 2 if both else 1)
            # A layer without a width of its own is as wide as what it reads.
            below = _source(block.views[0]) if len(block.views) == 1 else None
            same = below is not None and self.spec.blocks[below].features == size
            index = below if same else None
        return _Side(size)


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


def _diagnostic(pair: _Pair, spec: ModelSpec, drawing: Drawing) -> Diagnostic:
    sides = _sides(pair, drawing)
    values = " and ".join(
        f"`{name} = {drawing.values[name]}`" for name in sorted(_names(pair, drawing))
    )
    message = f"only {values} can be built: {pair.message}"
    for side, wanted in (sides, sides[::-1]):
        fix = _rewritten(side, wanted.size, drawing)
        if fix is not None:
            span, text = fix
            return Diagnostic("SEQ410", message, span, f"write `{text}`")
    hint = "use one parameter, or arithmetic with it, for both"
    return Diagnostic("SEQ410", message, spec.blocks[pair.block].span, hint)


def _is_spread(pair: _Pair, drawing: Drawing) -> bool:
    """Whether one side is a 1 that is spread to the width of the other."""
    return drawing.known(pair.one.size) != drawing.known(pair.other.size)


def _sides(pair: _Pair, drawing: Drawing) -> list[_Side]:
    """Both sides, first the one to rewrite: what is a number, or what is 1 by its default and spread."""
    spread = _is_spread(pair, drawing)
    return sorted(
        (pair.other, pair.one),
        key=lambda side: (spread and drawing.known(side.size) != 1, len(side.size.names)),
    )


def _names(pair: _Pair, drawing: Drawing) -> frozenset[str]:
    """The parameters that must have their defaults."""
    if _is_spread(pair, drawing):
        names = _sides(pair, drawing)[0].size.names
    else:
        names = pair.one.size.names | pair.other.size.names
    return names & drawing.values.keys()


def _rewritten(side: _Side, wanted: Size, drawing: Drawing) -> tuple[Span, str] | None:
    """Where a block's width is written, and what to write there so that it is as wide as ``wanted``."""
    settings = None if side.block is None else drawing.settings[side.block]
    if settings is None or settings.call is None:
        return None
    argument = width_argument(settings)
    if argument is None:
        return None
    own = wanted // side.times
    if drawing.known(own * side.times) != drawing.known(side.size):
        own = Size.of(1)
    return argument.value.span, _with(settings.call, argument, own)


def _with(call: Call, argument: Argument, size: Size) -> str:
    """A call with another size as one of its arguments."""
    key = f"{argument.keyword}=" if argument.keyword else ""
    parts = [f"{key}{size}" if item is argument else str(item) for item in call.arguments]
    return f"{call.layer}({', '.join(parts)})"


def _lengths(drawing: Drawing) -> Iterator[Diagnostic]:
    """Two names for the length of one row."""
    for block, steps, name, mark in _unlike_lengths(drawing):
        others = sorted((steps.names | {name}) & drawing.values.keys())
        values = " and ".join(f"`{other} = {drawing.values[other]}`" for other in others)
        yield Diagnostic(
            "SEQ410",
            f"only {values} can be built: `{block.letter}` has `{steps}` steps, `..{name}..` says `{name}`",
            drawing.grid[block.row].span(mark),
            f"write `..{steps}..` here, too, or `...`"
            if str(steps).isidentifier()
            else "write `...` here",
        )


def _unlike_lengths(drawing: Drawing) -> Iterator[tuple[DrawnBlock, Size, str, int]]:
    """The blocks of another length than a name of it says, with that length, the name and its ellipsis."""
    for index, block in enumerate(drawing.blocks):
        steps = drawing.lengths.steps[index]
        for stretch in block.stretches:
            name = drawing.grid[block.row].names.get(stretch.mark)
            if name is None or name not in drawing.values:
                continue
            if not agree(steps, Size.of(name)):
                yield block, steps, name, stretch.mark
