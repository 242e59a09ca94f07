"""Keras model text: many-to-many aligned, feedback, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(96)
        | |     |
        H-H-...-H   gru(192)
        | |     |
        W W ... W   embedding(32)
        | |     |
        X X ... X   tokens(96, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 96)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="x"),
            layers.Embedding(96, 32, name="embedding_w"),
            layers.GRU(192, return_sequences=True, name="gru_h"),
            layers.Dense(96, name="dense_y"),
        ],
        name="text",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
