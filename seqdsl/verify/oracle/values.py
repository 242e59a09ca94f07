"""what has been computed so far → what a node takes as input: all that the rules of the layers read.

The walk itself is `seqdsl.verify.oracle.walk`; the rules (`seqdsl.verify.oracle.kinds`) know this module alone.
"""

from __future__ import annotations

from math import prod
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.verify.oracle.equations import count_states
from seqdsl.verify.oracle.functions import Array
from seqdsl.verify.oracle.padded import valid_step
from seqdsl.verify.oracle.settings import Settings, as_vector
from seqdsl.verify.oracle.steps import BEFORE, FINAL, Carried, Counted, Place, Source, Steps

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from seqdsl.lowering.drawing import Drawing
    from seqdsl.verify.oracle.cells import State
    from seqdsl.verify.oracle.training import Statistics, Training


class Walk(Settings):
    """What has been computed so far, and how a layer's rule reads it.

    Attributes:
        values: what each step of each block gives, (..., batch, features).
        finals: the final state of each recurrent block, as a value.
        states: the whole of it, for each direction.
        valid: which samples each step of a masked block is valid for.
        statistics: what batch normalization finds of a batch in training.
        taken: the state of the call before, of each block that takes it.
        grids: the places that each step of a block holds; the numbers of all are one vector, place by place.
        lasts: the last values of the call before, of each block whose delayed nodes read them.
    """

    def __init__(
        self,
        drawing: Drawing,
        steps: Steps,
        weights: Mapping[int, Mapping[str, Array]],
        lead: tuple[int, ...] = (),
        training: Training | None = None,
    ) -> None:
        """Begin with nothing."""
        self.training = training
        self.drawing, self.steps, self.weights = drawing, steps, weights
        self.values: dict[int, list[Array]] = {}
        self.finals: dict[int, Array] = {}
        self.states: dict[int, list[State]] = {}
        self.valid: dict[int, list[Array]] = {}
        self.statistics: dict[int, Statistics] = {}
        self.taken: dict[int, tuple[Array, ...]] = {}
        self.grids: dict[int, tuple[int, ...]] = {}
        self.lasts: dict[int, list[Array]] = {}
        self.lead = lead
        self.batch = 0

    def put(self, index: int, array: Array, *, masked: bool = True) -> None:
        """Take an argument of the model; if it is not ``masked``, padding in it is taken for data."""
        self.batch, array = len(array), self._flat(index, array)
        is_vector = self.drawing.blocks[index].is_vector
        self.take(index, [array] if is_vector else list(np.moveaxis(array, 1, 0)), masked=masked)

    def take(self, index: int, steps: list[Array], *, masked: bool = True) -> None:
        """Take an argument of the model step by step, grids as vectors; padding begins where it is marked."""
        self.values[index] = steps
        self.grids |= {index: grid} if (grid := self.own_grid(index)) else {}
        if not masked or (valid := self.marked(index, steps)) is None:
            return
        # Several sets of weights differ by imaginary parts alone, which are in what another picture gives.
        self.valid[index] = valid = [step.reshape(-1, self.batch)[0] for step in valid]
        if self.kind(index) != "tokens":
            pairs = zip(steps, valid, strict=True)
            self.values[index] = [np.where(here[:, None], step, 0) for step, here in pairs]

    def _flat(self, index: int, array: Array) -> Array:
        """An argument whose grids are vectors: (batch, steps, height, width, features) as (batch, steps, numbers)."""
        if not self.own_grid(index):
            return array
        return array.reshape(*array.shape[: 1 if self.drawing.blocks[index].is_vector else 2], -1)

    def take_states(self, arrays: Sequence[Array]) -> None:
        """Take the states among the arguments: a vector for each part, or the steps that a convolution kept."""
        given = iter(arrays)
        for item in self.steps.carried:
            if item.last:
                self.lasts[item.block] = self._steps_of(next(given), item)
            elif item.is_taken:
                is_one = item.before or item.counts
                kind = self.kind(item.block)
                count = 1 if is_one else count_states(kind, self.drawing.cells)
                parts = (next(given) for _ in range(count))
                self.taken[item.block] = tuple(parts if is_one else map(as_vector, parts))

    def _steps_of(self, array: Array, item: Carried) -> list[Array]:
        """The last values of the call before, step by step; ids that are chosen have an axis of one feature here."""
        steps = [array] if item.last == 1 else list(np.moveaxis(array, 1, 0))
        # A token id has no axis; what a grid holds is one vector.
        return (
            steps
            if steps[0].ndim == 1 and not self.chosen(item.block)
            else list(map(as_vector, steps))
        )

    def _lasts_given(self, item: Carried) -> Array:
        """The last values of a block, of this call and of those before it."""
        steps = [*self.lasts[item.block], *self.values[item.block]][-item.last :]
        grid, each = self.grids.get(item.block, ()), () if item.is_ids else (-1,)
        if grid or self.chosen(item.block):
            steps = [step.reshape(*step.shape[:-1], *grid, *each) for step in steps]
        axis = -1 - len(grid) - len(each)
        return steps[0] if item.last == 1 else np.stack(np.broadcast_arrays(*steps), axis)

    def _given(self) -> Iterator[Array]:
        """The states among the results, in order."""
        for item in self.steps.carried:
            if not item.is_given:
                continue
            if item.last:
                yield self._lasts_given(item)
            elif item.counts:
                yield self.taken[item.block][0] + self.steps.counts[item.block]
            elif not item.before:
                yield from self.as_images(item.block, self.states[item.block][0])
            else:
                # What was kept, then what was read in this call: the last steps of both are kept for the next one.
                kept = np.moveaxis(self.taken[item.block][0], -2, 0)
                steps = np.broadcast_arrays(*kept, *self.inputs(item.block))
                yield np.stack(steps[-item.before :], -2)

    def inputs(self, index: int) -> list[Array]:
        """What each step of a block reads, side by side, zero in places where nothing is wired."""
        rows = [
            [None if place is None else self.place(place) for place in step]
            for step in self.steps.operands[index]
        ]
        columns = list(zip(*rows, strict=True))
        # Two operands, of which nodes read values with 3 and with 1 feature at most:
        #
        #     x of 3, y of 1     x0 x1 x2 | y0
        #     x of 2, none       x0 x1  0 |  0
        widths = [max(v.shape[-1] for v in column if v is not None) for column in columns]
        # A decoder that is fed by its state alone reads one feature that is always zero.
        count = prod(self.grid_read(index))
        return [
            self._side_by_side(row, widths, count) if row else self.zeros(count) for row in rows
        ]

    def rows(self, index: int) -> list[Array]:
        """What each step of a block reads, (..., batch, features); of a grid each place by itself, as if a sample."""
        count = prod(self.grid_read(index))
        return [self.apart(x, count) for x in self.inputs(index)]

    def _side_by_side(self, row: list[Array | None], widths: list[int], count: int) -> Array:
        parts = [self.zeros(0) if value is None else value for value in row]
        return self.join(
            [
                self.join([part, self.zeros(width - part.shape[-1])], count)
                for part, width in zip(parts, widths, strict=True)
            ],
            count,
        )

    def place(self, place: Place) -> Array:
        """What enters by one place."""
        (first, *others) = place.sources
        if place.earlier and not others and first.step >= 0 and first.block in self.valid:
            return self._last_valid(place, first)
        count = prod(self.grids.get(place.sources[0].block, ()))
        return self.join([self.value(source, how) for source, how in place.counted()], count)

    def _last_valid(self, place: Place, source: Source) -> Array:
        """What a block gave at its last valid step, up to that of a source."""
        values = self.values[source.block][: source.step + 1]
        zero = np.zeros_like(values[0])
        found = zero if place.before is None else self.place(place.before)
        if place.before is not None and self.kind(place.before.sources[0].block) == "tokens":
            # A token that is drawn in front of ids that a model chooses.
            found = found[..., None]
        for value, valid in zip(values, self.valid[source.block], strict=False):
            found = np.where(valid[:, None], value, found)
        return found

    def ids(self, place: Place) -> Array:
        """The token ids that enter by one place, without an axis of features."""
        value = self.place(place)
        count = prod(self.grids.get(place.sources[0].block, ()))
        if not self.chosen(place.sources[0].block):
            return value.reshape(-1)
        # Several sets of weights differ by imaginary steps alone: all choose alike.
        ids = self.apart(value, count)[..., 0].real.astype(int)
        return np.broadcast_to(ids.reshape(-1, ids.shape[-1])[0], (self.batch * count,))

    def value(self, source: Source, how: Counted = Counted.IN_PLACE) -> Array:
        """The value of one source."""
        if source.step == FINAL:
            return self.finals[source.block]
        if source.step <= BEFORE:
            return self._before(source.block, BEFORE - source.step)
        if how is not Counted.IN_PLACE and source.block in self.valid:
            return self._counted(source, how)
        return self.values[source.block][source.step]

    def _before(self, block: int, back: int) -> Array:
        """What a block gave before its first step: what the call before left, its initial state, or zero."""
        if block in self.lasts:
            return self.lasts[block][-1 - back]
        if block in self.taken and not self._keeps_inputs(block):
            return self.taken[block][0]
        start = self.steps.starts.get(block)
        if self.kind(block) == "tokens":
            return np.zeros((self.batch, *self.grids.get(block, ())), int)
        if start is None:
            return self.zeros(self.values[block][0].shape[-1])
        if start.value is not None:
            return self.place(start.value)
        assert start.block is not None
        return self.join([state[0] for state in self.states[start.block]])

    def _keeps_inputs(self, block: int) -> bool:
        """Whether the state of a block is what it read, or a number, and not what it gave."""
        return any(item.before or item.counts for item in self.steps.carried if item.block == block)

    def number_of(self, source: Source, how: Counted) -> int:
        """Which valid step of each sample is read, counted as in `valid_step`."""
        if how is Counted.FROM_FIRST:
            return source.step
        return len(self.values[source.block]) - source.step

    def _counted(self, source: Source, how: Counted) -> Array:
        """A valid step of each sample; zero where there are not so many."""
        # Ids have no features: an axis of one serves meanwhile. Steps that hold several have an axis of these.
        is_ids = self.kind(source.block) == "tokens"
        is_one = is_ids and source.block not in self.grids
        values = [value[..., None] if is_one else value for value in self.values[source.block]]
        # The id of a step that is not there is that of padding.
        lacking = self.argument(source.block, "mask") if is_ids else 0
        valid = np.stack(self.valid[source.block])
        found = valid_step(values, valid, self.number_of(source, how), how, lacking or 0)
        return found[..., 0] if is_one else found

    def wires(self, places: Sequence[Place | None]) -> list[tuple[Source, Counted]]:
        """All that enters a node, in order, one by one, and how it is counted."""
        return [pair for place in places if place for pair in place.counted()]

    def zeros(self, width: int) -> Array:
        """Zeros for every sample."""
        return np.zeros((*self.lead, self.batch, width))

    def join(self, parts: Sequence[Array], count: int = 1) -> Array:
        """Values side by side; of grids of ``count`` places those of each place."""
        if len(parts) == 1:
            return parts[0]
        if count > 1:
            # a0 a1 b0 b1 and A0 B0, of two places: a0 a1 A0 b0 b1 B0
            apart = self.join([self.apart(part, count) for part in parts if part.shape[-1]])
            return apart.reshape(*apart.shape[:-2], apart.shape[-2] // count, -1)
        shape = max((part.shape[:-1] for part in parts), key=len)
        return np.concatenate(
            [np.broadcast_to(part, (*shape, part.shape[-1])) for part in parts], -1
        )

    def outputs(self) -> list[Array]:
        """The results of the model, in order."""
        return [
            *(self._output(index) for index in self.steps.outputs),
            *self._given(),
        ]

    def _output(self, index: int) -> Array:
        values = self.values[index]
        vector = self.drawing.blocks[index].is_vector
        grid = self.grids.get(index, ())
        # An id has no axis of features, so that there are as many ids as places. What a model chooses has one here.
        is_given = self.kind(index) == "tokens"
        is_ids = is_given or self.chosen(index)
        if is_ids and not grid:
            values = values if is_given else [value[..., 0] for value in values]
            return values[0] if vector else np.stack(np.broadcast_arrays(*values), -1)
        whole = values[0] if vector else np.stack(np.broadcast_arrays(*values), -2)
        each = () if is_ids else (-1,)
        return whole.reshape(*whole.shape[:-1], *grid, *each) if grid else whole

    def largest(self) -> float:
        """The largest size of any value; not a number if one is not."""
        # `np.max` passes a nan on; of the builtin `max` it depends on the order.
        sizes = [np.abs(value).max(initial=0) for block in self.values.values() for value in block]
        return float(np.max(sizes))
