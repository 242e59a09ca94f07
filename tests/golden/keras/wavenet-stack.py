"""Keras model wavenet-stack: many-to-many aligned, residual, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``i`` to a sequence ``y``.

        Y   Y   Y   Y   Y   Y     dense(5, softmax)
        |   |   |   |   |   |
        B   B   B   B   B   B     add
        |\  |\  |\  |\  |\  |\
        G | G | G | G | G | G |   conv(8, 2, relu, padding=causal, dilation=4)
        |/  |/  |/  |/  |/  |/
        A   A   A   A   A   A     add
        |\  |\  |\  |\  |\  |\
        F | F | F | F | F | F |   conv(8, 2, relu, padding=causal, dilation=2)
        |/  |/  |/  |/  |/  |/
        X   X   X   X   X   X     conv(8, 2, relu, padding=causal)
        |   |   |   |   |   |
        I   I   I   I   I   I     input(1)

    Shapes, without the batch:
        input i: (6, 1) float32
        output y: (6, 5)
    """
    i = keras.Input(shape=(6, 1), name="i")
    conv_x = layers.Conv1D(8, 2, padding="causal", activation="relu", name="conv_x")(i)
    conv_f = layers.Conv1D(
        8,
        2,
        padding="causal",
        dilation_rate=2,
        activation="relu",
        name="conv_f",
    )(conv_x)
    add_a = layers.Add()([conv_f, conv_x])
    conv_g = layers.Conv1D(
        8,
        2,
        padding="causal",
        dilation_rate=4,
        activation="relu",
        name="conv_g",
    )(add_a)
    add_b = layers.Add()([conv_g, add_a])
    y = layers.Dense(5, activation="softmax", name="dense_y")(add_b)
    return keras.Model(inputs=i, outputs=y, name="wavenet_stack")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
