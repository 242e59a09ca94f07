"""Keras model attention-multi-head-decoder: encoder-decoder, bidirectional, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                    Y   Y   Y
                    |   |   |
                    C   C   C
                   /|  /|  /|
        +-+-+-+---+-|-+-|-+ |
        | | | |     |   |   |
        E=E=E=E     D---D---D
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = input(8)
        Z = input(6)
        E = lstm(6)
        D = lstm(12)
        C = attention(heads=3)
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (4, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """
    x = keras.Input(shape=(4, 8), name="x")
    z = keras.Input(shape=(3, 6), name="z")
    lstm_e = layers.Bidirectional(
        layers.LSTM(6, return_sequences=True),
        name="lstm_e",
    )(x)
    lstm_d = layers.LSTM(12, return_sequences=True, name="lstm_d")(z)
    attention_c = layers.MultiHeadAttention(
        3,
        key_dim=4,
        name="attention_c",
    )(lstm_d, lstm_e)
    y = layers.Dense(9, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=[x, z], outputs=y, name="attention_multi_head_decoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
