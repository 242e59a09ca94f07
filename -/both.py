"""Keras model both: many-to-many aligned, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y-Y-...-Y   lstm(3)
        | |     |
        M M ... M   layernorm
        | |     |
        X X ... X   input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (None, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 3), name="x"),
            layers.LayerNormalization(epsilon=1e-5, name="layernorm_m"),
            layers.LSTM(3, return_sequences=True, name="lstm_y"),
        ],
        name="both",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
