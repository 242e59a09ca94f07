"""picture + weights → what a model must compute while it is trained, in all that is random and in what is not."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.controlled import levels, summary
from seqdsl.verify.directional_derivatives import MOST_NUMBERS, directional_derivatives
from seqdsl.verify.distribution import draws, repeated, samples
from seqdsl.verify.expected import (
    MAIN_CASE,
    Derivatives,
    ExpectedDropout,
    ExpectedTraining,
    MovingStatistics,
    PackedArray,
)
from seqdsl.verify.oracle import MOMENTUM, AtLevel, OneLost, Training, updated_statistics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.interpreted_picture import InterpretedPicture
    from seqdsl.verify.jobs import Case

MOST_LOST = 4096
"""Numbers that can be lost by dropout, of each of which it is worked out what comes of it."""


def expected_training(
    picture: InterpretedPicture,
    case: Case,
    inputs: Sequence[Array],
    weights: Mapping[str, Array],
    derivatives: Derivatives,
) -> ExpectedTraining:
    """What a model computes while it is trained."""
    random = np.random.default_rng(2)
    if picture.is_random:
        count = draws(case.values // case.batch, MOST_NUMBERS)
        ways = [Training(random, picture.rates, True, apart) for apart in (False, True)]
        copies = repeated(inputs, count)
        walks = [
            picture.walk(case, copies, weights, training=way)
            for way in ways[: 1 + picture.drops_both_ways()]
        ]
        each_way = tuple(PackedArray.of(samples(walk.outputs())) for walk in walks)
        return ExpectedTraining(
            samples=each_way, dropout=_expected_dropout(picture, case, inputs, weights)
        )
    if picture.has_statistics:
        way = Training(random, picture.rates)
        derivatives = directional_derivatives(picture, MAIN_CASE, case, inputs, weights, way)
        return ExpectedTraining(
            derivatives, statistics=_moving_statistics(picture, case, inputs, weights, way)
        )
    return ExpectedTraining(derivatives)


def _moving_statistics(
    picture: InterpretedPicture,
    case: Case,
    inputs: Sequence[Array],
    weights: Mapping[str, Array],
    way: Training,
) -> tuple[MovingStatistics, ...]:
    """The moving statistics after one batch; of a layer that is applied several times, they depend on the order."""
    walk = picture.walk(case, inputs, weights, training=way)
    applied = Counter(picture.names[index] for index in walk.statistics)
    updated = []
    for index, statistics in walk.statistics.items():
        name = picture.names[index]
        if applied[name] == 1:
            mean, *variances = updated_statistics(
                statistics,
                weights[f"{name}/moving_mean"],
                weights[f"{name}/moving_variance"],
                walk.number(index, "momentum", MOMENTUM),
            )
            updated.append(
                MovingStatistics(name, PackedArray.of(mean), tuple(map(PackedArray.of, variances)))
            )
    return tuple(updated)


def _expected_dropout(
    picture: InterpretedPicture, case: Case, inputs: Sequence[Array], weights: Mapping[str, Array]
) -> ExpectedDropout | None:
    """What the first sample gives where nothing or everything is dropped, and where one number is."""
    rates = picture.dropout_rates()
    if not rates:
        return None
    random = np.random.default_rng(0)

    def given(count: int, masks: AtLevel | OneLost, *, apart: bool = False) -> Array:
        way = Training(random, picture.rates, True, apart, masks)
        walk = picture.walk(case, repeated(inputs, count), weights, training=way)
        return summary(walk.outputs())

    tried = levels(rates)
    at_levels = np.concatenate([given(1, AtLevel(level)) for level in tried])
    values = case.values // case.batch
    alone, their_rates = [], []
    for apart in (False, True)[: 1 + picture.drops_both_ways()]:
        counted = OneLost()
        given(1, counted, apart=apart)
        count = len(counted.rates)
        if count > MOST_LOST or count * values > MOST_NUMBERS:
            return ExpectedDropout(rates, tuple(tried), PackedArray.of(at_levels))
        alone.append(given(count, OneLost(), apart=apart))
        their_rates += counted.rates
    whole = PackedArray.of(np.concatenate(alone))
    return ExpectedDropout(
        rates, tuple(tried), PackedArray.of(at_levels), whole, tuple(their_rates)
    )
