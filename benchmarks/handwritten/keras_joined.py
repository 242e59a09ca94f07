"""sizes → Keras models written by hand: several inputs, windows, attention, masks."""

from __future__ import annotations

import keras
from keras import layers


def hand_over(n: int, m: int, units: int, width: int) -> keras.Model:
    source, target = keras.Input((n,), dtype="int32"), keras.Input((m,), dtype="int32")
    _, h, c = layers.LSTM(units, return_state=True)(layers.Embedding(1000, width)(source))
    decoder = layers.LSTM(units, return_sequences=True)
    steps = decoder(layers.Embedding(1000, width)(target), initial_state=[h, c])
    return keras.Model([source, target], layers.Dense(100, activation="softmax")(steps))


def autoencoder(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.LSTM(units),
            layers.RepeatVector(n),
            layers.LSTM(units, return_sequences=True),
            layers.Dense(width),
        ]
    )


def attention(n: int, m: int, units: int, width: int) -> keras.Model:
    source, target = keras.Input((n, width)), keras.Input((m, width))
    memory, state = layers.GRU(units, return_sequences=True, return_state=True)(source)
    query = layers.GRU(units, return_sequences=True)(target, initial_state=state)
    seen = layers.Attention()([query, memory])
    return keras.Model([source, target], layers.Dense(100, activation="softmax")(seen))


def self_attention(n: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    seen = layers.MultiHeadAttention(4, width // 4)(x, x)
    return keras.Model(x, layers.Dense(10)(layers.GlobalAveragePooling1D()(seen)))


def transformer(units: int, width: int) -> keras.Model:
    x = keras.Input((4, width))
    seen = layers.MultiHeadAttention(2, width // 2)(x, x, use_causal_mask=True)
    first = layers.LayerNormalization(epsilon=1e-5)(seen + x)
    deep = layers.Dense(width)(layers.Dense(units, activation="relu")(first))
    return keras.Model(x, layers.LayerNormalization(epsilon=1e-5)(deep + first))


def convolutions(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n,), dtype="int32"),
            layers.Embedding(1000, width),
            layers.Conv1D(units, 3, padding="same", activation="relu"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def causal(n: int, units: int, width: int) -> keras.Model:
    x = keras.Input((n, width))
    one = layers.Conv1D(units, 3, padding="causal", activation="relu")(x)
    two = layers.Conv1D(units, 3, padding="causal", dilation_rate=2, activation="relu")(one)
    return keras.Model(x, layers.Dense(10)(two[:, -1]))


def windows(units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((5,), dtype="int32"),
            layers.Embedding(1000, width),
            layers.Conv1D(units, 3, padding="same", activation="tanh"),
            layers.Dense(10, activation="softmax"),
        ]
    )


def pooled(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.GRU(units, return_sequences=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def pooled_pairs(units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [keras.Input((4, width)), layers.MaxPooling1D(2), layers.GRU(units), layers.Dense(10)]
    )


def masked_last(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n,), dtype="int32"),
            layers.Embedding(1000, width, mask_zero=True),
            layers.LSTM(units),
            layers.Dense(10, activation="softmax"),
        ]
    )


def masked_mean(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.Masking(),
            layers.GRU(units, return_sequences=True),
            layers.GlobalAveragePooling1D(),
            layers.Dense(10, activation="softmax"),
        ]
    )


def siamese(n: int, units: int, width: int) -> keras.Model:
    x, z = keras.Input((n, width)), keras.Input((n, width))
    lstm = layers.LSTM(units)
    both = layers.Concatenate()([lstm(x), lstm(z)])
    return keras.Model([x, z], layers.Dense(1, activation="sigmoid")(both))


def initial_state(n: int, units: int, width: int) -> keras.Model:
    image, words = keras.Input((width,)), keras.Input((n,), dtype="int32")
    state = layers.Dense(units, activation="tanh")(image)
    lstm = layers.LSTM(units, return_sequences=True)
    steps = lstm(layers.Embedding(1000, width)(words), initial_state=[state, state])
    return keras.Model([image, words], layers.Dense(100, activation="softmax")(steps))


def split(n: int, units: int, width: int) -> keras.Model:
    return keras.Sequential(
        [
            keras.Input((n, width)),
            layers.LSTM(units),
            layers.Dense(40),
            layers.Reshape((4, 10)),
        ]
    )
