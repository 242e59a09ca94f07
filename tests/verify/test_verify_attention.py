"""Attention as people write it by hand, in both frameworks, against the pictures that say the same."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.verify.own_models import OwnModels, own_models

# The decoder's steps ask, the encoder's are read; inputs are `x` and `z`, both projected by a dense row.
PICTURE = """
          C   C   C   attention({})
         /|  /|  /|
+-+-+---+-|-+-|-+ |
| | |     |   |   |
E E E     D   D   D
| | |     |   |   |
X X X     Z   Z   Z

X = input(3)
Z = input(2)
E = dense({}, bias=false, name=memory)
D = dense(4, bias=false, name=asks)
"""
BAHDANAU = PICTURE.format("score=additive, key=6, name=scored", 5)
ADDITIVE = PICTURE.format("score=additive, name=scored", 4)
SCALED = PICTURE.format("scale=true", 4)
DROPPED = PICTURE.format("scale=true, dropout=0.5", 4)
PROJECTED = PICTURE.format("key=6, scale=true, name=scored", 5)
WIDE_HEADS = PICTURE.format("heads=3, key=2, name=scored", 5)

TORCH = """
import math
import torch
from torch import nn


class Model(nn.Module):
    def __init__(self, memory):
        super().__init__()
        self.memory = nn.Linear(3, memory, bias=False)
        self.asks = nn.Linear(2, 4, bias=False)

    def forward(self, x, z):
        memory = self.memory(x)
        steps = [self.attend(step, memory) for step in self.asks(z).unbind(1)]
        return torch.stack(steps, 1)

    # What one step of the decoder asks, as the papers have it.
    def attend(self, s, h):
        weights = torch.softmax(torch.stack([self.scored(s, h_j) for h_j in h.unbind(1)], 1), 1)
        return (weights[..., None] * h).sum(1)


class Vector(nn.Module):
    def __init__(self, projects):
        super().__init__()
        if projects:
            self.query = nn.Linear(4, 6, bias=False)
            self.key = nn.Linear(5, 6, bias=False)
        else:
            self.query = self.key = nn.Identity()
        self.score = nn.Linear(6 if projects else 4, 1, bias=False)

    def forward(self, s, h_j):
        return self.score(torch.tanh(self.query(s) + self.key(h_j)))[:, 0]


class Product(nn.Module):
    def __init__(self):
        super().__init__()
        self.query = nn.Linear(4, 6, bias=False)
        self.key = nn.Linear(5, 6, bias=False)

    def forward(self, s, h_j):
        return (self.query(s) * self.key(h_j)).sum(-1) / math.sqrt(6)


def bahdanau():
    model = Model(5)
    model.scored = Vector(True)
    return model


def additive():
    model = Model(4)
    model.scored = Vector(False)
    return model


def projected():
    model = Model(5)
    model.scored = Product()
    return model


class Scaled(Model):
    rate = 0.0

    def attend(self, s, h):
        weights = torch.softmax(torch.einsum("bf,bsf->bs", s, h) / 2, 1)
        weights = nn.functional.dropout(weights, self.rate, self.training)
        return torch.einsum("bs,bsf->bf", weights, h)


def scaled():
    return Scaled(4)


def dropped():
    model = Scaled(4)
    model.rate = 0.5
    return model


class Heads(nn.Module):
    def __init__(self):
        super().__init__()
        self.query, self.key = nn.Linear(4, 6), nn.Linear(5, 6)
        self.value, self.output = nn.Linear(5, 6), nn.Linear(6, 4)

    def forward(self, s, h):
        q, k, v = self.query(s), self.key(h), self.value(h)
        found = []
        for head in range(3):
            part = slice(2 * head, 2 * head + 2)
            scores = torch.einsum("bf,bsf->bs", q[:, part], k[..., part]) / math.sqrt(2)
            found.append(torch.einsum("bs,bsf->bf", torch.softmax(scores, 1), v[..., part]))
        return self.output(torch.cat(found, -1))


