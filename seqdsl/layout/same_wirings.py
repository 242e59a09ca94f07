"""two wirings → whether they are the same model, in whatever order, and whatever rows only pass values on."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.direction import Direction
from seqdsl.layers import Family, find_layer
from seqdsl.layout.call_key import call_key, kind_of
from seqdsl.layout.reading import reads
from seqdsl.layout.wiring import Begun, Block, Bus, Counted, Passed, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from seqdsl.layout.wiring import Operand, Part, Wiring

Color = tuple[object, ...] | int


def is_same(one: Wiring, other: Wiring) -> bool:
    """Whether two wirings are the same model at the same lengths.

    Args:
        one: a wiring.
        other: another one, with the same names of layers that have weights, and of inputs.
    """
    return _colors(_dissolved(one)) == _colors(_dissolved(other))


def differing_layer(one: Wiring, other: Wiring) -> str | None:
    """The layer in which two wirings differ first, by its name in the one; ``None`` if no block of it tells.

    Args:
        one: a wiring.
        other: another one, as for `is_same`.
    """
    # Blocks are compared by themselves, then with what they read, then with what that reads: what differs first is
    # near the cause, while all that is above it differs as well.
    left, right = _dissolved(one), _dissolved(other)
    colors, others = ({at: _own(at, item) for at in _used(item)} for item in (left, right))
    for _ in range(len(colors) + 1):
        missing = Counter(colors.values()) - Counter(others.values())
        if missing:
            return next(left.blocks[at].layer for at, color in colors.items() if color in missing)
        colors, others = _refined(left, colors), _refined(right, others)
    return None


def is_passing(block: Block) -> bool:
    """Whether a block gives what it reads, side by side."""
    definition = find_layer(kind_of(block.call))
    return definition is not None and definition.family in (Family.OUTPUT, Family.IDENTITY)


def is_free_of_order(block: Block) -> bool:
    """Whether the operands of a block may be exchanged: those of a sum may."""
    definition = find_layer(kind_of(block.call))
    return definition is not None and definition.family is Family.COMBINATION


# Values

Values = dict[tuple[int, int], tuple["Part", ...]]


def _dissolved(wiring: Wiring) -> Wiring:
    """A wiring in which everything reads, and gives, values where they are made, past all rows that pass them on.

    What joins several values for a bus stays: there they are one value.
    """
    return _Dissolver(wiring).run()


class _Dissolver:
    """Finds what values are in the end.

    Attributes:
        passing: the blocks that pass values on, with what their steps read.
        wide: how many values each of them has side by side.
        values: what steps of them are in the end.
    """

    def __init__(self, wiring: Wiring) -> None:
        self.wiring = wiring
        self.passing: dict[int, tuple[tuple[Part, ...], ...]] = {}
        for at, block in enumerate(wiring.blocks):
            operand = block.operands[0] if block.operands else None
            if is_passing(block) and isinstance(operand, Steps):
                self.passing[at] = operand.of
        self.wide = {at: max(map(len, of), default=0) for at, of in self.passing.items()}
        self.values: Values = {}

    def run(self) -> Wiring:
        blocks = (
            replace(
                block,
                operands=tuple(map(self._operand, block.operands)),
                initial=self._initial(block.initial),
                valid=tuple(map(self._valid, block.valid)),
            )
            for block in self.wiring.blocks
        )
        outputs = tuple(map(self._given, self.wiring.outputs))
        return replace(self.wiring, blocks=tuple(blocks), outputs=outputs)

    def _given(self, at: int) -> int:
        """The block that an output gives: of a row that gives all of another one as it is, that other one."""
        block = self.wiring.blocks[at]
        of = self._whole(block) if is_passing(block) else None
        return at if of is None else of

    def _whole(self, block: Block) -> int | None:
        """The block all of which a row passes on as it is; ``None``: there is none."""
        operand = block.operands[0] if block.operands else None
        if not isinstance(operand, Steps):
            return None
        read = [self._read(step) for step in operand.of]
        first = read[0][0] if len(read[0]) == 1 else None
        if first is None or self.wiring.blocks[first.block].steps != block.steps:
            return None
        whole = [(Source(first.block, step),) for step in range(block.steps or 1)]
        return first.block if read == whole else None

    def _operand(self, operand: Operand) -> Operand:
        if isinstance(operand, Bus):
            found = map(self._value, operand.sources)
            sources = [
                of[0] if len(of) == 1 and of[0] is not None else source
                for source, of in zip(operand.sources, found, strict=True)
            ]
            return replace(operand, sources=tuple(sources))
        return Steps(tuple(map(self._read, operand.of)))

    def _read(self, step: Sequence[Part]) -> tuple[Part, ...]:
        found = tuple(part for item in step for part in self._value(item))
        # Zeros side by side are a step that nothing enters.
        return found if any(found) else ()

    def _value(self, item: Part) -> tuple[Part, ...]:
        """What a source is in the end."""
        if item is None:
            return (None,)
        if item.counted is not Counted.IN_PLACE:
            return (self._counted(item),)
        if item.block in self.passing and item.step >= 0:
            return self._passed(item.block, item.step)
        block = self.wiring.blocks[item.block]
        # The final state of a run in one direction is what its last step gives.
        if item.final and block.direction is not Direction.BIDIRECTIONAL:
            last = 0 if block.direction is Direction.BACKWARD else (block.steps or 1) - 1
            return (Source(item.block, last),)
        return (item,)

    def _counted(self, item: Source) -> Source:
        """A step that is counted over the valid ones: of a row that gives all of another one as it is, one of that."""
        block = self.wiring.blocks[item.block]
        of = self._whole(block) if item.block in self.passing else None
        return item if of is None else self._counted(replace(item, block=of))

    def _valid(self, steps: frozenset[Source] | int) -> frozenset[Source] | int:
        if isinstance(steps, int):
            return steps
        return frozenset(part for item in steps for part in self._value(item) if part is not None)

    def _passed(self, at: int, step: int) -> tuple[Part, ...]:
        """What a step of a row that passes values on is: in a loop it may be an earlier step of a later row."""
        if (at, step) not in self.values:
            # Whatever reads itself is itself.
            self.values[at, step] = (Source(at, step),)
            found = self._read(self.passing[at][step])
            self.values[at, step] = found or (None,) * self.wide[at]
        return self.values[at, step]

    def _initial(self, initial: Passed | Begun | None) -> Passed | Begun | None:
        if not isinstance(initial, Begun):
            return initial
        found = self._read(initial.sources)
        return replace(initial, sources=tuple(item for item in found if item is not None))


# Colors: blocks that are alike in all that they read, and in what reads them, have the same.


def _colors(wiring: Wiring) -> tuple[Counter[Color], list[Color]]:
    """How many blocks there are of each color, and those of inputs and outputs in order."""
    used = _used(wiring)
    colors: dict[int, Color] = {at: _own(at, wiring) for at in used}
    for _ in range(len(used)):
        refined = _refined(wiring, colors)
        done = len(set(refined.values())) == len(set(colors.values()))
        colors = refined
        if done:
            break
    return Counter(colors.values()), [colors[at] for at in (*wiring.inputs, *wiring.outputs)]


def _refined(wiring: Wiring, colors: dict[int, Color]) -> dict[int, Color]:
    """The colors of blocks together with those of what they read."""
    refined: dict[int, Color] = {
        at: (color, _reads(wiring.blocks[at], colors)) for at, color in colors.items()
    }
    # Named by what they are: numbers that depend on the order of blocks would tell nothing.
    numbers: dict[Color, int] = {color: hash(repr(color)) for color in set(refined.values())}
    return {at: numbers[color] for at, color in refined.items()}


def _used(wiring: Wiring) -> list[int]:
    """All blocks but those that only pass values on, and are no ends."""
    needed = {*wiring.inputs, *wiring.outputs}
    for block in wiring.blocks:
        needed |= {source.block for source in _on_buses(block)}
        needed |= {source.block for source in reads(block) if _tells_of_row(source)}
    return [at for at, block in enumerate(wiring.blocks) if at in needed or not is_passing(block)]


def _on_buses(block: Block) -> list[Source]:
    buses = (operand.sources for operand in block.operands if isinstance(operand, Bus))
    return [source for sources in buses for source in sources]


def _tells_of_row(source: Source) -> bool:
    """Whether what is read is known by its row alone: its state from the call before, or one of its valid steps."""
    return source.step < 0 or source.counted is not Counted.IN_PLACE


def _own(at: int, wiring: Wiring) -> Color:
    """What a block is by itself."""
    block = wiring.blocks[at]
    inputs = wiring.inputs.index(at) if at in wiring.inputs else None
    outputs = wiring.outputs.index(at) if at in wiring.outputs else None
    name = block.layer if is_named(block) else ""
    # In one order: a set is written in any, and colors are told apart by how they are written.
    kind, said = call_key(block.call)
    call = (kind, tuple(sorted(said)))
    return (call, name, block.steps, block.direction, block.carry, inputs, outputs)


def is_named(block: Block) -> bool:
    """Whether the name of a block's layer matters: it has weights, or is an argument."""
    definition = find_layer(kind_of(block.call))
    return definition is None or bool(definition.weights) or definition.family is Family.SOURCE


