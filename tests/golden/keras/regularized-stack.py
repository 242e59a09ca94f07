"""Keras model regularized-stack: many-to-one, stacked 2."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(1)
                |
        G G G G G   lstm(8)
        | | | | |
        P P P P P   dropout(0.3)
        | | | | |
        B B B B B   batchnorm
        | | | | |
        H H H H H   lstm(12)
        | | | | |
        N N N N N   layernorm
        | | | | |
        X X X X X   input(6)

    Shapes, without the batch:
        input x: (5, 6) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 6), name="x"),
            layers.LayerNormalization(epsilon=1e-5, name="layernorm_n"),
            layers.LSTM(12, return_sequences=True, name="lstm_h"),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_b"),
            layers.Dropout(0.3, name="dropout_p"),
            layers.LSTM(8, name="lstm_g"),
            layers.Dense(1, name="dense_y"),
        ],
        name="regularized_stack",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
