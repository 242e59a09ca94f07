"""sizes → Keras models written by hand: one input, rows on top of each other."""

from __future__ import annotations

import keras
from keras import layers


def one_to_one(units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((width,)),
            layers.Dense(units, activation="relu"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def many_to_one(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential([keras.Input((n, width)), layers.LSTM(units), layers.Dense(10)])


def one_to_many(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((width,)),
            layers.RepeatVector(n),
            layers.GRU(units, return_sequences=True),
            layers.Dense(10),
        ]
    )


def aligned(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.LSTM(units, return_sequences=True),
            layers.Dense(10, activation="softmax"),
        ]
    )


def last_3(n: int, units: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    steps = layers.LSTM(units, return_sequences=True)(x)
    return keras.Model(x, layers.Dense(10)(steps[:, -3:]))


def padded(n: int, units: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    steps = layers.LSTM(units, return_sequences=True)(layers.ZeroPadding1D((0, 3))(x))
    return keras.Model(x, layers.Dense(10)(steps[:, -3:]))


def stacked(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.LSTM(units, return_sequences=True),
            layers.LSTM(units, return_sequences=True),
            layers.LSTM(units),
            layers.Dense(10),
        ]
    )


def tapered(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.GRU(units, return_sequences=True),
            layers.GRU(width),
            layers.Dense(10),
        ]
    )


def bidirectional(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.Bidirectional(layers.LSTM(units, return_sequences=True)),
            layers.Dense(10, activation="softmax"),
        ]
    )


def bidirectional_stacked(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.Bidirectional(layers.GRU(units, return_sequences=True)),
            layers.Bidirectional(layers.GRU(units, return_sequences=True)),
            layers.Dense(10, activation="softmax"),
        ]
    )


def bidirectional_final(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.Bidirectional(layers.LSTM(units)),
            layers.Dense(1, activation="sigmoid"),
        ]
    )


def right_to_left(n: int, units: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    steps = layers.GRU(units, return_sequences=True, go_backwards=True)(x)
    return keras.Model(x, layers.Dense(10, activation="softmax")(steps[:, ::-1]))


def free_length(units: int, width: int) -> keras.Model:
    x = keras.Input((None, width))
    steps = layers.GRU(units, return_sequences=True)(x)
    return keras.Model(x, layers.Dense(10)(steps[:, -3:]))


def char_rnn(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n,), dtype="int32"),
            layers.Embedding(100, width),
            layers.LSTM(units, return_sequences=True),
            layers.LSTM(units, return_sequences=True),
            layers.Dropout(0.2),
            layers.Dense(100, activation="softmax"),
        ]
    )


def own_cell(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [keras.Input((n, width)), layers.LSTM(units, activation="relu"), layers.Dense(10)]
    )


def residual(n: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    added = layers.Add()([layers.LSTM(width, return_sequences=True)(x), x])
    return keras.Model(x, layers.Dense(10)(added))


def broken_chains(n: int, units: int, width: int) -> keras.Model:
    x = keras.Input((2 * n, width))
    gru = layers.GRU(units, return_sequences=True)
    steps = layers.Concatenate(axis=1)([gru(x[:, :n]), gru(x[:, n:])])
    return keras.Model(x, layers.Dense(10, activation="softmax")(steps))


def two_heads(n: int, units: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    steps = layers.GRU(units, return_sequences=True)(x)
    heads = [layers.Dense(10, activation="softmax")(steps), layers.Dense(1)(steps[:, -1])]
    return keras.Model(x, heads)
