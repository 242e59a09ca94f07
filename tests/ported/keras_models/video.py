"""Keras models of images in steps: frames, columns, patches."""

from __future__ import annotations

import keras
from keras import layers

from tests.ported.catalog import KERAS
from tests.ported.keras_models.blocks import EncoderBlock


@KERAS.ported()
def next_frame() -> keras.Model:
    """Recurrent windows over images, normalized between; a window for each frame."""
    x = video = keras.Input((3, 5, 5, 1), name="video")
    x = layers.ConvLSTM2D(3, (3, 3), padding="same", return_sequences=True, name="first")(x)
    x = layers.BatchNormalization(name="norm")(x)
    x = layers.ConvLSTM2D(2, (3, 3), padding="same", return_sequences=True, name="second")(x)
    last = layers.Conv2D(1, (3, 3), activation="sigmoid", padding="same")
    return keras.Model(video, layers.TimeDistributed(last, name="frame")(x))


@KERAS.refused("Conv3D")
def next_frame_by_volume() -> keras.Model:
    """The same, whose last windows reach over frames as well."""
    x = video = keras.Input((3, 5, 5, 1), name="video")
    x = layers.ConvLSTM2D(3, (3, 3), padding="same", return_sequences=True, name="first")(x)
    x = layers.Conv3D(1, (3, 3, 3), activation="sigmoid", padding="same", name="volume")(x)
    return keras.Model(video, x)


@KERAS.ported()
def event_in_frames() -> keras.Model:
    """What happened, from the last state of recurrent windows."""
    x = video = keras.Input((3, 5, 5, 1), name="video")
    x = layers.ConvLSTM2D(2, 3, padding="same", name="run")(x)
    x = layers.GlobalAveragePooling2D()(x)
    return keras.Model(video, layers.Dense(2, activation="softmax", name="y")(x))


@KERAS.ported()
def columns_of_letters() -> keras.Model:
    """An image of letters, column by column, in two directions."""
    x = image = keras.Input((12, 8, 1), name="image")
    x = layers.Conv2D(3, 3, activation="relu", padding="same", name="conv_1")(x)
    x = layers.MaxPooling2D((2, 2), name="pool_1")(x)
    x = layers.Conv2D(4, 3, activation="relu", padding="same", name="conv_2")(x)
    x = layers.MaxPooling2D((2, 2), name="pool_2")(x)
    x = layers.Reshape((3, 8))(x)
    x = layers.Dense(6, activation="relu", name="dense")(x)
    x = layers.Dropout(0.2)(x)
    x = layers.Bidirectional(layers.LSTM(4, return_sequences=True, dropout=0.25), name="run")(x)
    return keras.Model(image, layers.Dense(9, activation="softmax", name="letters")(x))


@KERAS.waiting("mask")
def features_of_frames() -> keras.Model:
    """Features of frames, with a mask of those that are there."""
    features = keras.Input((6, 5), name="features")
    mask = keras.Input((6,), dtype="bool", name="mask")
    x = layers.GRU(4, return_sequences=True, name="first")(features, mask=mask)
    x = layers.GRU(3, name="second")(x)
    x = layers.Dropout(0.4)(x)
    return keras.Model([features, mask], layers.Dense(3, activation="softmax", name="y")(x))


class Places(layers.Layer):
    """A table of places, added to what each step has."""

    def __init__(self, steps: int, width: int, **options: object) -> None:
        super().__init__(**options)
        self.table = layers.Embedding(steps, width)
        self.steps = steps

    def call(self, x: keras.KerasTensor) -> keras.KerasTensor:
        return x + self.table(keras.ops.arange(0, self.steps, 1))


@KERAS.ported()
def attention_in_frames() -> keras.Model:
    """An encoder over features of frames, the largest value of each."""
    x = features = keras.Input((6, 8), name="features")
    x = Places(6, 8, name="places")(x)
    x = EncoderBlock(8, 1, 4, name="block")(x)
    x = layers.GlobalMaxPooling1D()(x)
    x = layers.Dropout(0.5)(x)
    return keras.Model(features, layers.Dense(3, activation="softmax", name="y")(x))


@KERAS.ported()
def frames_one_by_one() -> keras.Model:
    """Each frame to a vector, layer by layer, and a row above."""
    return keras.Sequential(
        [
            keras.Input((4, 8, 8, 3), name="video"),
            layers.TimeDistributed(layers.Conv2D(4, 3, activation="relu"), name="conv"),
            layers.TimeDistributed(layers.MaxPooling2D(2), name="pool"),
            layers.TimeDistributed(layers.Dropout(0.25), name="drop"),
            layers.TimeDistributed(layers.Flatten(), name="flat"),
            layers.GRU(5, name="run"),
            layers.Dense(3, activation="softmax", name="y"),
        ],
        name="frames_one_by_one",
    )


@KERAS.ported()
def picture_and_movement() -> keras.Model:
    """Two streams of frames, joined behind their rows."""
    colors = keras.Input((3, 6, 6, 2), name="colors")
    flow = keras.Input((3, 6, 6, 1), name="flow")
    ends = []
    for stream, name in ((colors, "colors"), (flow, "flow")):
        x = layers.TimeDistributed(layers.Conv2D(3, 3, activation="relu"), name=f"{name}_conv")(
            stream
        )
        x = layers.TimeDistributed(layers.GlobalAveragePooling2D(), name=f"{name}_mean")(x)
        ends.append(layers.LSTM(4, name=f"{name}_run")(x))
    return keras.Model([colors, flow], layers.Dense(2, name="y")(layers.concatenate(ends)))


@KERAS.ported()
def best_frame() -> keras.Model:
    """Scores of single frames; the largest counts."""
    x = video = keras.Input((None, 6, 6, 1), name="video")
    frame = keras.Sequential(
        [
            keras.Input((6, 6, 1)),
            layers.Conv2D(3, 3, activation="relu", name="conv"),
            layers.GlobalMaxPooling2D(name="top"),
            layers.Dense(2, name="score"),
        ],
        name="frame",
    )
    x = layers.TimeDistributed(frame, name="frames")(x)
    return keras.Model(video, layers.GlobalMaxPooling1D(name="best")(x))


@KERAS.ported()
def caption() -> keras.Model:
    """An image begins the state of what says it in words."""
    image = keras.Input((8, 8, 1), name="image")
    words = keras.Input((None,), dtype="int32", name="words")
    x = layers.Conv2D(3, 3, strides=2, activation="relu", name="conv")(image)
    state = layers.Dense(5, activation="tanh", name="state")(layers.Flatten()(x))
    said = layers.Embedding(12, 4, name="table")(words)
    said = layers.GRU(5, return_sequences=True, name="run")(said, initial_state=state)
    return keras.Model([image, words], layers.Dense(12, activation="softmax", name="next")(said))
