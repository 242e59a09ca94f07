"""Keras model tower: many-to-one, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``v``.

                V
                |
        H H ... H   lstm(16)
        | |     |
        W W ... W   embedding(8)
        | |     |
        X X ... X   tokens(100)

    Shapes, without the batch:
        input x: (None,) int32
        output v: (16,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="x"),
            layers.Embedding(100, 8, name="embedding_w"),
            layers.LSTM(16, name="lstm_h"),
        ],
        name="tower",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("v", model.output_shape)
