"""Keras models of sounds: speech, speakers, notes."""

from __future__ import annotations

import keras
from keras import layers, ops

from tests.ported.catalog import KERAS
from tests.ported.keras_models.blocks import EncoderBlock


@KERAS.waiting("in the language both axes have one")
def speech_recognition() -> keras.Model:
    """Windows over a spectrogram, rows in two directions, a letter for each step."""
    x = spectrogram = keras.Input((8, 12), name="spectrogram")
    x = layers.Reshape((8, 12, 1))(x)
    x = layers.Conv2D(3, [3, 5], strides=[1, 2], padding="same", use_bias=False, name="conv_1")(x)
    x = layers.ReLU()(layers.BatchNormalization()(x))
    x = layers.Reshape((8, -1))(x)
    for number in range(2):
        gru = layers.GRU(4, return_sequences=True, reset_after=True, name=f"gru_{number}")
        x = layers.Bidirectional(gru, name=f"both_{number}")(x)
        if not number:
            x = layers.Dropout(0.5)(x)
    x = layers.ReLU()(layers.Dense(8, name="dense")(x))
    x = layers.Dropout(0.5)(x)
    return keras.Model(spectrogram, layers.Dense(7, activation="softmax", name="letters")(x))


@KERAS.ported()
def speech_from_features() -> keras.Model:
    """Features of any number of frames, normalized between rows."""
    x = frames = keras.Input((None, 6), name="frames")
    for number in range(2):
        x = layers.Bidirectional(layers.LSTM(4, return_sequences=True), name=f"both_{number}")(x)
        x = layers.BatchNormalization(name=f"norm_{number}")(x)
    x = layers.TimeDistributed(layers.Dense(6, activation="relu"), name="inner")(x)
    return keras.Model(frames, layers.Dense(9, activation="softmax", name="letters")(x))


def _residual(x: keras.KerasTensor, filters: int, count: int) -> keras.KerasTensor:
    """Windows with a way around them, then half as many steps."""
    around = layers.Conv1D(filters, 1, padding="same")(x)
    for _ in range(count - 1):
        x = layers.Activation("relu")(layers.Conv1D(filters, 3, padding="same")(x))
    x = layers.Conv1D(filters, 3, padding="same")(x)
    x = layers.Activation("relu")(layers.Add()([x, around]))
    return layers.MaxPool1D(pool_size=2, strides=2)(x)


@KERAS.ported()
def speaker() -> keras.Model:
    """Who speaks, from the frequencies of a second."""
    x = wave = keras.Input((24, 1), name="wave")
    x = _residual(_residual(x, 3, 2), 4, 2)
    x = layers.AveragePooling1D(pool_size=3, strides=3)(x)
    x = layers.Flatten()(x)
    x = layers.Dense(6, activation="relu", name="dense")(x)
    return keras.Model(wave, layers.Dense(5, activation="softmax", name="speaker")(x))


@KERAS.ported()
def keyword_by_its_middle() -> keras.Model:
    """One step of two directions asks, all steps answer."""
    x = frames = keras.Input((7, 6), name="frames")
    x = layers.Bidirectional(layers.LSTM(3, return_sequences=True), name="both")(x)
    asked = layers.Dense(6, name="asked")(x[:, 3:4])
    read = layers.Attention(name="read")([asked, x])
    y = layers.Dense(5, activation="relu", name="dense")(layers.Flatten()(read))
    return keras.Model(frames, layers.Dense(4, activation="softmax", name="word")(y))


@KERAS.ported()
def gated_convolutions() -> keras.Model:
    """What passes, and how much of it; all blocks also add to the result."""
    x = wave = keras.Input((12, 1), name="wave")
    x = layers.Conv1D(4, 2, padding="causal", name="first")(x)
    ends = []
    for rate in (1, 2, 4, 8):
        passes = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="tanh")(x)
        opens = layers.Conv1D(4, 2, padding="causal", dilation_rate=rate, activation="sigmoid")(x)
        gated = layers.Multiply()([passes, opens])
        ends.append(layers.Conv1D(4, 1)(gated))
        x = layers.Add()([x, layers.Conv1D(4, 1)(gated)])
    x = layers.Activation("relu")(layers.Add()(ends))
    return keras.Model(wave, layers.Dense(10, activation="softmax", name="value")(x))


@KERAS.ported()
def notes() -> keras.Model:
    """The next note: its pitch, how far it is from the one before, and how long it is."""
    x = notes = keras.Input((8, 3), name="notes")
    x = layers.LSTM(8, name="run")(x)
    heads = [
        layers.Dense(12, name="pitch")(x),
        layers.Dense(1, name="step")(x),
        layers.Dense(1, name="duration")(x),
    ]
    return keras.Model(notes, heads)


@KERAS.ported()
def speech_encoder() -> keras.Model:
    """Windows with strides make fewer steps, which an encoder reads."""
    x = frames = keras.Input((16, 5), name="frames")
    for number in range(2):
        x = layers.Conv1D(8, 3, strides=2, padding="valid", activation="relu", name=f"c{number}")(x)
    x = EncoderBlock(8, 2, 12, name="block")(x)
    return keras.Model(frames, layers.Dense(9, name="letters")(x))


@KERAS.waiting("its last window is cut short")
def speech_encoder_same() -> keras.Model:
    """The same with padding, of an even number of steps."""
    x = frames = keras.Input((10, 5), name="frames")
    x = layers.Conv1D(8, 3, padding="same", activation="relu", name="window")(x)
    x = layers.MaxPooling1D(4, padding="same", name="pool")(x)
    return keras.Model(frames, layers.GRU(4, name="run")(x))


@KERAS.ported()
def depth_of_features() -> keras.Model:
    """Rows, and a mean of all steps."""
    return keras.Sequential(
        [
            keras.Input((None, 6), name="frames"),
            layers.LSTM(8, return_sequences=True, name="first"),
            layers.Dropout(0.3),
            layers.LSTM(6, return_sequences=True, name="second"),
            layers.GlobalAveragePooling1D(name="mean"),
            layers.Dense(4, activation="softmax", name="genre"),
        ],
        name="depth_of_features",
    )


@KERAS.ported(differs="not used by its results")
def self_attention_in_frames() -> keras.Model:
    """A trained vector of scores for each step, weights over all steps, a weighted sum."""
    x = frames = keras.Input((7, 5), name="frames")
    x = layers.GRU(6, return_sequences=True, name="run")(x)
    weights = layers.Softmax(axis=1)(layers.Dense(1, name="score")(x))
    pooled = ops.sum(layers.Multiply()([x, weights]), axis=1)
    return keras.Model(frames, layers.Dense(3, name="y")(pooled))


@KERAS.refused("Conv1DTranspose")
def vocoder() -> keras.Model:
    """A spectrogram to a wave: more steps than it reads."""
    x = frames = keras.Input((4, 6), name="frames")
    x = layers.Conv1D(6, 3, padding="same", name="first")(x)
    x = layers.Conv1DTranspose(4, 4, strides=2, padding="same", name="up")(x)
    x = layers.LeakyReLU()(x)
    return keras.Model(frames, layers.Conv1D(1, 3, padding="same", activation="tanh", name="y")(x))
