"""Samples of one distribution are near each other, those of different ones are not."""

from __future__ import annotations

import numpy as np
import pytest

from seqdsl.verify import distribution
from seqdsl.verify.oracle.training import Training, batch_statistics, dropped, dropped_alike

N = distribution.DRAWS


def spread(rate: float, seed: int) -> distribution.Array:
    random = np.random.default_rng(seed)
    return np.sort((random.random(N) >= rate) / (1 - rate))


@pytest.mark.parametrize("seed", range(20))
def test_the_same_rate_is_near(seed: int) -> None:
    assert distribution.distance(
        spread(0.4, seed), spread(0.4, seed + 100), 1e-9
    ) < distribution.limit(N, N)


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.3, 0.5, 0.6])
def test_another_rate_is_far(rate: float) -> None:
    assert distribution.distance(spread(0.4, 1), spread(rate, 2), 1e-9) > distribution.limit(N, N)


def test_rounding_is_no_distance() -> None:
    one = np.full(N, 0.1)
    assert distribution.distance(one, one + 1e-12, 1e-9) == 0
    assert distribution.distance(one, one + 1e-6, 1e-9) == 1


def test_what_goes_together_is_seen() -> None:
    random = np.random.default_rng(3)
    alike = np.repeat(random.standard_normal((N, 1, 1)), 9, axis=1)
    apart = random.standard_normal((N, 9, 1))
    pairs = zip(distribution.samples([alike]), distribution.samples([apart]), strict=True)
    distances = [distribution.distance(one, other, 1e-9) for one, other in pairs]
    # The numbers themselves do not tell, their sums do.
    assert max(distances[: -distribution.MIXTURES]) < distribution.limit(N, N) < max(distances)


def test_the_mean_stays() -> None:
    training = Training(np.random.default_rng(4), {})
    ones = [np.ones((500, 20))] * 3
    for drop in (dropped, dropped_alike):
        found = np.stack(drop(training, ones, 0.25))
        assert np.isclose(found.mean(), 1, atol=0.02)
        assert set(np.unique(found)) == {0.0, 1 / 0.75}
    assert (np.diff(np.stack(dropped_alike(training, ones, 0.25)), axis=0) == 0).all()


def test_statistics_of_a_batch() -> None:
    values = np.random.default_rng(5).standard_normal((4, 7, 3))
    mean, variance, number = batch_statistics(list(values))
    assert number == 4 * 7
    assert np.allclose(mean, values.mean((0, 1))) and np.allclose(variance, values.var((0, 1)))


def test_fewer_draws_of_large_models() -> None:
    assert distribution.draws(10, 10**9) == N
    assert distribution.draws(10**6, 10**9) == 1000
    assert distribution.draws(10**12, 10**9) == 1
