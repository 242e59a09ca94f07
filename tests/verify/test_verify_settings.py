"""What changes numbers and is in no array of weights is compared by itself, and said in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

import seqdsl
from seqdsl.ir.graph import Layer
from seqdsl.runtime.settings import settings_of
from seqdsl.verify.spec_weights import layer_weights
from tests.verify.own_models import own_models

NORMAL = """
Y Y Y   dense(2)
| | |
B B B   batchnorm
| | |
N N N   layernorm
| | |
X X X   input(6)
"""
HEADS = """
Y Y Y   attention(heads=2)
| | |
+-+-+
| | |
X X X   input(8)
"""
GRU = """
    Y   dense(2)
    |
H H H   gru(4)
| | |
X X X   input(3)
"""
RELU = """
    Y   dense(2, tanh)
    |
H H H   lstm(4, activation=relu)
| | |
X X X   input(3)
"""
BOTH = """
Y Y Y   dense(2)
| | |
B=B=B   lstm(4)
| | |
X X X   input(3)
"""
BOTH_OUT = """
B=B=B   lstm(4)
| | |
X X X   input(3)
"""

OWN_TORCH = """
import torch
from torch import nn


class Normal(nn.Module):
    def __init__(self, epsilon=1e-5, batch=1e-5, momentum=0.1):
        super().__init__()
        self.layer = nn.LayerNorm(6, eps=epsilon)
        self.batch = nn.BatchNorm1d(6, eps=batch, momentum=momentum)
        self.dense = nn.Linear(6, 2)

    def forward(self, x):
        return self.dense(self.batch(self.layer(x).transpose(1, 2)).transpose(1, 2))


def right():
    return Normal()


def layer_epsilon():
    return Normal(epsilon=1e-3)


def batch_epsilon():
    return Normal(batch=1e-6)


def momentum():
    return Normal(momentum=0.01)


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.attend = nn.MultiheadAttention(8, 4, batch_first=True)

    def forward(self, x):
        return self.attend(x, x, x)[0]


class Tanh(nn.Module):
    def __init__(self):
        super().__init__()
        self.row = nn.LSTM(3, 4, batch_first=True)
        self.dense = nn.Linear(4, 2)

    def forward(self, x):
        return torch.tanh(self.dense(self.row(x)[0][:, -1]))
"""

OWN_KERAS = """
import keras
from keras import layers


def normal(epsilon=1e-5, batch=1e-5, momentum=0.9):
    return keras.Sequential([
        keras.Input((3, 6)),
        layers.LayerNormalization(epsilon=epsilon),
        layers.BatchNormalization(epsilon=batch, momentum=momentum),
        layers.Dense(2),
    ])


def right():
    return normal()


def layer_epsilon():
    return normal(epsilon=1e-3)


def batch_epsilon():
    return normal(batch=1e-3)


def momentum():
    return normal(momentum=0.99)


def heads(number=2, width=4):
    x = keras.Input((3, 8))
    return keras.Model(x, layers.MultiHeadAttention(number, width)(x, x))


def four_heads():
    return heads(4, 2)


def key_width():
    return heads(2, 8)


def last(row, activation="linear"):
    return keras.Sequential([keras.Input((3, 3)), row, layers.Dense(2), layers.Activation(activation)])


def gru():
    return last(layers.GRU(4))


def reset_before():
    return last(layers.GRU(4, reset_after=False))


def gates():
    return last(layers.GRU(4, recurrent_activation="hard_sigmoid"))


def relu():
    return last(layers.LSTM(4, "relu"), "tanh")


def other_activation():
    return keras.Sequential(
        [keras.Input((3, 3)), layers.LSTM(4), layers.Dense(2, "sigmoid")]
    )


def both(mode, head=True):
    row = layers.Bidirectional(layers.LSTM(4, return_sequences=True), merge_mode=mode)
    return keras.Sequential([keras.Input((3, 3)), row] + [layers.Dense(2)] * head)


def concat():
    return both("concat")


def added():
    return both("sum")


def added_out():
    return both("sum", False)
"""


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., dict[str, str]]]:
    """What is wrong with the user's model."""
    sources = {"torch": OWN_TORCH, "keras": OWN_KERAS}
    with own_models(tmp_path_factory.mktemp("settings"), "set", sources) as models:
        yield lambda target, text, function: models.failures(target, function, text)


