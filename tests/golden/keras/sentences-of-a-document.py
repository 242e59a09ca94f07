"""Keras model sentences-of-a-document: many-to-one."""

import keras
from keras import layers


def build_line(name: str = "line") -> keras.Model:
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
        name=name,
    )


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``words`` to a vector ``y``.

              Y   dense(3, softmax)
              |
        D D D D   gru(7)
        | | | |
        S S S S   line
        | | | |
        X X X X   tokens(40, 5, name=words)

    Shapes, without the batch:
        input words: (4, 5) int32
        output y: (3,)
    """
    words = keras.Input(shape=(4, 5), dtype="int32", name="words")
    line_s = layers.TimeDistributed(build_line(name="line_s"))(words)
    gru_d = layers.GRU(7, name="gru_d")(line_s)
    y = layers.Dense(3, activation="softmax", name="dense_y")(gru_d)
    return keras.Model(inputs=words, outputs=y, name="sentences_of_a_document")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
