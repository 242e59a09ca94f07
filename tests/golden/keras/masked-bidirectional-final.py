"""Keras model masked-bidirectional-final: many-to-one, bidirectional, masked, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                    Y   dense(1, sigmoid)
                    |
        H=...=H=H---+   lstm(8)
        |     | |
        W ... W W       embedding(10, mask=true)
        |     | |
        X ... X X       tokens(30)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (1,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 10, mask_zero=True, name="embedding_w")(x)
    lstm_h = layers.Bidirectional(
        layers.LSTM(8, use_cudnn=False),
        name="lstm_h",
    )(embedding_w)
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="masked_bidirectional_final")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
