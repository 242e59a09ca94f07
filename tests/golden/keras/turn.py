"""Keras model turn: many-to-one, masked, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``t``.

                T   dense(5, tanh)
                |
        H H ... H   lstm(6)
        | |     |
        W W ... W   embedding(4, mask=true)
        | |     |
        X X ... X   tokens(50)

    Shapes, without the batch:
        input x: (None,) int32
        output t: (5,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    embedding_w = layers.Embedding(50, 4, mask_zero=True, name="embedding_w")(x)
    lstm_h = layers.LSTM(6, use_cudnn=False, name="lstm_h")(embedding_w)
    t = layers.Dense(5, activation="tanh", name="dense_t")(lstm_h)
    return keras.Model(inputs=x, outputs=t, name="turn")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("t", model.output_shape)
