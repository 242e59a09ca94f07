"""Keras model pre-norm-recurrent: many-to-many aligned, residual."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(5)
        |   |   |   |
        A   A   A   A     add
        |\  |\  |\  |\
        D | D | D | D |   dropout(0.1)
        | | | | | | | |
        H | H | H | H |   lstm(8)
        | | | | | | | |
        N | N | N | N |   layernorm
        |/  |/  |/  |/
        X   X   X   X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 5)
    """
    x = keras.Input(shape=(4, 8), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    lstm_h = layers.LSTM(8, return_sequences=True, name="lstm_h")(layernorm_n)
    dropout_d = layers.Dropout(0.1, name="dropout_d")(lstm_h)
    add_a = layers.Add()([dropout_d, x])
    y = layers.Dense(5, name="dense_y")(add_a)
    return keras.Model(inputs=x, outputs=y, name="pre_norm_recurrent")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