Faults = Callable[..., dict[str, str]]


@pytest.mark.parametrize(
    ("target", "text", "function"),
    [
        ("torch", NORMAL, "right"),
        ("keras", NORMAL, "right"),
        ("keras", HEADS, "heads"),
        ("keras", GRU, "gru"),
        # The dense layer's activation is in a layer of its own.
        ("keras", RELU, "relu"),
        ("keras", BOTH, "concat"),
    ],
)
def test_a_right_model_passes(target: str, text: str, function: str, faults: Faults) -> None:
    assert faults(target, text, function) == {}


TWO = "`lstm_h` has activation=tanh | relu; `dense_y` has activation=sigmoid | tanh"


@pytest.mark.parametrize(
    ("target", "text", "function", "check", "what"),
    [
        ("torch", NORMAL, "layer_epsilon", "reference", "`layernorm_n` has epsilon=0.001 | 1e-05"),
        ("keras", NORMAL, "layer_epsilon", "reference", "`layernorm_n` has epsilon=0.001 | 1e-05"),
        ("torch", NORMAL, "batch_epsilon", "reference", "`batchnorm_b` has epsilon=1e-06 | 1e-05"),
        ("keras", NORMAL, "batch_epsilon", "reference", "`batchnorm_b` has epsilon=0.001 | 1e-05"),
        ("torch", NORMAL, "momentum", "training", "`batchnorm_b` has momentum=0.99 | 0.9"),
        ("keras", NORMAL, "momentum", "training", "`batchnorm_b` has momentum=0.99 | 0.9"),
        ("torch", HEADS, "Heads", "reference", "`attention_y` has heads=4 | 2; `attention_y` has key width=2 | 4"),
        ("keras", HEADS, "four_heads", "reference", "`attention_y` has heads=4 | 2; `attention_y` has key width=2 | 4"),
        ("keras", HEADS, "key_width", "reference", "`attention_y` has key width=8 | 4"),
        ("keras", GRU, "reset_before", "reference", "`gru_h` has reset_after=False | True"),
        ("keras", GRU, "gates", "reference", "`gru_h` has recurrent_activation=hard_sigmoid | sigmoid"),
        ("torch", RELU, "Tanh", "reference", "`lstm_h` has activation=tanh | relu"),
        ("keras", RELU, "other_activation", "reference", TWO),
        ("keras", BOTH, "added", "reference", "`lstm_b` has merge_mode=sum | concat"),
        ("keras", BOTH_OUT, "added_out", "shapes", "`lstm_b` has merge_mode=sum | concat"),
    ],
)  # fmt: skip
def test_a_difference_is_said(
    target: str, text: str, function: str, check: str, what: str, faults: Faults
) -> None:
    found = faults(target, text, function)
    assert what.replace(" | ", ", expected ") in found[check].splitlines()
    assert check != "training" or found.keys() == {"training"}


def layers(text: str) -> dict[str, dict[str, object]]:
    spec = seqdsl.compile(text, "picture.seq").spec
    return {item.name: dict(item.settings) for item in layer_weights(spec)}


def test_settings_of_a_picture() -> None:
    assert layers(NORMAL) == {
        "layernorm_n": {"epsilon": 1e-5},
        "batchnorm_b": {"epsilon": 1e-5, "momentum": 0.9},
        "dense_y": {"activation": "linear"},
    }
    assert layers(BOTH)["lstm_b"] == {
        "activation": "tanh",
        "recurrent_activation": "sigmoid",
        "merge_mode": "concat",
    }


@pytest.mark.parametrize(("value", "expected"), [(0.01, 0.01), ("small", 0.5)])
def test_numbers_and_parameters_are_read(value: object, expected: float) -> None:
    spec = seqdsl.compile(
        "Y   dropout(small)\n|\nX   layernorm\n|\nZ   input(3)\n\nsmall = 0.5\n"
    ).spec
    (layer,) = [item for item in spec.layers if item.kind == "layernorm"]
    assert isinstance(layer, Layer)
    changed = replace(layer, arguments={**layer.arguments, "epsilon": value})
    assert settings_of(changed, spec) == (("epsilon", expected),)
