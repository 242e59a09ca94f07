"""Dropout is compared draw by draw: a right model passes however it draws, a wrong one shows at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import seqdsl
from seqdsl.runtime.controlled import LOST, Draws, flips, levels, summary
from seqdsl.targets import TRAINED
from seqdsl.verify import expected as expectations
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.lane import Lane
from seqdsl.verify.oracle import AtLevel, OneLost
from tests.verify import wrong_learning
from tests.verify.own_models import own_models

EXAMPLES = Path(__file__).parents[2] / "examples"

PICTURES = {
    **{
        path.stem: path.read_text("utf-8")
        for path in sorted(EXAMPLES.glob("*.seq"))
        if "dropout" in path.read_text("utf-8")
    },
    **{name: text for name, text in wrong_learning.PICTURES.items() if "dropout" in name},
    "a letter twice": """
    Y   concat
    |
+---+---+
|       |
D       D
|       |
H       K
|       |
X       Z

D = dropout(0.25)
H = dense(3)
K = dense(3, relu)
X = input(2)
Z = input(4)
""",
    "a rate that is a parameter": """
Y Y   dense(2)
| |
D D   dropout(rate)
| |
X X   input(5)

rate = 0.35
""",
    "three rates": """
Y   dense(2)
|
D   dropout(0.5)
|
M   mean
|
+-+-+
| | |
H H H   rnn(5, relu, dropout=0.05)
| | |
E E E   dropout(0.01)
| | |
X X X   input(5)
""",
    "under a mask": """
Y   dense(2)
|
M   mean
|
+-+-+
| | |
D D D   dropout(0.3)
| | |
H H H   gru(4, dropout=0.2)
| | |
X X X   input(3, mask=0)
""",
    "no dropout at all": """
Y   dense(2)
|
D   dropout(0)
|
X   input(5)
""",
}


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("target", TRAINED)
def test_a_right_model_passes(target: str, name: str, lanes: dict[str, Lane]) -> None:
    model = seqdsl.compile(PICTURES[name], "picture.seq")
    job = replace(job_for(model, target), checks=("training",), expected=compute_expected(model))
    results = lanes[target].run(job)
    assert [(item.check, item.passed, item.message) for item in results] == [
        ("build", True, ""),
        ("training", True, ""),
    ]


SEEDED = {
    "torch": "import torch\ntorch.manual_seed({})\n",
    "keras": "import keras\nkeras.utils.set_random_seed({})\n",
}


@pytest.mark.xdist_group("lanes")
@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("name", ["regularized-stack", "dropout-both-ways", "three rates"])
@pytest.mark.parametrize("target", TRAINED)
def test_a_right_model_passes_whatever_it_draws(
    target: str, name: str, seed: int, lanes: dict[str, Lane]
) -> None:
    model = seqdsl.compile(PICTURES[name], "picture.seq")
    job = replace(job_for(model, target), checks=("training",), expected=compute_expected(model))
    job = replace(job, source=job.source + SEEDED[target].format(seed))
    assert [item.message for item in lanes[target].run(job)] == ["", ""]


PICTURE = """
Y Y Y   dense(2)
| | |
D D D   dropout(0.2)
| | |
T T T   dense(6, tanh)
| | |
X X X   input(4)
"""

OWN_TORCH = """
import numpy as np
import torch
from torch import nn
from torch.nn import functional as F


class Net(nn.Module):
    def __init__(self, drop):
        super().__init__()
        self.one, self.two, self.drop = nn.Linear(4, 6), nn.Linear(6, 2), drop

    def forward(self, x):
        hidden = torch.tanh(self.one(x))
        return self.two(self.drop(hidden) if self.training else hidden)


def functional():
    return Net(lambda x: F.dropout(x, 0.2))


def other_axes():
    return Net(lambda x: F.dropout(x.transpose(0, 2).reshape(-1), 0.2).reshape(6, 3, -1).transpose(0, 2))


def step_by_step():
    return Net(lambda x: torch.stack([F.dropout(step, 0.2) for step in x.unbind(1)], 1))


def uniform(rate=0.2):
    return Net(lambda x: x * (torch.rand_like(x) > rate) / (1 - rate))


def uniform_the_other_way():
    return Net(lambda x: x * (torch.empty_like(x).uniform_(-1, 1) < 0.6) / 0.8)


def lost_not_kept():
    return Net(lambda x: x * (1 - torch.bernoulli(torch.full_like(x, 0.2))) / 0.8)


def distribution():
    return Net(lambda x: x * torch.distributions.Bernoulli(0.8).sample(x.shape).to(x) / 0.8)


def bidirectionals():
    def drop(x):
        first = F.dropout(x[..., :3], 0.2)
        return torch.cat((first, x[..., 3:] * (torch.rand_like(x[..., 3:]) > 0.2) / 0.8), -1)
    return Net(drop)


def of_numpy(rate=0.2):
    return Net(lambda x: x * torch.from_numpy(np.random.random(x.shape) > rate) / (1 - rate))


def uniform_off():
    return uniform(0.22)


def half_of_it():
    return Net(lambda x: torch.cat((F.dropout(x[..., :3], 0.2), x[..., 3:]), -1))


def of_numpy_off():
    return of_numpy(0.4)
"""

OWN_KERAS = """
import keras
import numpy as np
import tensorflow as tf
from keras import layers


