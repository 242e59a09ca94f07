"""wires → parts: a block that works step by step, and whose parts read different blocks, is applied to each part.

    E ..s.. E   D ..t.. D       two applications of one embedding `W`, as long as what they read
    |       |   |       |
    W ..s.. W   W ..t.. W
    |       |   |       |
    X ..s.. X   Z ..t.. Z

Where something reads several parts as one sequence, and where the block is an output, it stays one application, to
all that it reads one after the other; a name over an ellipsis is still that of its part.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.layers import Family, find_layer
from seqdsl.lowering.cut_blocks import changes, cut
from seqdsl.lowering.default_layers import find_calls
from seqdsl.picture.trace import JunctionRef, StateRef
from seqdsl.records import record

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from seqdsl.layers import LayerDef
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.picture.grid import GridRow
    from seqdsl.picture.trace import Source, Trace
    from seqdsl.syntax.ast import Call, Picture


def is_applied(layer: LayerDef) -> bool:
    """Whether a layer works on each step alone; a batch normalization has statistics of all its steps."""
    stepwise = is_named(layer) and layer.family is not Family.OUTPUT
    return stepwise and not layer.has_statistics


def is_named(layer: LayerDef) -> bool:
    """Whether a name over an ellipsis of a layer is that of its part."""
    # A picture that is called is applied to each part as a whole, or to each of its steps.
    return layer.family.is_stepwise or layer.family is Family.CALL


def has_windows(layer: LayerDef) -> bool:
    """Whether a layer reads windows of steps."""
    return layer.family is Family.WINDOW


_MOST_ROUNDS = 8
"""So often it is tried which blocks can be cut without cutting what others read as one."""

Label = tuple[int, int]
"""A block, and the number of one of its parts."""


@record(frozen=True)
class Parts:
    """The blocks of a picture, and the parts of those that are cut.

    Attributes:
        blocks: the blocks; those that are applied to each part are cut already.
        named: all parts of what works step by step, for the names of lengths.
        unordered: those of ``blocks`` that combine values element by element: the order of their wires does not matter.
    """

    blocks: Sequence[DrawnBlock]
    named: Sequence[DrawnBlock]
    unordered: frozenset[int]


def find_parts(
    picture: Picture,
    grid: Sequence[GridRow],
    blocks: Sequence[DrawnBlock],
    trace: Trace,
    delayed: Sequence[DrawnBlock] = (),
) -> Parts:
    """Cut blocks whose parts read different blocks."""
    calls, _ = find_calls(picture, grid, blocks)
    # A picture that is called is a layer like others: what it takes says how its row may be cut.
    layers = [_layer(call, picture.called) for call in calls]
    apart: set[int] = set()
    if picture.called:
        from seqdsl.lowering.node_calls import nodes_apart

        apart = nodes_apart(picture.called, calls, blocks, trace)
    whole: set[int] = set()
    labels = _Labels(blocks, trace, layers, whole, delayed, apart)
    named = labels.cuts
    cuts: dict[int, list[int]] = {}
    for _ in range(_MOST_ROUNDS):
        cuts = labels.cuts
        # What is read across stays whole, and what it reads may then have to as well. So all are labeled again,
        # until nothing is cut that something else reads as one sequence, nor an output.
        crossed = labels.read_across() | (cuts.keys() - labels.read)
        crossed |= {index for index in cuts if not _is(layers[index], is_applied)}
        # Where each node is an application by itself, nothing reads several of them as one.
        crossed -= apart
        if not crossed:
            break
        whole |= crossed
        labels = _Labels(blocks, trace, layers, whole, delayed, apart)
    else:
        cuts = {}
    # A block that is cut before two of its units is three blocks of the same layer.
    pieces = [layer for at, layer in enumerate(layers) for _ in range(len(cuts.get(at, ())) + 1)]
    return Parts(cut(grid, blocks, cuts), cut(grid, blocks, named), _unordered(pieces))


def _unordered(layers: Sequence[LayerDef | None]) -> frozenset[int]:
    return frozenset(
        index for index, layer in enumerate(layers) if layer and layer.family is Family.COMBINATION
    )


def _layer(call: Call | None, called: Mapping[str, str | None]) -> LayerDef | None:
    """The layer of a call, or the picture that it calls; ``None`` where nothing is written, or nobody knows it."""
    if call is None:
        return None
    kind = called.get(call.layer, call.layer)
    return None if kind is None else find_layer(kind)


def _is(layer: LayerDef | None, holds: Callable[[LayerDef], bool]) -> bool:
    return layer is not None and holds(layer)


class _Labels:
    """Which parts every unit reads, bottom row first.

    Attributes:
        cuts: before which of its units, counted in the block, each block is cut.
        read: the blocks that are read.
    """

    def __init__(
        self,
        blocks: Sequence[DrawnBlock],
        trace: Trace,
        layers: Sequence[LayerDef | None],
        whole: Collection[int],
        delayed: Sequence[DrawnBlock],
        apart: Collection[int],
    ) -> None:
        """Label all units; the blocks in ``whole`` are not cut, those in ``apart`` at every node."""
        self.blocks, self.trace, self.layers = blocks, trace, layers
        self._apart = apart
        self.cuts: dict[int, list[int]] = {}
        self.read: set[int] = set()
        # A delayed block is a block by itself, of one part.
        self._label: dict[int, Label] = {}
        for index, block in enumerate(delayed, len(blocks)):
            units = range(block.first, block.first + block.count)
            self._label |= dict.fromkeys(units, (index, 0))
        self._behind: dict[Source, frozenset[Label]] = {}
        self._number: dict[Source, int] = {}
        # What each part of each block reads: a set for each bus, shared by all that read it, for they may be many.
        self._below: dict[Label, set[frozenset[Label]]] = {}
        for index in range(len(blocks)):
            self._label_block(index, whole)
        for index, sources in trace.initial.items():
            for source, _ in sources:
                self._add((index, 0), self._of(source))
        self.read = {block for below in set().union(*self._below.values()) for block, _ in below}
        # A block without a definition that is read is recurrent: one sequence.
        self.cuts = {
            index: cuts
            for index, cuts in self.cuts.items()
            if layers[index] is not None or index not in self.read
        }

    def _label_block(self, index: int, whole: Collection[int]) -> None:
        """Label the units of one block: here the first two of ``W`` are one part, the last is another.

        ::

            W W   W
            | |   |
            X X   Z
        """
        block, layer = self.blocks[index], self.layers[index]
        units = range(block.first, block.first + block.count)
        reads = [self._reads(unit) for unit in units]
        cuttable = index not in whole and (layer is None or is_named(layer))
        cuts = changes(block, reads) if cuttable and self._are_alike(units) else []
        cuts = list(range(1, block.count)) if index in self._apart else cuts
        if cuts:
            self.cuts[index] = cuts
        part = 0
        for number, below in enumerate(reads):
            part += number in cuts
            self._label[block.first + number] = (index, part)
            self._add((index, part), below)

    def _add(self, label: Label, below: frozenset[Label]) -> None:
        """Note what a part of a block reads."""
        self._below.setdefault(label, set()).add(below)

    def read_across(self) -> set[int]:
        """The blocks of which a part of another one reads several parts, or a convolution a vector."""
        read = {
            (frozenset(below), _is(self.layers[index], has_windows))
            for (index, _), below in self._below.items()
        }
        crossed = (self._crossed(frozenset().union(*below), windows) for below, windows in read)
        return set().union(*crossed, *map(self._elided_across, self.blocks))

    def _crossed(self, labels: frozenset[Label], windows: bool) -> set[int]:
        """The blocks of which there are several parts among these, or a vector where ``windows`` are read."""
        crossed = set()
        parts: dict[int, int] = {}
        for below, part in labels:
            if below not in self.cuts:
                continue
            if parts.setdefault(below, part) != part or (windows and self._is_one(below, part)):
                crossed.add(below)
        return crossed

    def _elided_across(self, block: DrawnBlock) -> set[int]:
        r"""The blocks that are cut between what a node at an end reads and the end itself: elided steps read that.

        No drawn node of ``C`` reads the first part of ``T`` here, but the steps elided before it do::

            ... C
                 \
            ... T T
                | |
            ... L G
        """
        crossed = set()
        for item in block.stretches:
            if item.after not in (0, block.count):
                continue
            in_front = item.after == 0
            unit = block.first if in_front else block.first + block.count - 1
            for source in self.trace.wires(unit):
                # What a bus leads is the same for all elided steps.
                if not isinstance(source, int) or self._label[source][0] not in self.cuts:
                    continue
                below, part = self._label[source]
                last = len(self.cuts[below])
                elides = any(
                    one.after == (0 if in_front else self.blocks[below].count)
                    for one in self.blocks[below].stretches
                )
                if elides and part != (0 if in_front else last):
                    crossed.add(below)
        return crossed

    def _is_one(self, index: int, part: int) -> bool:
        """Whether a part is a single node."""
        block = self.blocks[index]
        ends = [0, *self.cuts[index], block.count]
        elided = any(ends[part] <= item.after <= ends[part + 1] for item in block.stretches)
        return ends[part + 1] - ends[part] == 1 and not elided

    def _reads(self, unit: int) -> frozenset[Label]:
        below = {self._of(source) for source in self.trace.entries(unit)}
        # What reads one bus shares its set.
        return below.pop() if len(below) == 1 else frozenset().union(*below)

    def _are_alike(self, units: range) -> bool:
        """Whether all units have as many wires from the same sides: where one is missing, its place is zero."""
        sides = (self.trace.slash, self.trace.pipe, self.trace.back)
        wires = (tuple(self._values(side[unit]) for side in sides) for unit in units)
        return len(set(wires)) == 1

    def _values(self, source: Source | None) -> int:
        """How many values a wire carries that has been followed."""
        return 0 if source is None else self._number[source]

    def _of(self, source: Source) -> frozenset[Label]:
        """The parts behind a wire."""
        # Any number of junctions may be stacked: no recursion.
        waiting = [source]
        while waiting:
            item = waiting[-1]
            if item in self._behind:
                waiting.pop()
            elif not isinstance(item, JunctionRef):
                label = (item.block, 0) if isinstance(item, StateRef) else self._label[item]
                self._behind[item] = frozenset({label})
                self._number[item] = 1
            else:
                sources = dict.fromkeys(self.trace.junctions[item.number].sources)
                missing = [one for one in sources if one not in self._behind]
                if missing:
                    waiting += missing
                else:
                    self._behind[item] = frozenset().union(*map(self._behind.__getitem__, sources))
                    self._number[item] = sum(map(self._number.__getitem__, sources))
        return self._behind[source]
