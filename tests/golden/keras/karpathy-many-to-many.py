"""Keras model karpathy-many-to-many: many-to-many padded."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

            O O O   dense(4)
            | | |
        O-O-O-O-O   rnn(10)
        | | |
        O O O       input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output y: (3, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 8), name="x"),
            layers.ZeroPadding1D((0, 2)),
            layers.SimpleRNN(10, return_sequences=True, name="rnn"),
            layers.Cropping1D((2, 0)),
            layers.Dense(4, name="dense"),
        ],
        name="karpathy_many_to_many",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