def _reads(block: Block, colors: dict[int, Color]) -> Color:
    def part(item: Part) -> Color:
        return (
            () if item is None else (colors[item.block], item.step, item.final, item.counted.value)
        )

    read: list[Color] = []
    steps = [_steps(operand, part) for operand in block.operands if isinstance(operand, Steps)]
    if is_free_of_order(block):
        # Each node combines what it has, in whatever order.
        read += [tuple(sorted(filter(None, of), key=repr)) for of in zip(*steps, strict=True)]
    else:
        read += steps
    for bus in (operand for operand in block.operands if isinstance(operand, Bus)):
        joined = tuple(map(part, bus.sources))
        # A sum of steps is the same in any order; what is flattened or attended to is not.
        read.append(("bus", tuple(sorted(joined, key=repr)) if is_free_of_order(block) else joined))
        read.append(("enters", bus.entered))
    # Rows differ, too, by where their padding comes from.
    read += [("valid", _valid(of, part)) for of in block.valid]
    return (*read, *_begins(block.initial, colors, part))


def _begins(
    initial: Passed | Begun | None, colors: dict[int, Color], part: Callable[[Part], Color]
) -> tuple[Color, ...]:
    """What a block begins with; nothing if that is zero."""
    if isinstance(initial, Passed):
        return (("passed", colors[initial.block]),)
    if initial is None:
        return ()
    return (("begun", initial.is_forward, tuple(map(part, initial.sources))),)


def _steps(operand: Steps, part: Callable[[Part], Color]) -> tuple[tuple[Color, ...], ...]:
    return tuple(tuple(map(part, step)) for step in operand.of)


def _valid(of: frozenset[Source] | int, part: Callable[[Part], Color]) -> Color:
    """The steps whose padding a step has, in one order."""
    return of if isinstance(of, int) else tuple(sorted(map(part, of), key=repr))
