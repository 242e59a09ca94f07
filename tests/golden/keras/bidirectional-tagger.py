"""Keras model bidirectional-tagger: many-to-many aligned, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y Y Y Y   dense(7, softmax)
        | | | | |
        B=B=B=B=B   lstm(16)
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (5, 7)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 8), name="x"),
            layers.Bidirectional(layers.LSTM(16, return_sequences=True), name="lstm_b"),
            layers.Dense(7, activation="softmax", name="dense_y"),
        ],
        name="bidirectional_tagger",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