class WideHeads(Model):
    def __init__(self):
        super().__init__(5)
        self.scored = Heads()

    def attend(self, s, h):
        return self.scored(s, h)


def wide_heads():
    return WideHeads()
"""

KERAS = """
import keras
from keras import layers, ops


class Bahdanau(layers.Layer):
    def __init__(self, width, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.query = layers.Dense(width, use_bias=False)
        self.key = layers.Dense(width, use_bias=False)

    def build(self, shapes):
        self.query.build(shapes[0])
        self.key.build(shapes[1])
        self.scale = self.add_weight(shape=(self.width,), name="scale")

    def call(self, inputs):
        query, memory = inputs
        pairs = ops.tanh(self.query(query)[:, :, None] + self.key(memory)[:, None])
        return ops.matmul(ops.softmax(ops.sum(pairs * self.scale, -1), -1), memory)


def model(memory, attend):
    x, z = keras.Input((3, 3)), keras.Input((3, 2))
    memory = layers.Dense(memory, use_bias=False, name="memory")(x)
    asks = layers.Dense(4, use_bias=False, name="asks")(z)
    return keras.Model([x, z], attend(asks, memory))


def bahdanau():
    return model(5, lambda asks, memory: Bahdanau(6)([asks, memory]))


def additive():
    return model(4, lambda asks, memory: layers.AdditiveAttention()([asks, memory]))


def scaled():
    return model(4, lambda asks, memory: layers.Attention()([asks / 2, memory]))


def dropped():
    return model(4, lambda asks, memory: layers.Attention(dropout=0.5)([asks / 2, memory]))


def wide_heads():
    return model(5, lambda asks, memory: layers.MultiHeadAttention(3, 2)(asks, memory))
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OwnModels]:
    sources = {"torch": TORCH, "keras": KERAS}
    with own_models(tmp_path_factory.mktemp("attention"), "attention_by_hand", sources) as found:
        yield found


CASES = [
    ("torch", "bahdanau", BAHDANAU),
    ("torch", "additive", ADDITIVE),
    ("torch", "projected", PROJECTED),
    ("torch", "scaled", SCALED),
    ("torch", "dropped", DROPPED),
    ("torch", "wide_heads", WIDE_HEADS),
    ("keras", "bahdanau", BAHDANAU),
    ("keras", "additive", ADDITIVE),
    ("keras", "scaled", SCALED),
    ("keras", "dropped", DROPPED),
    ("keras", "wide_heads", WIDE_HEADS),
]
CHECKS = ("shapes", "parameters", "reference", "training")


@pytest.mark.parametrize(("target", "name", "picture"), CASES)
def test_by_hand_is_as_drawn(target: str, name: str, picture: str, own: OwnModels) -> None:
    assert own.failures(target, name, picture, CHECKS) == {}


WRONG = [
    # Scores that are not divided, values that are dropped more seldom, keys and vector of other sizes.
    ("torch", "scaled", PICTURE.format("", 4), "reference"),
    ("keras", "scaled", PICTURE.format("", 4), "reference"),
    ("torch", "dropped", PICTURE.format("scale=true, dropout=0.1", 4), "training"),
    ("keras", "dropped", SCALED, "training"),
    ("torch", "projected", PROJECTED.replace(", scale=true", ""), "reference"),
    ("keras", "wide_heads", WIDE_HEADS.replace("heads=3, key=2", "heads=2, key=3"), "reference"),
    ("torch", "wide_heads", WIDE_HEADS.replace("heads=3, key=2", "heads=2, key=3"), "reference"),
]


@pytest.mark.parametrize(("target", "name", "picture", "check"), WRONG)
def test_another_picture_is_not(
    target: str, name: str, picture: str, check: str, own: OwnModels
) -> None:
    assert check in own.failures(target, name, picture, CHECKS)
