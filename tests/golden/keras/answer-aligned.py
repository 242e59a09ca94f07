"""Keras model answer-aligned: many-to-many aligned, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(8)
        | |     |
        H-H-...-H   gru(64)
        | |     |
        W W ... W   embedding(16)
        | |     |
        X X ... X   tokens(8)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 8)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="x"),
            layers.Embedding(8, 16, name="embedding_w"),
            layers.GRU(64, return_sequences=True, name="gru_h"),
            layers.Dense(8, name="dense_y"),
        ],
        name="answer_aligned",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