class Drop(layers.Layer):
    def __init__(self, drop):
        super().__init__()
        self.drop = drop

    def call(self, x, training=False):
        return self.drop(x) if training else x


def net(drop):
    return keras.Sequential(
        [keras.Input((3, 4)), layers.Dense(6, "tanh"), Drop(drop), layers.Dense(2)]
    )


def functional():
    return net(lambda x: keras.random.dropout(x, 0.2, seed=keras.random.SeedGenerator(1)))


def of_tensorflow(rate=0.2):
    return net(lambda x: tf.nn.dropout(x, rate))


def uniform():
    return net(lambda x: x * keras.ops.cast(keras.random.uniform(x.shape) > 0.2, x.dtype) / 0.8)


def of_tensorflow_off():
    return of_tensorflow(0.18)
"""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., dict[str, str]]]:
    """What is wrong with the training of the user's model, or what could not be tried."""
    sources = {"torch": OWN_TORCH, "keras": OWN_KERAS}
    with own_models(tmp_path_factory.mktemp("dropout"), "drop", sources) as models:

        def found(target: str, function: str) -> dict[str, str]:
            return {
                item.check if item.passed else f"{item.check} failed": item.message
                for item in models.check(target, function, PICTURE, ("training",))
                if item.message
            }

        yield found


Faults = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("target", "function"),
    [
        ("torch", "functional"),
        ("torch", "other_axes"),
        ("torch", "step_by_step"),
        ("torch", "uniform"),
        ("torch", "uniform_the_other_way"),
        ("torch", "lost_not_kept"),
        ("torch", "distribution"),
        ("torch", "bidirectionals"),
        ("keras", "functional"),
        ("keras", "of_tensorflow"),
        ("keras", "uniform"),
    ],
)
def test_dropout_of_any_kind_passes(target: str, function: str, faults: Faults) -> None:
    assert faults(target, function) == {}


@pytest.mark.parametrize(
    ("target", "function", "what"),
    [
        ("torch", "uniform_off", "with dropout that keeps everything, the results differ"),
        ("torch", "half_of_it", "with dropout that keeps everything, the results differ"),
        ("keras", "of_tensorflow_off", "with dropout that keeps everything, the results differ"),
        (
            "torch",
            "of_numpy_off",
            "the results do not have the distribution of the picture's dropout",
        ),
    ],
)
def test_dropout_of_any_kind_is_caught(
    target: str, function: str, what: str, faults: Faults
) -> None:
    (message,) = faults(target, function).values()
    assert message.startswith(f"in training, {what}")


def test_what_cannot_be_replaced_is_told(faults: Faults) -> None:
    found = faults("torch", "of_numpy")
    assert found.keys() == {"training"}
    assert "uses a source of randomness that cannot be replaced" in found["training"]


def test_levels_are_on_both_sides_of_each_threshold() -> None:
    found = levels([0.2, 0.5])
    kept = [[bool(AtLevel(level).keep((1,), rate)[0]) for level in found] for rate in (0.2, 0.5)]
    assert kept == [[True, True, False, True, True], [True, False, False, True, False]]
    # A rate that is off by a tenth is on the wrong side of one of them.
    for rate in (0.18, 0.22):
        assert [level < 1 - rate for level in levels([0.2])] != [True, True, False]


def test_each_sample_loses_one_number() -> None:
    masks = OneLost()
    kept = np.concatenate([masks.keep((5, 2), 0.5), masks.keep((5, 3), 0.1)], axis=1)
    assert (kept == ~np.eye(5, dtype=bool)).all()
    assert masks.rates == [0.5, 0.5, 0.1, 0.1, 0.1]
    # What is never lost is not counted.
    assert masks.keep((5, 4), 0.0).all() and len(masks.rates) == 5


def test_one_number_of_one_draw_is_another() -> None:
    draws = Draws(0.25, other=(1, 2, LOST), flipped=frozenset({2}))
    assert (draws.uniform((2, 2)) == 0.25).all()
    assert draws.uniform((4,), 0.5).tolist() == [0.25, 0.25, LOST, 0.25]
    assert np.allclose(draws.uniform((1,)), 0.75)
    assert [(item.size, item.rate) for item in draws.made] == [(4, None), (4, 0.5), (1, None)]


def test_draws_are_flipped_one_by_one_or_all() -> None:
    assert len(set(flips(3))) == 8 and next(iter(flips(3))) == frozenset()
    assert list(flips(30)) == [frozenset(), frozenset(range(30))]


def test_a_summary_is_short_and_tells_results_apart() -> None:
    random = np.random.default_rng(0)
    whole = random.standard_normal((4, 50, 3))
    found = summary([whole])
    assert found.shape == (4, 32)
    whole[2, 7, 1] += 1e-3
    differs = np.abs(summary([whole]) - found).max(axis=1) > 1e-6
    assert differs.tolist() == [False, False, True, False]
    assert (summary([whole[:, :2]]) == whole[:, :2].reshape(4, 6)).all()


def test_a_large_model_is_compared_at_levels_alone() -> None:
    text = "Y Y   dense(2)\n| |\nD D   dropout(0.2)\n| |\nX X   input(3000)\n"
    dropped = compute_expected(seqdsl.compile(text, "picture.seq")).training.dropout
    assert isinstance(dropped, expectations.ExpectedDropout)
    assert dropped.one_lost is None and dropped.at_levels.shape == (3, 4)
