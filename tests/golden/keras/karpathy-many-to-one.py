"""Keras model karpathy-many-to-one: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            O   dense(4)
            |
        O-O-O   rnn(10)
        | | |
        O O O   input(8)

    Shapes, without the batch:
        input x: (3, 8) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 8), name="x"),
            layers.SimpleRNN(10, name="rnn"),
            layers.Dense(4, name="dense"),
        ],
        name="karpathy_many_to_one",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
