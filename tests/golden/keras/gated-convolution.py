"""Keras model gated-convolution: many-to-many aligned, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |
        M   M   M   M     multiply
        |\  |\  |\  |\
        T | T | T | T |   conv(8, 2, tanh, padding=causal)
        | S | S | S | S   conv(8, 2, sigmoid, padding=causal)
        |/  |/  |/  |/
        X   X   X   X     input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 5)
    """
    x = keras.Input(shape=(4, 3), name="x")
    conv_s = layers.Conv1D(
        8,
        2,
        padding="causal",
        activation="sigmoid",
        name="conv_s",
    )(x)
    conv_t = layers.Conv1D(8, 2, padding="causal", activation="tanh", name="conv_t")(x)
    multiply_m = layers.Multiply()([conv_t, conv_s])
    y = layers.Dense(5, activation="softmax", name="dense_y")(multiply_m)
    return keras.Model(inputs=x, outputs=y, name="gated_convolution")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
