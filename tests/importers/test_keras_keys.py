"""Dense layers below an attention, without a bias, are its own queries and keys."""

from __future__ import annotations

from typing import Any

import keras
import pytest
from keras import layers

from seqdsl.importers.keras.read import read_keras
from seqdsl.porting.live import import_live
from seqdsl.porting.outcome import Grade
from tests.importers.wires import lines


class Bahdanau(layers.Layer):
    """Scores by a trained vector, as tutorials of translation have it."""

    def __init__(self, units: int, **options: Any) -> None:
        super().__init__(**options)
        self.ask = layers.Dense(units, use_bias=False)
        self.keep = layers.Dense(units, use_bias=False)
        self.score = layers.AdditiveAttention()

    def build(self, shape: Any) -> None:
        (*_, asked), (*_, kept) = shape
        self.ask.build((None, None, asked))
        self.keep.build((None, None, kept))
        units = self.ask.units
        self.score.build([(None, None, units), (None, None, kept), (None, None, units)])
        self.built = True

    def call(self, inputs: Any) -> Any:
        asked, memory = inputs
        return self.score([self.ask(asked), memory, self.keep(memory)])


def model(attend: Any) -> keras.Model:
    """A decoder that asks an encoder."""
    x, z = keras.Input((4, 3), name="x"), keras.Input((5, 2), name="z")
    memory = layers.GRU(6, return_sequences=True, name="encoder")(x)
    asked = layers.GRU(5, return_sequences=True, name="decoder")(z)
    read = layers.Concatenate()([attend(asked, memory), asked])
    return keras.Model([x, z], layers.Dense(2, name="y")(read))


def apart(asked: Any, memory: Any) -> Any:
    """Dot products of layers of the model itself."""
    query = layers.Dense(4, use_bias=False, name="query")(asked)
    key = layers.Dense(4, use_bias=False, name="key")(memory)
    return layers.Attention(name="attend")([query, memory, key])


def biased(asked: Any, memory: Any) -> Any:
    """One of them has a bias."""
    query = layers.Dense(4, name="query")(asked)
    key = layers.Dense(4, use_bias=False, name="key")(memory)
    return layers.Attention(name="attend")([query, memory, key])


def read_twice(asked: Any, memory: Any) -> Any:
    """The queries are read once more."""
    query = layers.Dense(4, use_bias=False, name="query")(asked)
    key = layers.Dense(4, use_bias=False, name="key")(memory)
    found = layers.Attention(name="attend")([query, memory, key])
    return layers.Concatenate()([found, query])


READ = {
    "class": (
        lambda asked, memory: Bahdanau(7, name="attend")([asked, memory]),
        "attend = attention(score=additive, key=7) decoder[5] & of encoder[4]",
    ),
    "apart": (apart, "attend = attention(key=4) decoder[5] & of encoder[4]"),
    "biased": (biased, "attend = attention query[5] & of encoder[4] & of key[4]"),
    "twice": (read_twice, "attend = attention query[5] & of encoder[4] & of key[4]"),
}


@pytest.mark.parametrize("name", READ)
def test_keys_are_the_attentions_own(name: str) -> None:
    attend, expected = READ[name]
    found = read_keras(model(attend))
    assert found.wirings is not None, found.unread
    assert expected in lines(found.wirings.at[0])


@pytest.mark.parametrize("name", READ)
def test_the_picture_computes_the_same(name: str) -> None:
    keras.utils.set_random_seed(3)
    outcome = import_live(model(READ[name][0])).outcome
    assert outcome.grade is Grade.EXACT
    assert "reference" in outcome.passed
