"""Keras models whose parts are classes: encoders and decoders that are models of their own."""

from __future__ import annotations

from typing import Any

import keras
import numpy as np
from keras import layers, ops

from tests.ported.catalog import KERAS

SOURCE, TARGET = np.ones((2, 4), "int32"), np.ones((2, 3), "int32")


class Encoder(keras.Model):
    """Words of the source, padded or not."""

    def __init__(self, *, padded: bool) -> None:
        super().__init__(name="encoder")
        self.table = layers.Embedding(20, 4, mask_zero=padded, name="source")
        self.run = layers.LSTM(5, return_state=True, name="encoder_run")

    def call(self, words: Any) -> Any:
        _, h, c = self.run(self.table(words))
        return [h, c]


class Decoder(keras.Model):
    """Words of the target, begun by the states of the source."""

    def __init__(self) -> None:
        super().__init__(name="decoder")
        self.table = layers.Embedding(20, 4, name="target")
        self.run = layers.LSTM(5, return_sequences=True, return_state=True, name="decoder_run")
        self.logits = layers.Dense(20, name="logits")

    def call(self, words: Any, states: Any = None) -> Any:
        x, h, c = self.run(self.table(words), initial_state=states)
        return self.logits(x), [h, c]


class Translator(keras.Model):
    """Both, as one model."""

    def __init__(self) -> None:
        super().__init__(name="translator")
        self.encoder, self.decoder = Encoder(padded=True), Decoder()

    def call(self, inputs: Any) -> Any:
        source, target = inputs
        y, _ = self.decoder(target, states=self.encoder(source))
        return y


@KERAS.ported()
def translator_of_classes() -> keras.Model:
    """A seq2seq as many write it today: three classes, of which one is the whole."""
    model = Translator()
    model([SOURCE, TARGET])
    return model


class Attention(layers.Layer):
    """Bahdanau's, which projects the memory again at each step."""

    def __init__(self) -> None:
        super().__init__(name="attention")
        self.of_state, self.of_memory = layers.Dense(3, name="w1"), layers.Dense(3, name="w2")
        self.score = layers.Dense(1, use_bias=False, name="v")

    def call(self, state: Any, memory: Any) -> Any:
        hidden = ops.tanh(self.of_state(ops.expand_dims(state, 1)) + self.of_memory(memory))
        weights = ops.softmax(self.score(hidden), axis=1)
        return ops.sum(weights * memory, axis=1)


class AttendingDecoder(keras.Model):
    """One step of it: a word, the state before, and the memory."""

    def __init__(self) -> None:
        super().__init__(name="decoder")
        self.attention = Attention()
        self.table = layers.Embedding(20, 4, name="target")
        self.run = layers.GRU(5, return_sequences=True, return_state=True, name="decoder_run")
        self.logits = layers.Dense(20, name="logits")

    def call(self, word: Any, state: Any, memory: Any) -> Any:
        context = ops.expand_dims(self.attention(state, memory), 1)
        x, state = self.run(
            ops.concatenate([context, self.table(word)], axis=-1), initial_state=state
        )
        return self.logits(x[:, 0]), state


class AttendingTranslator(keras.Model):
    """A loop over the words of the target, as in TensorFlow's tutorial on translation."""

    def __init__(self) -> None:
        super().__init__(name="attending_translator")
        self.table = layers.Embedding(20, 4, name="source")
        self.run = layers.GRU(5, return_sequences=True, return_state=True, name="encoder_run")
        self.decoder = AttendingDecoder()

    def call(self, inputs: Any) -> Any:
        source, target = inputs
        memory, state = self.run(self.table(source))
        steps = []
        for step in range(target.shape[1]):
            y, state = self.decoder(target[:, step : step + 1], state, memory)
            steps.append(y)
        return ops.stack(steps, axis=1)


@KERAS.ported()
def attending_translator() -> keras.Model:
    """What the loop computes of the memory is the same at each step, and one row."""
    model = AttendingTranslator()
    model([SOURCE, TARGET])
    return model


class Siamese(keras.Model):
    """One functional encoder, which a class applies to two padded texts."""

    def __init__(self) -> None:
        super().__init__(name="siamese_of_classes")
        words = keras.Input((None,), dtype="int32")
        x = layers.Embedding(20, 4, mask_zero=True, name="table")(words)
        self.encoder = keras.Model(words, layers.LSTM(4, name="run")(x), name="encoder")
        self.judge = layers.Dense(1, name="y")

    def call(self, inputs: Any) -> Any:
        left, right = inputs
        return self.judge(ops.concatenate([self.encoder(left), self.encoder(right)], axis=-1))


@KERAS.ported()
def siamese_of_classes() -> keras.Model:
    """That the inputs hold ids is known only where they are looked up, in a picture that is called."""
    model = Siamese()
    model([SOURCE, TARGET])
    return model
