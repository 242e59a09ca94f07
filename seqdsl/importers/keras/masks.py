"""padding → which steps are valid in some samples: what Keras makes of it, compared with what a picture says.

Masks are not followed by rules of Keras: the operations that make them stand among a model's calls, and they are run on
samples of which random steps are padding. What a layer gets as its mask must be what the language's rule gives: a step
is valid where all steps that it reads are.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.values import Truth, Value
from seqdsl.importers.keras.within import Kept, Padding
from seqdsl.layout.reading import reads
from seqdsl.layout.wiring import Bus, Steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from seqdsl.importers.keras.ledger import Ledger
    from seqdsl.importers.keras.sources import Sources
    from seqdsl.layout.wiring import Block, Part

    Valid = NDArray[np.bool_]

SAMPLES = 24
"""How many samples are looked at."""


class Masks:
    """Which steps of the inputs are padding, and who looks at that."""

    def __init__(self, ledger: Ledger, sources: Sources) -> None:
        """Begin without any."""
        self._ledger, self._sources = ledger, sources
        self.samples = SAMPLES
        self.marks: dict[int, float] = {}
        self.begun: dict[int, frozenset[int]] = {}
        self.uses: list[tuple[str, int, int | None, Truth | None]] = []
        self.of_loops: set[int] = set()
        # The inputs whose padding the caller of the model tells.
        self.outside: set[int] = set()
        # Rows that call a picture: whether steps are padded in what it gives, where they are in what it reads.
        self.through: dict[int, Callable[[], bool]] = {}
        self._zeroed: set[int] = set()

    def numbers(self, value: Value) -> Truth:
        """The numbers of an input, or of a part of it, in all samples.

        Raises:
            Refused: it is a computed value, or may be one of the model that calls this one.
        """
        read = self._sources.of(value.ids)
        if any(item.block in self.outside for item in read):
            raise Refused("it marks padding in a sequence whose padding is marked already")
        ids = value.ids[0]
        numbers = np.zeros((SAMPLES, *ids.shape))
        for item in read:
            entry = self._ledger.of_block(item.block)
            own = (ids >= entry.start) & (ids < entry.start + entry.size)
            numbers[:, own] = self._data(item.block)[:, ids[own] - entry.start]
        counted = self._sources.counted
        return Truth(numbers, frozenset(counted.get(item.block, item.block) for item in read))

    def _data(self, block: int) -> Any:
        """Some numbers of an input, (samples, values), of which whole steps are its mark for padding."""
        item = self._sources.inputs[block]
        if block in self._sources.counted:
            return self.valid(self._sources.counted[block]).sum(axis=1)[:, None]
        width = int(np.prod(item.shape)) if item.shape else 1
        valid = self.valid(block)
        steps = valid.shape[1]
        random = np.random.default_rng(block)
        data = random.integers(11, 99, (SAMPLES, steps, width)) + (0 if item.is_tokens else 0.5)
        return np.where(valid[..., None], data, self.marks.get(block, 0)).reshape(SAMPLES, -1)

    def valid(self, block: int) -> Valid:
        """Which steps of an input are valid, (samples, steps): none in a row of its own, at least one in each."""
        item = self._sources.inputs[block]
        steps = 1 if item.steps is None else item.steps
        random = np.random.default_rng(1000 + block)
        if block in self._sources.counted.values():
            # Padding stands at the end.
            lengths = random.integers(1, steps + 1, SAMPLES)
            return np.arange(steps) < lengths[:, None]
        valid = random.random((SAMPLES, steps)) < 0.6
        valid[np.arange(SAMPLES), random.integers(0, steps, SAMPLES)] = True
        return valid

    def use(self, where: str, block: int, operand: int | None, mask: Any) -> None:
        """Note that a block looks at a mask, or would: of an operand, or of what it is a row of."""
        if mask is not None and not isinstance(mask, Truth):
            raise Refused("its mask is not made of the values of an input")
        self.uses.append((where, block, operand, marking(mask)))

    def zeroed(self, where: str, value: Value, valid: Valid, mask: Truth) -> None:
        """Note that the padded steps of a row are made zero, as they are in a picture."""
        ids = value.ids[0]
        if valid.shape[1] == 1 and self._block(value) is not None:
            self.of_step(where, value, valid, mask)
            self._zeroed.update(self._blocks(value))
            return
        block = self._block(value)
        if block is None or ids.ndim < 2 or len(ids) != valid.shape[1]:
            raise Refused("it makes other values zero than the padded steps of a row")
        self.uses.append((where, block, None, Truth(valid, mask.origins)))

    def of_step(self, where: str, value: Value, valid: Valid, mask: Truth) -> None:
        """Note the same of one step of a loop, which is a vector until the loop is a row."""
        block = self._block(value)
        if block is None:
            raise Refused("it makes several values zero, or none")
        self.of_loops.add(block)
        self.uses.append((where, block, None, Truth(valid, mask.origins)))

    def goes_on(self, value: Value, before: Value) -> bool:
        """Whether a value may be that of the step before, of the same layer; before the first, zero or an input."""
        new, old = self._block(value), self._block(before)
        if new is None or not before.ids.any():
            return new is not None
        blocks = self._ledger.blocks
        return old is not None and (
            old in self._sources.inputs or blocks[old].call == blocks[new].call
        )

    def _block(self, value: Value) -> int | None:
        """The block that all numbers of a value are of; ``None``: there are several, or none."""
        blocks = self._blocks(value)
        return blocks.pop() if len(blocks) == 1 else None

    def _blocks(self, value: Value) -> set[int]:
        return {self._ledger.entry(int(item)).block for item in np.unique(value.ids[0]) if item}

    def from_outside(self, value: Value) -> Value:
        """An input of which the caller of the model tells which steps are padding."""
        (item,) = self._sources.of(value.ids)
        if item.steps is None:
            return value
        self.outside.add(item.block)
        return replace(value, mask=Truth(self.valid(item.block), frozenset({item.block})))

    def kept(self, outputs: Sequence[int], masks: Sequence[Truth | None]) -> tuple[Kept, ...]:
        """Which masks the results have, of a model of one input; ``masks``: those that Keras keeps with them."""
        known = self._known()
        by_keras = [
            None if item is None else np.asarray(item.numbers).astype(bool) for item in masks
        ]
        return tuple(
            Kept(self._passed(valid), self._passed(known[block]))
            for block, valid in zip(outputs, by_keras, strict=True)
        )

    def _passed(self, valid: Valid | None) -> Padding:
        if valid is None or valid.all():
            return Padding.NONE
        is_same = any(np.array_equal(valid, self.valid(item)) for item in self.outside)
        return Padding.SAME if is_same else Padding.OTHER

    def masked(self) -> frozenset[int]:
        """The inputs whose padding some layer looks at."""
        found = [mask.origins for *_, mask in self.uses if mask is not None]
        return frozenset().union(*found)

    def problems(self) -> Iterator[tuple[str, str, bool]]:
        """Where masks are not what a picture says: the layer, what it is, and whether the model can be read with it."""
        known = self._known()
        for where, block, operand, mask in self.uses:
            wanted = known[block] if operand is None else self._of_operand(block, operand, known)
            # A cell in a loop is given none: its state is what waits.
            is_cell = operand is None and self._ledger.blocks[block].steps is None
            if mask is None and wanted is not None and not is_cell:
                yield where, "Keras does not skip padded steps here, and a picture does", True
            elif mask is not None and not _alike(mask.numbers, wanted):
                yield where, "its mask is not the one that follows from what it reads", False

    def padded_outputs(self, outputs: Iterable[int]) -> Iterator[str]:
        """The outputs, by their layers, whose padded steps Keras does not make zero."""
        known = self._known()
        zero = {block for where, block, operand, mask in self.uses if operand is None and mask}
        for number in outputs:
            block = self._ledger.blocks[number]
            is_row = block.steps is not None and known[number] is not None
            # Steps of a loop, each of which is made zero, side by side.
            is_zero = {item.block for item in reads(block, state=False)} <= self._zeroed
            if is_row and not is_zero and number not in zero:
                yield self._ledger.paths[number] or block.layer

    def _known(self) -> dict[int, Valid | None]:
        """Which steps of each block are valid in a picture; ``None``: all."""
        masked = self.masked()
        known: dict[int, Valid | None] = {}
        for number in range(len(self._ledger.blocks)):
            known[number] = self._of_block(number, masked, known)
        return known

    def _of_block(
        self, number: int, masked: frozenset[int], known: dict[int, Valid | None]
    ) -> Valid | None:
        block = self._ledger.blocks[number]
        if number in self._sources.inputs:
            return self.valid(number) if number in masked and block.steps else None
        if block.call == "split":
            return None
        if number in self.through:
            return self._of_called(number, known)
        if block.steps is None and not self._is_step(number):
            return self._of_vector(block, known)
        # A step of an attention is valid where its query is; what is combined, where all of it is.
        return _joined([_of_steps(item, known) for item in self._rows(block)])

    def _of_called(self, number: int, known: dict[int, Valid | None]) -> Valid | None:
        """Which steps of a row are valid that a picture gives of a whole row."""
        if self._ledger.blocks[number].steps is None:
            return None
        valid = self._of_operand(number, 0, known)
        return valid if valid is not None and self.through[number]() else None

    def _rows(self, block: Block) -> list[tuple[tuple[Part, ...], ...]]:
        rows = [item.of for item in block.operands if isinstance(item, Steps)]
        if block.steps is not None:
            return rows
        return [tuple(map(self._of_rows, row)) for row in rows]

    def _of_rows(self, step: tuple[Part, ...]) -> tuple[Part, ...]:
        """Of what a step reads that which is a step of a row."""
        blocks = self._ledger.blocks
        return tuple(item for item in step if item is not None and blocks[item.block].steps)

    # h = cell(concatenate([x[:, step], attend(h, memory)]))     the step of x says whether it is valid; what was
    #                                                            computed of the state before does not
    def _is_step(self, number: int) -> bool:
        """Whether a vector is a step of a loop that reads steps of rows; the last state waits for nothing."""
        block = self._ledger.blocks[number]
        is_run = bool(self.of_loops) and block.direction is not None
        return (is_run or number in self.of_loops) and any(
            self._ledger.blocks[item.block].steps for item in reads(block, state=False)
        )

    def _of_vector(self, block: Block, known: dict[int, Valid | None]) -> Valid | None:
        """Whether a vector is valid that is computed of steps of a loop, which are vectors; ``None``: always."""
        # t = argmax(dense(h)), of a state h that waits: it is a step of a loop like h itself
        blocks = self._ledger.blocks
        read = {item.block for item in reads(block) if blocks[item.block].steps is None}
        return _joined([known[item] for item in sorted(read)])

    def _of_operand(
        self, number: int, operand: int, known: dict[int, Valid | None]
    ) -> Valid | None:
        read = self._ledger.blocks[number].operands[operand]
        rows = tuple((item,) for item in read.sources) if isinstance(read, Bus) else read.of
        return _of_steps(rows, known)


def marking(mask: Truth | None) -> Truth | None:
    """A mask, if it marks any step: where words are joined with what has no mask, Keras marks none."""
    is_idle = mask is not None and mask.numbers.shape[1:] > (1,) and np.all(mask.numbers)
    return None if is_idle else mask


def _of_steps(rows: tuple[tuple[Part, ...], ...], known: dict[int, Valid | None]) -> Valid | None:
    """Which of a row's steps are valid: those of which all that they read are; ``None``: all."""
    read = {item for row in rows for item in row}
    if not rows or (len(rows) > 1 and len(read) == 1):
        # One value for all steps is none of a sequence.
        return None
    valid = np.stack([_of_step(row, known) for row in rows], 1)
    return None if valid.all() else valid


def _of_step(row: tuple[Part, ...], known: dict[int, Valid | None]) -> Valid:
    """In which samples a step is valid: where all that it reads is."""
    values = [item for item in row if item is not None and not item.final]
    masks = [(known[item.block], item.step) for item in values]
    found = [mask[:, step] for mask, step in masks if mask is not None]
    return np.all(found, axis=0) if found else np.ones(SAMPLES, bool)


def _joined(masks: list[Valid | None]) -> Valid | None:
    found = [item for item in masks if item is not None]
    return np.all(found, axis=0) if found else None


def _alike(mask: Any, wanted: Valid | None) -> bool:
    """Whether two masks are the same; of samples without a valid step Keras may take all."""
    mask = np.asarray(mask).astype(bool)
    if wanted is None:
        return bool(mask.all())
    if mask.shape != wanted.shape:
        return False
    some = wanted.any(axis=1)
    return bool(np.array_equal(mask[some], wanted[some]))
