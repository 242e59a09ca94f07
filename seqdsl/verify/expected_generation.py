"""picture + weights → what it must generate when it runs free, by the interpreter, which keeps nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.layers import Role
from seqdsl.runtime.named_weights import roles
from seqdsl.verify.distribution import repeated
from seqdsl.verify.expected import (
    MAIN_CASE,
    ExpectedGeneration,
    ExpectedRun,
    FedArgument,
    PackedArray,
)
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.oracle import expand
from seqdsl.verify.oracle.free_run import chances, coded, find_fed, generate, given_at

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array, LayerWeights
    from seqdsl.verify.interpreted_picture import InterpretedPicture
    from seqdsl.verify.jobs import Case, Port
    from seqdsl.verify.oracle import Walk
    from seqdsl.verify.oracle.free_run import Fed

STEPS = 5
"""How many steps are generated at most: each of them takes a walk over the whole picture."""

PROMPTS = (1, 3, 2)
"""How many steps are given, from run to run."""

MOST_IDS = 64
"""How many ids there may be at most where the second id that is drawn is looked at: each takes a sample."""

DRAWN = 2.0
"""The same where ids are drawn: some are more probable by far, and none is sure."""

ENDING = ("position", "learned")
"""Layers that may have no more steps than are drawn."""

TEMPERATURES = (1.0, 0.5)

FACTORS = (1.0, 4.0, 8.0)
"""What kernels are multiplied by where ids are chosen: where biases decide, one id is chosen again and again."""


def expected_generation(
    picture: InterpretedPicture,
    ports: Sequence[Port],
    cases: Sequence[Case],
    weights: Mapping[str, Array],
) -> ExpectedGeneration | None:
    """What a picture that is fed back must generate; nothing of one that is not."""
    if not find_fed(picture.drawing, expand(picture.drawing, dict(cases[0].lengths))):
        return None
    return _Runs(picture, ports, weights).expected(cases)


class _Runs:
    """Lets a picture run free."""

    def __init__(
        self, picture: InterpretedPicture, ports: Sequence[Port], weights: Mapping[str, Array]
    ) -> None:
        self.picture, self.ports, self.weights = picture, ports, weights

    def expected(self, cases: Sequence[Case]) -> ExpectedGeneration:
        chosen = _chosen(cases)
        first, fed = cases[chosen[0]], self._fed(cases[chosen[0]])
        factor, weights = self._factor(cases, chosen[0], fed), self.weights
        self.weights = self._livelier(weights, DRAWN)
        drawn = tuple(
            self._chances(first, fed, number) if item.is_id else None
            for number, item in enumerate(fed)
        )
        self.weights = self._livelier(weights, factor)
        outputs = expand(self.picture.drawing, dict(first.lengths)).outputs
        return ExpectedGeneration(
            tuple(
                FedArgument(
                    item.place,
                    item.ahead,
                    item.is_id,
                    item.is_coded,
                    outputs.index(item.source) if item.source in outputs else None,
                )
                for item in fed
            ),
            tuple(self._run(cases, number, turn) for turn, number in enumerate(chosen)),
            drawn,
            factor,
            self._longer(fed, first),
        )

    def _longer(self, fed: Sequence[Fed], case: Case) -> int:
        """How many steps a run may have that is longer than the others; 0: that is none."""
        # A code of each step's number may end with the picture, and so does a sequence that runs beside it.
        drawing, places = self.picture.drawing, {item.place for item in fed}
        length = min(case.inputs[place][1] for place in places)
        ahead = max(1, *(item.ahead for item in fed))
        is_beside = any(
            abs(shape[1] - length) <= ahead or self._ends(case, place, fed)
            for place, shape in enumerate(case.inputs)
            if place not in places and len(shape) > 1
        )
        if any(item.kind in ENDING for item in drawing.settings) or is_beside:
            return length - 1 if length > 2 else 0
        return length + 3

    def _ends(self, case: Case, place: int, fed: Sequence[Fed]) -> bool:
        """Whether the last step of an argument is of no matter for what is fed first: it runs beside that."""
        # Of a memory, or what an encoder reads, all steps count from the beginning.
        arrays = begun(self.ports, case, fed)
        first = self._walk(case, arrays)
        arrays[place] = arrays[place].copy()
        arrays[place][:, -1] = np.roll(arrays[place][:, -1], 1, axis=0)
        other = self._walk(case, arrays)
        step = max(1, *(1 - item.ahead for item in fed))
        return all(
            np.array_equal(given_at(first, item, step), given_at(other, item, step)) for item in fed
        )

    def _factor(self, cases: Sequence[Case], number: int, fed: Sequence[Fed]) -> float:
        """By what kernels are multiplied so that ids change most often."""
        if not any(item.is_id for item in fed):
            return FACTORS[0]
        weights, found = self.weights, {}
        for factor in FACTORS:
            self.weights = self._livelier(weights, factor)
            made = [item.array() for item in self._run(cases, number, 0).values]
            found[factor] = sum(_changes(item) for item in made if item.ndim == 2)
        self.weights = weights
        return max(found, key=lambda factor: found[factor])

    def _livelier(self, weights: Mapping[str, Array], factor: float) -> dict[str, Array]:
        return livelier(self.picture.layers, weights, factor)

    def _fed(self, case: Case) -> tuple[Fed, ...]:
        return find_fed(self.picture.drawing, expand(self.picture.drawing, dict(case.lengths)))

    def _run(self, cases: Sequence[Case], number: int, turn: int) -> ExpectedRun:
        """What is generated in a case."""
        case = cases[number]
        fed = self._fed(case)
        length = min(case.inputs[item.place][1] for item in fed)
        # Of a sequence of 11 steps with a prompt of one, 5 are made; of one of 3 steps with a prompt of 2, 2.
        # Y gives nothing before its first step: it needs so many steps of Z. With an image in front it needs none.
        least = max(1 - item.ahead for item in fed)
        first = max(0 if least <= 0 and turn == 0 else min(PROMPTS[turn % 3], length - 1), least)
        # The last step that is made need not be a step of Z any more: nothing reads it.
        steps = max(1, min(STEPS, length - first + 1))
        made = generate(
            lambda arrays: self._walk(case, arrays),
            begun(self.ports, case, fed),
            fed,
            first,
            steps,
        )
        return ExpectedRun(
            number,
            first,
            steps,
            tuple(PackedArray.of(item.values) for item in made),
            tuple(PackedArray.of(item.clear) for item in made),
            tuple(PackedArray.of(item.origins) for item in made),
        )

    def _walk(self, case: Case, arrays: Sequence[Array]) -> Walk:
        # What is fed is what the picture says, also where the model's outputs are logits.
        return self.picture.walk_as_drawn(case, arrays, self.weights)

    def _chances(self, case: Case, fed: Sequence[Fed], number: int) -> PackedArray:
        """The probabilities of the first and of the second id of the first sample, at each temperature."""
        item = fed[number]
        arrays = repeated(begun(self.ports, case, fed), 1)
        step = max(1, *(1 - item.ahead for item in fed))
        value = given_at(self._walk(case, arrays), item, step)
        first = [chances(value, temperature)[0] for temperature in TEMPERATURES]
        count, port = value.shape[-1], self.ports[item.place]
        # After an id that is padding, the model as trained says nothing; of several inputs, all would have to be tried.
        if len(fed) > 1 or count > MOST_IDS or port.padding or step >= case.inputs[item.place][1]:
            return PackedArray.of(np.stack(first)[:, None])
        # Of each id that may be the first, the probabilities of the second: weighted, those whatever the first is.
        copies = repeated(arrays, count)
        copies[item.place][:, step] = coded(item, np.arange(count), count)
        value = given_at(self._walk(case, copies), item, step + 1)
        second = [
            one @ chances(value, temperature)
            for one, temperature in zip(first, TEMPERATURES, strict=True)
        ]
        return PackedArray.of(np.stack([np.stack(first), np.stack(second)], 1))


def livelier(
    layers: Sequence[LayerWeights], weights: Mapping[str, Array], factor: float
) -> dict[str, Array]:
    """Weights of layers that depend more on what they read, and less on their biases."""
    # A recurrent matrix is left as it is: it carries state on, whatever is read.
    factors = {Role.KERNEL: factor, Role.TABLE: factor, Role.BIAS: 1 / factor}
    role = roles(layers)
    return {name: array * factors.get(role[name], 1.0) for name, array in weights.items()}


def _changes(ids: Array) -> int:
    """How many ids of (batch, steps) are others than before, or than those of the sample before."""
    return int((ids[:, 1:] != ids[:, :-1]).sum() + (ids[1:] != ids[:-1]).sum())


def _chosen(cases: Sequence[Case]) -> list[int]:
    """The cases that are tried: a long one, a short one, and all with padding."""
    plain = [number for number, case in enumerate(cases) if not case.padded]
    longest = max(plain, key=lambda number: max(map(len_of_steps, cases[number].inputs)))
    # Only with padding does it show whether the state waits for the next valid step.
    padded = [number for number, case in enumerate(cases) if case.padded]
    return [*dict.fromkeys([longest, MAIN_CASE, *padded])]


def len_of_steps(shape: Sequence[int]) -> tuple[int, int]:
    """How many steps an argument has, and samples."""
    return (shape[1] if len(shape) > 1 else 0), shape[0]


def begun(ports: Sequence[Port], case: Case, fed: Sequence[Fed | FedArgument]) -> list[Array]:
    """Arguments that begin as they may be fed: codes are those of some id, states are zero."""
    pairs = zip(ports, arrays_for(ports, case), strict=True)
    found = [np.zeros_like(array) if port.is_state else array for port, array in pairs]
    for item in fed:
        if item.is_coded:
            ids = found[item.place].argmax(-1)
            found[item.place] = np.eye(found[item.place].shape[-1])[ids]
    return found
