"""Keras model multi-task-layers: many-to-many aligned, stacked 2, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to sequences ``chunks`` and ``parts``.

        C   C   C   C     dense(6, softmax, name=chunks)
        |   |   |   |
        G===G===G===G     lstm(8)
        |   |   |   |
        | P | P | P | P   dense(5, softmax, name=parts)
        |/  |/  |/  |/
        H===H===H===H     lstm(8)
        |   |   |   |
        X   X   X   X     input(12)

    Shapes, without the batch:
        input x: (4, 12) float32
        output chunks: (4, 6)
        output parts: (4, 5)
    """
    x = keras.Input(shape=(4, 12), name="x")
    lstm_h = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True),
        name="lstm_h",
    )(x)
    parts = layers.Dense(5, activation="softmax", name="parts")(lstm_h)
    lstm_g = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True),
        name="lstm_g",
    )(lstm_h)
    chunks = layers.Dense(6, activation="softmax", name="chunks")(lstm_g)
    return keras.Model(inputs=x, outputs=[chunks, parts], name="multi_task_layers")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["chunks", "parts"], model.output_shape, strict=True):
        print(name, shape)
