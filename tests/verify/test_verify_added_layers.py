"""Layers and words that came into the language later, in models as people write them by hand."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from tests.verify.own_models import own_models

WORDS = """
      Y   dense(2, mish)
      |
H H H H   gru(4, recurrent_activation=hard_sigmoid)
| | | |
S S S S   activation(softsign)
| | | |
A A A A   dense(4, leaky_relu)
| | | |
B B B B   dense(4, relu6)
| | | |
X X X X   input(3)
"""

LEAST = """
      Y           dense(2)
      |
      L           min
      |
+---+-+-+---+
|   |   |   |
M   M   M   M     min
|\\  |\\  |\\  |\\
A | A | A | A |   dense(4)
| B | B | B | B   dense(4, tanh)
|/  |/  |/  |/
X   X   X   X     input(3)
"""

PLACES = """
Y   Y   ...   Y     dense(2)
|   |         |
B   B   ...   B     add
|\\  |\\        |\\
| S | S ...   | S   position(4, sin)
|   |         |
A   A   ...   A     add
|\\  |\\        |\\
W | W | ...   W |   embedding(4)
| P | P ...   | P   position(4, most=30)
|   |         |
X   X   ...   X     tokens(20)
"""
QUERIES = """
            Y   Y   dense(3)
            |   |
            C   C   attention
           /|  /|
+-+-+-----+-|-+ |
| | |       |   |
X X X       Q   Q

X = input(4)
Q = learned(4)
"""

# PyTorch's GRU has no hard gates: a loop over its cell's equations, with its names for the weights.
OWN_TORCH = """
import torch
from torch import nn


class HardGRU(nn.GRU):
    def forward(self, x):
        h = x.new_zeros(len(x), self.hidden_size)
        for step in x.unbind(1):
            seen = (step @ self.weight_ih_l0.T + self.bias_ih_l0).chunk(3, -1)
            kept = (h @ self.weight_hh_l0.T + self.bias_hh_l0).chunk(3, -1)
            r = nn.functional.hardsigmoid(seen[0] + kept[0])
            z = nn.functional.hardsigmoid(seen[1] + kept[1])
            h = (1 - z) * torch.tanh(seen[2] + r * kept[2]) + z * h
        return h


def words(leaky=nn.LeakyReLU()):
    return nn.Sequential(
        nn.Linear(3, 4), nn.ReLU6(),
        nn.Linear(4, 4), leaky, nn.Softsign(),
        HardGRU(4, 4, batch_first=True),
        nn.Linear(4, 2), nn.Mish(),
    )


class Least(nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.y = nn.Linear(3, 4), nn.Linear(3, 4), nn.Linear(4, 2)

    def forward(self, x):
        smaller = torch.minimum(self.a(x), self.b(x).tanh())
        return self.y(smaller.min(dim=1).values)


class Places(nn.Module):
    def __init__(self, base=10000, first=0):
        super().__init__()
        self.token, self.place = nn.Embedding(20, 4), nn.Embedding(30, 4)
        self.out = nn.Linear(4, 2)
        self.base, self.first = base, first

    def forward(self, x):
        step = torch.arange(self.first, self.first + x.shape[1])
        waves = [step, step, step / self.base**0.5, step / self.base**0.5]
        sines = [(torch.cos if k % 2 else torch.sin)(wave) for k, wave in enumerate(waves)]
        codes = torch.stack(sines, -1).to(self.out.weight.dtype)
        return self.out(self.token(x) + self.place(torch.arange(x.shape[1])) + codes)


def other_base():
    return Places(base=1000)


def from_one():
    return Places(first=1)


class Queries(nn.Module):
    def __init__(self):
        super().__init__()
        self.queries, self.out = nn.Embedding(2, 4), nn.Linear(4, 3)

    def forward(self, x):
        scores = self.queries.weight @ x.transpose(1, 2)
        return self.out(scores.softmax(-1) @ x)


def steeper():
    return words(nn.LeakyReLU(0.2))
"""

OWN_KERAS = """
import keras
from keras import layers, ops


def words(leaky=layers.LeakyReLU(negative_slope=0.01)):
    return keras.Sequential([
        keras.Input((4, 3)),
        layers.Dense(4, "relu6"),
        layers.Dense(4, leaky),
        layers.Activation("softsign"),
        layers.GRU(4, recurrent_activation="hard_sigmoid"),
        layers.Dense(2, "mish"),
    ])


def Least():
    x = keras.Input((4, 3))
    smaller = layers.minimum([layers.Dense(4)(x), layers.Dense(4, "tanh")(x)])
    # The smallest is the largest of the opposite: how it is done where pooling knows a maximum alone.
    return keras.Model(x, layers.Dense(2)(-layers.GlobalMaxPooling1D()(-smaller)))


def Places():
    x = keras.Input((None,), dtype="int32")
    step = ops.cumsum(ops.ones_like(x), axis=1) - 1
    slow = ops.cast(step, keras.config.floatx())[..., None]
    fast, slow = slow, slow / 100
    codes = ops.concatenate([ops.sin(fast), ops.cos(fast), ops.sin(slow), ops.cos(slow)], -1)
    token, place = layers.Embedding(20, 4)(x), layers.Embedding(30, 4)(step)
    return keras.Model(x, layers.Dense(2)(token + place + codes))


def steeper():
    return words("leaky_relu")


def own_layer():
    return words(layers.LeakyReLU())
"""

Faults = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
    """What is wrong with the user's model."""
    sources = {"torch": OWN_TORCH, "keras": OWN_KERAS}
    with own_models(tmp_path_factory.mktemp("added"), "added", sources) as models:
        yield lambda target, text, function: models.failures(target, function, text)


@pytest.mark.parametrize("target", ["torch", "keras"])
@pytest.mark.parametrize(
    ("text", "function"),
    [(WORDS, "words"), (LEAST, "Least"), (PLACES, "Places")],
    ids=["words", "least", "places"],
)
def test_a_right_model_passes(text: str, function: str, target: str, faults: Faults) -> None:
    assert faults(target, text, function) == {}


def test_trained_queries_written_by_hand(faults: Faults) -> None:
    assert faults("torch", QUERIES, "Queries") == {}


@pytest.mark.parametrize(
    ("target", "text", "function", "what"),
    [
        ("torch", PLACES, "other_base", "y"),
        ("torch", PLACES, "from_one", "y"),
        ("torch", WORDS, "steeper", "the activation of `dense_a` is leaky_relu(0.2)"),
        ("keras", WORDS, "steeper", "`dense_a` has activation=leaky_relu(0.2), expected leaky_relu"),
        ("keras", WORDS, "own_layer", "`dense_a` has activation=leaky_relu(0.3), expected leaky_relu"),
    ],
)  # fmt: skip
def test_a_wrong_model_is_caught(
    target: str, text: str, function: str, what: str, faults: Faults
) -> None:
    found = faults(target, text, function)
    assert what in found["reference"]
