"""Every check passes the right model and fails the wrong one, in both frameworks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from seqdsl.verify.jobs import BASIC, Case, Job, Port
from seqdsl.verify.lane import Lane

Lanes = dict[str, Lane]
Make = Callable[..., Job]
BOTH = pytest.mark.parametrize("target", ["torch", "keras"])

LAST = {
    "torch": """
import torch
from torch import nn

class Last(nn.Module):
    def __init__(self):
        super().__init__()
        self.lstm = nn.LSTM(2, 3, batch_first=True)

    def forward(self, x):
        return self.lstm(x)[0][:, -3:]

build_model = Last
""",
    "keras": """
import keras
from keras import layers

def build_model():
    x = keras.Input(shape=(None, 2))
    return keras.Model(x, layers.LSTM(3, return_sequences=True)(x)[:, -3:])
""",
}

TRANSLATE = {
    "torch": """
import torch
from torch import nn

class Two(nn.Module):
    def __init__(self):
        super().__init__()
        self.embedding = nn.Embedding(5, 2)

    def forward(self, words, x):
        seen = self.embedding(words)
        return seen, seen.mean(1) + x

build_model = Two
""",
    "keras": """
import keras
from keras import layers

def build_model():
    words, x = keras.Input(shape=(6,), dtype="int32"), keras.Input(shape=(2,))
    seen = layers.Embedding(5, 2)(words)
    return keras.Model([words, x], [seen, layers.GlobalAveragePooling1D()(seen) + x])
""",
}


def failures(lane: Lane, job: Job) -> dict[str, str]:
    return {result.check: result.message for result in lane.run(job) if not result.passed}


@BOTH
def test_right_model(target: str, lanes: Lanes, make_job: Make) -> None:
    results = lanes[target].run(make_job(target))
    assert [(result.check, result.passed, result.message) for result in results] == [
        ("build", True, ""),
        *((name, True, "") for name in BASIC),
    ]


@BOTH
def test_wrong_output_shape(target: str, lanes: Lanes, make_job: Make) -> None:
    job = make_job(target)
    job = replace(job, source=job.source.replace("= 4", "= 5"))
    found = failures(lanes[target], job)
    assert found.keys() == {"shapes", "parameters"}
    assert "5" in found["shapes"] and "4" in found["shapes"]
    assert found["parameters"] == "the model has 45 parameters, expected 36"


@BOTH
def test_wrong_input_shape(target: str, lanes: Lanes, make_job: Make) -> None:
    job = make_job(target)
    job = replace(job, source=job.source.replace("8", "9"), parameters=40)
    assert failures(lanes[target], job).keys() == {"shapes"}


@BOTH
def test_wrong_parameter_count(target: str, lanes: Lanes, make_job: Make) -> None:
    assert failures(lanes[target], make_job(target, parameters=35)).keys() == {"parameters"}


def free_length(make_job: Make, target: str, kept: int = 3) -> Job:
    return make_job(
        target,
        source=LAST[target],
        parameters={"torch": 84, "keras": 72}[target],
        inputs=(Port("x", (None, 2)),),
        outputs=(Port("y", (3, 3)),),
        cases=tuple(
            Case(batch, ((batch, n, 2),), ((batch, kept, 3),), (("n", n),))
            for batch, n in ((1, 5), (3, 8), (7, 11))
        ),
    )


@BOTH
def test_free_length(target: str, lanes: Lanes, make_job: Make) -> None:
    assert failures(lanes[target], free_length(make_job, target)) == {}


@BOTH
def test_failing_case_is_named(target: str, lanes: Lanes, make_job: Make) -> None:
    job = free_length(make_job, target, kept=2)
    job = replace(job, cases=job.cases[1:], outputs=(Port("y", (None, 3)),))
    assert failures(lanes[target], job) == {
        "shapes": "inputs (3, 8, 2) give outputs (3, 3, 3), expected (3, 2, 3) (batch 3, n = 8)"
    }


def test_fixed_length_must_be_declared(lanes: Lanes, make_job: Make) -> None:
    job = replace(free_length(make_job, "keras"), inputs=(Port("x", (5, 2)),))
    assert failures(lanes["keras"], job) == {
        "shapes": "the model declares inputs (None, 2), expected (5, 2)"
    }


def several_ports(make_job: Make, target: str) -> Job:
    return make_job(
        target,
        source=TRANSLATE[target],
        parameters=10,
        inputs=(Port("words", (6,), "int32", 5), Port("x", (2,))),
        outputs=(Port("a", (6, 2)), Port("b", (2,))),
        cases=(Case(3, ((3, 6), (3, 2)), ((3, 6, 2), (3, 2))),),
    )


@BOTH
def test_tokens_and_several_ports(target: str, lanes: Lanes, make_job: Make) -> None:
    assert failures(lanes[target], several_ports(make_job, target)) == {}


@BOTH
def test_swapped_outputs(target: str, lanes: Lanes, make_job: Make) -> None:
    job = several_ports(make_job, target)
    case = job.cases[0]
    job = replace(
        job, outputs=job.outputs[::-1], cases=(replace(case, outputs=case.outputs[::-1]),)
    )
    assert failures(lanes[target], job).keys() == {"shapes"}


@BOTH
def test_missing_output(target: str, lanes: Lanes, make_job: Make) -> None:
    job = several_ports(make_job, target)
    case = job.cases[0]
    job = replace(job, outputs=job.outputs[:1], cases=(replace(case, outputs=case.outputs[:1]),))
    assert failures(lanes[target], job).keys() == {"shapes"}


@BOTH
def test_error_in_the_call_says_with_what(target: str, lanes: Lanes, make_job: Make) -> None:
    job = make_job(target, cases=(Case(3, ((3, 9),), ((3, 4),)),))
    assert "when called with inputs (3, 9) (batch 3)" in failures(lanes[target], job)["shapes"]


def test_model_that_declares_nothing(lanes: Lanes, make_job: Make) -> None:
    source = """
import keras

class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(4)

    def call(self, x):
        return self.dense(x)

build_model = Net
"""
    assert failures(lanes["keras"], make_job("keras", source=source)) == {}
    found = failures(lanes["keras"], make_job("keras", source=source.replace("4", "5")))
    assert found.keys() == {"shapes", "parameters"}
