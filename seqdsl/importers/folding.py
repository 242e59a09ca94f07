"""wiring → the same with the iterations of unrolled loops joined to rows: blocks of one step each, of the same layers.

::

    h = lstm(x[:, 0], h)          h = lstm(x[:, 1], h)          two runs of one step, of which each begins where the one
    y = dense(h)                  y = dense(h)                  before ended: one row of `lstm`, and one of `dense`
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import combinations, count
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family, all_layers, find_layer
from seqdsl.layout.call_key import kind_of
from seqdsl.layout.reading import family_of, reads
from seqdsl.layout.wiring import Begun, Block, Bus, Passed, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping

    from seqdsl.layout.wiring import Operand, Part, Wiring

    Row = tuple[tuple[Part, ...], ...]

_OUTPUT = next(name for name, item in all_layers().items() if item.family is Family.OUTPUT)
_STEPWISE = (Family.STEPWISE, Family.LOOKUP, Family.COMBINATION, Family.ATTENTION)
"""Layers that do the same at each step, whatever stands beside it."""


def can_join(call: str) -> bool:
    """Whether two rows of a layer, one behind the other, are one row of it."""
    definition = find_layer(kind_of(call))
    is_same = definition is not None and definition.family in _STEPWISE
    return is_same and "causal" not in call and "(grid)" not in call


def folded(wiring: Wiring) -> Wiring:
    """The wiring with the iterations of loops joined."""
    folder = _Folder(wiring)
    while folder.join_one(folder.runs()) or folder.join_one(folder.turns()):
        pass
    return folder.wiring()


class _Folder:
    """Joins blocks, which keep their numbers until all is done."""

    def __init__(self, wiring: Wiring) -> None:
        self.given = wiring
        self.blocks = dict(enumerate(wiring.blocks))
        # What is a part of a row later is given by a block of its own, until all is done.
        self.outputs = [self._given(at) for at in wiring.outputs]

    def _given(self, at: int) -> int:
        """A block that gives all of another one."""
        block = self.blocks[at]
        if family_of(block) is Family.OUTPUT:
            return at
        whole = tuple((Source(at, step),) for step in range(block.steps or 1))
        number, known = len(self.blocks), {item.layer for item in self.blocks.values()}
        name = next(name for name in map("y_{}".format, count(1)) if name not in known)
        self.blocks[number] = Block(name, _OUTPUT, block.steps, (Steps(whole),))
        return number

    def join_one(self, pairs: Iterator[tuple[int, int]]) -> bool:
        """Join the first pair of blocks, if there is one."""
        first, rest = next(pairs, (0, 0))
        if first == rest:
            return False
        one, two = self.blocks[first], self.blocks.pop(rest)
        self.blocks[first] = _behind(one, two)
        before, last = one.steps or 1, (two.steps or 1) - 1

        # H0 H1 | H0 H1 H2    steps 0 and 1 of `first`, then those of `rest`: 2, 3 and 4 of both. The final state of the
        # 0  1    2  3  4     one, 1, is no longer that of the whole.
        def moved(source: Source) -> Source:
            if source.block == first and source.final:
                return Source(first, before - 1)
            if source.block != rest:
                return source
            return Source(first, before + (last if source.final else source.step))

        self._change(moved, {rest: first})
        return True

    def _change(self, moved: Callable[[Source], Source], places: Mapping[int, int]) -> None:
        self.blocks = {at: _changed(block, moved, places) for at, block in self.blocks.items()}

    # Runs

    def runs(self) -> Iterator[tuple[int, int]]:
        """Runs of one layer, of which the one begins where only the other one ends."""
        taken = Counter(
            block.initial.block
            for block in self.blocks.values()
            if isinstance(block.initial, Passed)
        )
        for at, block in self.blocks.items():
            if not isinstance(block.initial, Passed):
                continue
            before = self.blocks[block.initial.block]
            ways = {before.direction, block.direction}
            is_one = (before.layer, before.call) == (block.layer, block.call)
            if is_one and ways == {Direction.FORWARD} and taken[block.initial.block] == 1:
                yield block.initial.block, at

    # Turns

    def turns(self) -> Iterator[tuple[int, int]]:
        """Two blocks of one layer, or of one function, that are parts of one row."""
        for group in self._alike():
            for first, rest in combinations(group, 2):
                if self._goes_on(first, rest) or self._takes_turns(first, rest):
                    yield first, rest

    def _alike(self) -> Iterable[list[int]]:
        """The blocks that may be parts of one row, by what they have in common: a layer, its call, and their buses.

        ::

            y0 = out(h0)      two `dense` of one layer      a0 = tanh(s0)      two activations, which have no
            y1 = out(h1)                                    a1 = tanh(s1)      weights: of whichever layers
        """
        layers = Counter(block.layer for block in self.blocks.values())
        groups: dict[Hashable, list[int]] = {}
        for at, block in self.blocks.items():
            if self._may_turn(at, block):
                buses = tuple(item for item in block.operands if isinstance(item, Bus))
                name = block.layer if layers[block.layer] > 1 or _has_weights(block) else ""
                groups.setdefault((name, block.call, buses, len(block.operands)), []).append(at)
        return groups.values()

    def _may_turn(self, at: int, block: Block) -> bool:
        # Of results each is one of its own.
        is_end = at in (*self.given.inputs, *self.given.outputs)
        return bool(block.operands) and can_join(block.call) and not is_end

    def _goes_on(self, first: int, rest: int) -> bool:
        """Whether a block reads the steps behind those that another one reads, of the same rows in the same places."""
        lanes = zip(self.blocks[first].operands, self.blocks[rest].operands, strict=True)
        return any(_continues(one, two) for one, two in lanes)

    # The first iteration of a loop asks with the state of an encoder, the others with that of the loop: that a row
    # reads all of them, one step after the other, makes them one.
    def _takes_turns(self, first: int, rest: int) -> bool:
        before = {first: self.blocks[first].steps or 1, rest: 0}
        whole = {*range(-before[first], self.blocks[rest].steps or 1)}
        return any(
            _in_turn(operand, before, whole)
            for at, block in self.blocks.items()
            if at not in before and block.steps is not None
            for operand in block.operands
            if isinstance(operand, Steps)
        )

    # The end

    def wiring(self) -> Wiring:
        """The wiring, without outputs that only give what is fed back."""
        for place, at in enumerate(self.outputs):
            self._own(place, at)
        self.blocks = {at: _widened(block) for at, block in self.blocks.items()}
        # Of a loop, what an iteration calls first comes first.
        number = {at: place for place, at in enumerate(sorted(self.blocks))}

        def moved(source: Source) -> Source:
            return replace(source, block=number[source.block])

        self._change(moved, number)
        return replace(
            self.given,
            blocks=tuple(self.blocks[at] for at in sorted(self.blocks)),
            inputs=tuple(number[at] for at in self.given.inputs),
            outputs=tuple(number[at] for at in self.outputs),
        )

    def _own(self, place: int, at: int) -> None:
        of = self._all_of(at)
        if of is None or of in (*self.given.inputs, *self.outputs):
            return
        readers = {
            other
            for other, block in self.blocks.items()
            if other != at and any(part.block == of for part in reads(block))
        }
        is_added = at >= len(self.given.blocks)
        if (readers or is_added) and all(other <= of for other in readers):
            self.outputs[place] = of
            del self.blocks[at]

    def _all_of(self, at: int) -> int | None:
        """The block that an output gives as it is."""
        block = self.blocks[at]
        operand = block.operands[0] if block.operands else None
        if family_of(block) is not Family.OUTPUT or not isinstance(operand, Steps):
            return None
        first = operand.of[0][0] if len(operand.of[0]) == 1 else None
        if first is None or self.blocks[first.block].steps != block.steps:
            return None
        whole = tuple((Source(first.block, step),) for step in range(len(operand.of)))
        return first.block if operand.of == whole else None


def _behind(one: Block, two: Block) -> Block:
    """A row that goes on as another one; what all of its steps read alike is the same for both."""
    operands = tuple(
        Steps(mine.of + theirs.of)
        if isinstance(mine, Steps) and isinstance(theirs, Steps)
        else mine
        for mine, theirs in zip(one.operands, two.operands, strict=True)
    )
    return replace(one, operands=operands, steps=(one.steps or 1) + (two.steps or 1))


def _in_turn(operand: Steps, before: Mapping[int, int], whole: set[int]) -> bool:
    """Whether an operand reads two blocks, one iteration after the other.

    Args:
        operand: the operand.
        before: how many iterations there are before the first step of the later block, by block.
        whole: all iterations.
    """
    turns = [
        (step, part.step - before[part.block])
        for step, parts in enumerate(operand.of)
        for part in parts
        if part is not None and part.block in before
    ]
    read = {turn for _, turn in turns}
    # What the last iteration gives is fed back to none.
    is_all = read in (whole, whole - {max(whole)}) and max(read, default=-1) >= 0
    return is_all and len({step - turn for step, turn in turns}) == 1


# 0 0 x     before the first iteration nothing is fed back: zeros as wide as both outputs of the others
# y z x
def _widened(block: Block) -> Block:
    """A block in which zeros that stand for several values have a place for each."""
    operands: list[Operand] = []
    for operand in block.operands:
        if isinstance(operand, Bus):
            operands.append(operand)
            continue
        wide = max(map(len, operand.of), default=0)
        operands.append(Steps(tuple(_spread(row, wide) for row in operand.of)))
    return replace(block, operands=tuple(operands))


def _spread(row: tuple[Part, ...], wide: int) -> tuple[Part, ...]:
    if row.count(None) != 1 or len(row) == wide:
        return row
    at = row.index(None)
    return (*row[:at], *(None,) * (wide - len(row) + 1), *row[at + 1 :])


def _has_weights(block: Block) -> bool:
    definition = find_layer(kind_of(block.call))
    return definition is None or bool(definition.weights)


def _continues(one: Operand, two: Operand) -> bool:
    if not isinstance(one, Steps) or not isinstance(two, Steps):
        return False
    last, first = one.of[-1], two.of[0]
    return len(last) == len(first) and any(
        part is not None and not part.final and replace(part, step=part.step + 1) == after
        for part, after in zip(last, first, strict=True)
    )


def _changed(block: Block, moved: Callable[[Source], Source], places: Mapping[int, int]) -> Block:
    def operand(item: Operand) -> Operand:
        if isinstance(item, Bus):
            return Bus(tuple(map(moved, item.sources)))
        return Steps(
            tuple(tuple(None if part is None else moved(part) for part in row) for row in item.of)
        )

    initial = block.initial
    if isinstance(initial, Passed):
        initial = Passed(places.get(initial.block, initial.block))
    elif isinstance(initial, Begun):
        initial = replace(initial, sources=tuple(map(moved, initial.sources)))
    return replace(block, operands=tuple(map(operand, block.operands)), initial=initial)
