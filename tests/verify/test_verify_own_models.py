"""`--against` takes whatever a function builds: a single layer, what cannot be saved, what forks."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest

import seqdsl
from seqdsl.targets import TRAINED
from seqdsl.verify.against import factory_job
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.checks.context import Context
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.lane import Lane
from seqdsl.verify.own_weights import take_weights
from seqdsl.verify.report import Result
from tests.verify.own_models import failures, own_models

DENSE = """
Y   dense(2)
|
X   input(3)
"""

ROW = """
Y Y Y   lstm(2)
| | |
X X X   input(3)
"""

OWN_TORCH = """
import os
import torch
from torch import nn


def linear():
    return nn.Linear(3, 2)


def sequential():
    return nn.Sequential(nn.Linear(3, 2))


class Started(nn.Module):
    def __init__(self):
        super().__init__()
        self.start = nn.Parameter(torch.zeros(1, 1, 2))
        self.rnn = nn.GRU(3, 2, batch_first=True)

    def forward(self, x):
        return self.rnn(x, self.start.repeat(1, len(x), 1))[0]


def started():
    return Started()


def lstm():
    return nn.LSTM(3, 2, batch_first=True)


def forking():
    os.fork()
    return nn.Linear(3, 2)


class Attention(nn.MultiheadAttention):
    def __init__(self):
        super().__init__(4, 2, batch_first=True)

    def forward(self, x):
        return super().forward(x, x, x)[0]
"""

OWN_KERAS = """
import os
import keras
from keras import layers


@keras.saving.register_keras_serializable("own_models")
class Started(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.rnn = keras.layers.GRU(2, return_sequences=True)
        self.start = self.add_weight(shape=(2,), name="start")

    def build(self, shape):
        self.rnn.build(shape)

    def call(self, x):
        first = keras.ops.broadcast_to(self.start, (keras.ops.shape(x)[0], 2))
        return self.rnn(x, initial_state=first)


def started():
    model = Started()
    model.build((None, 3, 3))
    return model


def bare():
    return layers.Dense(2)


def sequential():
    return keras.Sequential([layers.Dense(2)])


def forking():
    os.fork()
    return sequential()


def with_lambda():
    return keras.Sequential([keras.Input((3,)), layers.Dense(2), layers.Lambda(lambda x: x)])


class Unconfigured(keras.Model):
    def __init__(self, size):
        super().__init__()
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)


def unconfigured():
    return Unconfigured(object())


class Single(Unconfigured):
    def __init__(self, size):
        super().__init__(size)
        self.dense = layers.Dense(2, dtype="float32")

    def call(self, x):
        if keras.backend.standardize_dtype(x.dtype) != "float32":
            raise ValueError("single precision alone")
        return super().call(x)


def single():
    return Single(object())


class Forgetful(Unconfigured):
    # Remembers, in no weight, that it was trained.

    trained = False

    def call(self, x, training=False):
        found = super().call(x + 1e-3 * self.trained)
        self.trained = self.trained or bool(training)
        return found


def forgetful():
    return Forgetful(object())


@keras.saving.register_keras_serializable("mine")
class Registered(keras.Model):
    def __init__(self, **options):
        super().__init__(**options)
        self.dense = layers.Dense(2)

    def call(self, x):
        return self.dense(x)


def registered():
    return Registered()
"""


@pytest.fixture(scope="module")
def hold(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., list[Result]]]:
    """The results of a factory's model."""
    sources = {"torch": OWN_TORCH, "keras": OWN_KERAS}
    with own_models(tmp_path_factory.mktemp("own"), "own", sources) as models:

        def found(
            target: str, function: str, text: str = DENSE, checks: Sequence[str] = CHECKS
        ) -> list[Result]:
            return models.check(target, function, text, checks)

        yield found


Hold = Callable[..., list[Result]]


@pytest.mark.parametrize(
    ("target", "function"),
    [
        ("torch", "linear"),
        ("torch", "sequential"),
        ("keras", "bare"),
        ("keras", "sequential"),
        ("keras", "registered"),
        # The classes that a module registers are known for the next model as well.
        ("keras", "registered"),
    ],
)
def test_a_single_layer_is_a_model(target: str, function: str, hold: Hold) -> None:
    results = hold(target, function)
    assert failures(results) == {}
    assert [item.message for item in results] == [""] * (1 + len(CHECKS))


