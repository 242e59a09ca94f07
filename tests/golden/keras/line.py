"""Keras model line: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``s``.

                S   dense(4, tanh)
                |
        H H H H H   gru(6)
        | | | | |
        W W W W W   embedding(5)
        | | | | |
        X X X X X   tokens(40)

    Shapes, without the batch:
        input x: (5,) int32
        output s: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), dtype="int32", name="x"),
            layers.Embedding(40, 5, name="embedding_w"),
            layers.GRU(6, name="gru_h"),
            layers.Dense(4, activation="tanh", name="dense_s"),
        ],
        name="line",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("s", model.output_shape)
