"""Keras model karpathy-one-to-many: one-to-many."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector ``x`` to a sequence ``y``.

        O O O   dense(4)
        | | |
        O-O-O   rnn(10)
        |
        O       input(8)

    Shapes, without the batch:
        input x: (8,) float32
        output y: (3, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(8,), name="x"),
            layers.RepeatVector(1),
            layers.ZeroPadding1D((0, 2)),
            layers.SimpleRNN(10, return_sequences=True, name="rnn"),
            layers.Dense(4, name="dense"),
        ],
        name="karpathy_one_to_many",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