def test_a_layer_of_several_arrays_is_a_model(hold: Hold) -> None:
    text = "".join(
        ("Y Y Y   attention(heads=2)\n", "| | |\n", "+-+-+\n", "| | |\n", "X X X   input(4)\n")
    )
    assert failures(hold("torch", "Attention", text)) == {}


def test_a_layer_that_returns_its_state_is_told_so(hold: Hold) -> None:
    found = failures(hold("torch", "lstm", ROW))
    assert (
        "the model returns a tuple of Tensor, tuple; it should return a tensor" in found["shapes"]
    )
    assert "parameters" not in found


@pytest.mark.parametrize("target", TRAINED)
def test_a_bare_weight_is_a_learned_row(target: str, hold: Hold) -> None:
    row = ["H-H-H   gru(2)", "| | |", "X X X", "", "X = input(3)"]
    drawn = [f"{start}{line}" for start, line in zip(("+-", "| ", "S ", "", ""), row, strict=True)]
    drawn.append("S = learned(2)")
    checks = ("shapes", "parameters", "reference", "agreement")
    assert failures(hold(target, "started", "\n".join(drawn), checks)) == {}
    # Where nothing is drawn for it, it is named.
    found = failures(hold(target, "started", "\n".join(row), ("parameters",)))
    assert found["parameters"].endswith(
        "and not drawn as `learned(...)` or `position(...)`: `start`"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="there is no fork")
@pytest.mark.parametrize("target", TRAINED)
def test_a_model_that_forks_is_answered_for_once(target: str, hold: Hold) -> None:
    results = hold(target, "forking")
    assert [(item.check, item.passed) for item in results] == [
        (check, True) for check in ("build", *CHECKS)
    ]


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        ("with_lambda", "ValueError: Requested the deserialization of a `Lambda` layer"),
        ("unconfigured", "Please implement `get_config()`."),
        ("single", "Please implement `get_config()`."),
    ],
)
def test_what_keras_cannot_save_is_judged_on_all_else(
    function: str, reason: str, hold: Hold
) -> None:
    results = hold("keras", function)
    assert failures(results) == {}
    (saved,) = [item for item in results if item.check == "saving"]
    assert saved.message.startswith("only the weights were saved and loaded, as Keras cannot save")
    assert reason in saved.message


def test_weights_alone_must_give_the_same(hold: Hold) -> None:
    found = failures(hold("keras", "forgetful"))
    assert found == {
        "saving": "the model computes different values after it is saved and loaded in a new "
        "process"
    }


def test_a_failed_alternate_build_names_its_arguments(lanes: dict[str, Lane]) -> None:
    model = seqdsl.compile("Y   dense(units)\n|\nX   input(3)\n\nunits = 4\n", "picture.seq")
    job = job_for(model, "torch")
    source = job.source.replace("nn.Linear(3, units)", "nn.Linear(3, {4: 4}[units])")
    assert source != job.source
    (result,) = lanes["torch"].run(replace(job, source=source))
    assert not result.passed
    assert result.message.startswith("build_model(units=5) fails: KeyError: 5")


def test_layers_are_matched_by_all_cases() -> None:
    """Two ways to match them that give the same where nothing is elided."""
    text = "Y ... Y   dense(3)\n|     |\nH ... H   dense(3, tanh)\n|     |\nX ... X   input(3)\n"
    job = factory_job(seqdsl.compile(text, "p.seq"), "own:build", "torch", CHECKS, compute_expected)
    written: list[list[str]] = []

    def call(model: object, arrays: list[Any], **_: object) -> list[Any]:
        (number,) = [n for n, case in enumerate(job.cases) if case.inputs[0] == arrays[0].shape]
        assert job.expected
        right = number == 0 or written[-1] == ["b", "a"]
        return [item.array() + (not right) for item in job.expected.outputs[number]]

    framework: Any = SimpleNamespace(
        places=lambda model: ["a", "b"],
        fits=lambda model, layer: True,
        write=lambda model, layers, arrays: written.append([item.place for item in layers]),
        call=call,
    )
    context = Context(job, None, framework)
    take_weights(context)
    assert not context.fault and written[0] == ["a", "b"]
    assert written[-1] == [item.place for item in context.layers] == ["b", "a"]
