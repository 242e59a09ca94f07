"""Keras model answer-padded: many-to-many padded."""

import keras
from keras import layers


def build_model(n: int = 6) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

                    Y Y ..n.. Y   dense(8)
                    | |       |
        H-H--...--H-H-H--...--H   gru(64)
        | |       |
        W W ..n.. W               embedding(16)
        | |       |
        X X ..n.. X               tokens(8)

        n = 6

    Shapes, without the batch:
        input x: (n,) int32
        output y: (n, 8)
    """
    x = keras.Input(shape=(n,), dtype="int32", name="x")
    embedding_w = layers.Embedding(8, 16, name="embedding_w")(x)
    padded = layers.ZeroPadding1D((0, n))(embedding_w)
    gru_h = layers.GRU(64, return_sequences=True, name="gru_h")(padded)
    y = layers.Dense(8, name="dense_y")(gru_h[:, n:])
    return keras.Model(inputs=x, outputs=y, name="answer_padded")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
