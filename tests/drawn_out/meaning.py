"""elided text and lengths → what differs between its meaning and that of the picture drawn in full.

Here, and only here, the compiler and its reference interpreter come in: both texts are compiled, and the fully
drawn one, in which nothing is elided, is the truth.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

import seqdsl
from seqdsl.api import Model, analyze
from seqdsl.runtime.named_weights import by_layer, draw
from seqdsl.verify.inputs import valid_ids
from seqdsl.verify.jobs import Port
from seqdsl.verify.oracle import Walk, expand, interpret
from seqdsl.verify.ports import ports
from seqdsl.verify.spec_weights import layer_weights
from seqdsl.verify.tolerance import alike
from tests.drawn_out.drawn import Elided
from tests.drawn_out.picture import Block
from tests.drawn_out.unroll import Lengths, Plan

Array = NDArray[Any]

BATCH = 3

SCALES = (0.5, 0.1, 0.01)
LARGEST = 1e4
"""What weights are multiplied by, until no value is beyond this: some activations have no bound."""


class Different(AssertionError):
    """The elided picture does not mean what it means when it is drawn in full."""


def with_values(text: str, names: dict[str, int]) -> str:
    """The text with the lengths that it sets changed."""
    for name, value in names.items():
        text = re.sub(rf"(?m)^(\s*{name}\s*=\s*)\d+", rf"\g<1>{value}", text)
    return text


@dataclass
class Case:
    """A picture at some lengths, elided and in full.

    Attributes:
        drawing: the picture, as the tool reads it.
        text: its file.
        lengths: how many steps each stretch elides.
    """

    drawing: Elided
    text: str
    lengths: Lengths

    @cached_property
    def plan(self) -> Plan:
        """The number of steps of every block."""
        return Plan(self.drawing.picture, self.lengths)

    @cached_property
    def counts(self) -> list[int]:
        """The steps of each block."""
        return [self.plan.total(index) for index in range(len(self.drawing.picture.blocks))]

    @cached_property
    def full_text(self) -> str:
        """The picture drawn in full."""
        return self.drawing.in_full(self.lengths)

    @cached_property
    def elided_text(self) -> str:
        """The picture with ellipses, with the lengths that it sets changed to these."""
        return with_values(self.text, self.plan.names())

    @cached_property
    def elided(self) -> Model:
        """The compiled picture with ellipses."""
        return seqdsl.compile(self.elided_text)

    @cached_property
    def full(self) -> Model:
        """The compiled picture without."""
        return seqdsl.compile(self.full_text)

    @cached_property
    def env(self) -> dict[str, int]:
        """The free lengths of the compiled picture that give every block its steps.

        Raises:
            Different: there are none.
        """
        sizes = self.elided.drawing.lengths.steps
        found = self._solve(self.elided.drawing.lengths.free, {})
        if found is None:
            shown = ", ".join(map(str, sizes))
            raise Different(f"no lengths give the steps {self.counts}: the compiler has {shown}")
        return found

    def _solve(self, names: tuple[str, ...], env: dict[str, int]) -> dict[str, int] | None:
        """The values of the names that are left, one after the other."""
        lengths, values = self.elided.drawing.lengths, self.elided.drawing.values
        whole = {**values, **env}
        steps = [0 for _ in self.counts]
        for owner, size in zip(self.owners(self.elided), lengths.steps, strict=True):
            known = size.names <= whole.keys() and steps[owner] >= 0
            try:
                steps[owner] = steps[owner] + size.value(whole) if known else -1
            except ValueError:
                # A length that is not divided.
                return None
        if any(known not in (-1, count) for known, count in zip(steps, self.counts, strict=True)):
            return None
        if not names:
            return env
        name, *rest = names
        tried = range(max(self.counts) + 1)
        solved = (self._solve(tuple(rest), {**env, name: value}) for value in tried)
        return next((found for found in solved if found is not None), None)

    def owners(self, model: Model) -> list[int]:
        """The drawn block of each compiled one: a step-wise block may be applied to its parts one by one."""
        blocks = self.drawing.picture.blocks
        nodes = self.counts if model is self.full else [block.count for block in blocks]
        unit_owner = [index for index, count in enumerate(nodes) for _ in range(count)]
        assert len(unit_owner) == sum(block.count for block in model.drawing.blocks)
        return [unit_owner[block.first] for block in model.drawing.blocks]

    # What is compared

    def check(self) -> None:
        """Compare steps, shapes, parameters and values, with padding, too, where that means the same.

        Raises:
            Different: they are not the same.
        """
        if self.is_refused():
            return
        self.check_shapes()
        self.check_values()
        if self.knows_padding():
            self.check_values(padded=True)

    def is_refused(self) -> bool:
        """Whether the picture cannot have these lengths, as a width depends on them; then both say the same."""
        if errors := _errors(self.text):
            raise Different(f"the picture is refused: {errors}")
        elided, full = _errors(self.elided_text), _errors(self.full_text)
        if elided != full:
            raise Different(f"errors: {elided}, in full {full}")
        return bool(elided)

    def knows_padding(self) -> bool:
        """Whether padded steps mean the same in both.

        One step in full is a vector, which is not masked. And what a row of free length reads of a longer one, or of
        one of the same length without its first steps, is counted from the first: "the last n" is a number that is
        known before run time, as it is in full.
        """
        blocks = self.drawing.picture.blocks
        longer = any(
            self.counts[below] != self.counts[index]
            for index, block in enumerate(blocks)
            if block.gaps
            for below in {s.block for entry in block.entries for bus in entry for s in bus}
        )
        short = any(
            count == 1 and not block.is_vector
            for block, count in zip(blocks, self.counts, strict=True)
        )
        shifted = any(self._is_shifted(block) for block in blocks)
        return not (longer or short or shifted) and any(
            port.padding or port.counts is not None for port in ports(self.elided.spec)
        )

    def _is_shifted(self, block: Block) -> bool:
        """Whether a block reads another one over an ellipsis from a later step on, up to its last step.

        ::

              H H ... H H              H
              | |     |        +-------+
            X X X ... X      X X ... X
        """
        read: dict[int, set[int]] = {}
        for source in (s for entry in block.entries for bus in entry for s in bus):
            read.setdefault(source.block, set()).add(source.step)
        blocks = self.drawing.picture.blocks
        return any(
            blocks[below].count - 1 in steps
            and 0 not in steps
            and (block.gaps or any(min(steps) < gap.after for gap in blocks[below].gaps))
            for below, steps in read.items()
        )

    def check_shapes(self) -> None:
        """Compare everything that is known without values."""
        for what in ("kinds", "ports", "results", "parameters"):
            ours, full = (
                getattr(self, f"_{what}")(self.elided),
                getattr(self, f"_{what}")(self.full),
            )
            if ours != full:
                raise Different(f"{what}: {ours}, in full {full}")

    def _kinds(self, model: Model) -> list[tuple[int, str]]:
        pairs = zip(self.owners(model), model.drawing.settings, strict=True)
        return sorted({(owner, settings.kind) for owner, settings in pairs})

    def _parameters(self, model: Model) -> dict[str, int]:
        return model.parameters

    def _ports(self, model: Model) -> list[tuple[Any, ...]]:
        return [(item.dtype, *self._shape(model, item)) for item in model.inputs]

    def _results(self, model: Model) -> list[tuple[Any, ...]]:
        return [self._shape(model, item) for item in model.outputs]

    def _shape(self, model: Model, item: Any) -> tuple[int, ...]:
        """A shape; one step of a sequence is drawn as a vector."""
        whole = self._known(model)
        shape = tuple(int(size.value(whole)) for size in item.shape)
        return shape[1:] if self._is_one_step(model, item) else shape

    def _is_one_step(self, model: Model, item: Any) -> bool:
        """Whether an input or output is a sequence of one step.

        Its axes do not tell: ``(1, 2)`` is one step of ``input(2)``, or the vector of ``input(1, 2)``.
        """
        steps = model.spec.blocks[item.block].steps
        return steps is not None and steps.value(self._known(model)) == 1

    def _known(self, model: Model) -> dict[str, int]:
        return {**model.drawing.values, **(self.env if model is self.elided else {})}

    def check_values(self, *, padded: bool = False) -> None:
        """Compare what the interpreter makes of both."""
        arrays = self.inputs(padded=padded)
        found = self.interpreted(self.elided, arrays, self.env)
        expected = self.expected(arrays)
        self.compare(found, expected)

    def expected(self, arrays: list[Array]) -> list[Array]:
        """The results of the picture in full, given the inputs of the elided one."""
        return self.interpreted(self.full, self._in_full(arrays), {})

    def _in_full(self, arrays: list[Array]) -> list[Array]:
        """The arguments of the picture in full; states are what they are."""
        inputs = self.elided.spec.inputs
        # `..n.. N` of one step is drawn as `N`, a vector: without the axis of steps.
        short = [self._is_one_step(self.elided, item) for item in inputs]
        drawn = zip(short, arrays[: len(inputs)], strict=True)
        vectors = [array[:, 0] if one else array for one, array in drawn]
        return [*vectors, *arrays[len(inputs) :]]

    def compare(self, found: list[Array], expected: list[Array]) -> None:
        """Hold results against those of the picture drawn in full."""
        for number, (ours, full) in enumerate(zip(found, expected, strict=True)):
            same = np.broadcast_to(full[:, None] if full.ndim < ours.ndim else full, ours.shape)
            wrong = ~alike(ours, same)
            if wrong.any():
                steps = sorted({int(step) for step in np.argwhere(wrong)[:, 1]})
                raise Different(f"values: output {number} differs at steps {steps}")

    @cached_property
    def weights(self) -> dict[str, Array]:
        """Weights for the layers of the elided picture, small enough that no value grows beyond all numbers."""
        arrays = self._in_full(self.inputs())
        layers = layer_weights(self.elided.spec)
        for scale in SCALES:
            weights = draw(layers, scale)
            if self._walk(self.full, arrays, {}, weights).largest() < LARGEST:
                break
        return weights

    def interpreted(self, model: Model, arrays: list[Array], env: dict[str, int]) -> list[Array]:
        """The interpreter's results; a block has the same weights in both pictures."""
        return self._walk(model, arrays, env, self.weights).outputs()

    def _walk(
        self, model: Model, arrays: list[Array], env: dict[str, int], weights: dict[str, Array]
    ) -> Walk:
        layers = by_layer(weights)
        names = _names(self.elided)
        layer_of = {o: names[i] for i, o in enumerate(self.owners(self.elided)) if i in names}
        owners = enumerate(self.owners(model))
        placed = {index: layers.get(layer_of.get(owner, ""), {}) for index, owner in owners}
        with np.errstate(over="ignore", invalid="ignore"):
            return interpret(model.drawing, expand(model.drawing, env), placed, arrays)

    def inputs(self, *, padded: bool = False, seed: int = 0) -> list[Array]:
        """Random arguments for the elided picture."""
        random = np.random.default_rng(seed)
        spec = self.elided.spec
        whole = {**spec.defaults, **self.env}
        ends = [item.shape for item in (*spec.arguments, *spec.taken)]
        shapes = [(BATCH, *(size.value(whole) for size in shape)) for shape in ends]
        return [
            _values(random, port, shape, padded)
            if port.counts is None
            else _lengths(random, shapes[port.counts][1], padded)
            for port, shape in zip(ports(spec), shapes, strict=True)
        ]


def _errors(text: str) -> list[str]:
    return sorted({item.code for item in analyze(text).diagnostics if item.is_error})


def _names(model: Model) -> dict[int, str]:
    """The layer of each block; a letter has one."""
    names: dict[int, str] = {}
    first: dict[str, str] = {}
    for block in model.spec.blocks:
        if block.layer is not None:
            name = block.layer.name
            shared = block.letter != "O"
            names[block.index] = first.setdefault(block.letter, name) if shared else name
    return names


def _lengths(random: np.random.Generator, steps: int, padded: bool) -> Array:
    """How many steps are valid: at least one of each sample, and all where nothing is padded."""
    return random.integers(1 if padded else steps, steps + 1, size=BATCH)


def _values(random: np.random.Generator, port: Port, shape: tuple[int, ...], padded: bool) -> Array:
    if port.vocabulary is None:
        array = random.standard_normal(shape)
    else:
        ids = valid_ids(port)
        array = ids[random.integers(0, len(ids), size=shape)].astype("int32")
    if padded and port.padding and len(shape) > 1:
        ends = random.integers(1, shape[1] + 1, size=shape[0])
        array[np.arange(shape[1]) >= ends[:, None]] = port.marks
    return array
