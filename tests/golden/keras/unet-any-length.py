"""Keras model unet-any-length: many-to-many aligned, residual, convolutional, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y ... Y   Y
        |   |     |   |
        K   K ... K   K
        |   |     |   |
        J   J ... J   J
        |\ /|     |\ /|
        | M | ... | M |
        | | |     | | |
        | P | ... | P |
        |/ \|     |/ \|
        C   C ... C   C
        |   |     |   |
        X   X ... X   X

        X = input(2)
        C = conv(8, 3, relu)
        P = max
        M = conv(8, 3, relu)
        J = add
        K = conv(8, 3, relu)
        Y = dense(1)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 1)
    """
    x = keras.Input(shape=(None, 2), name="x")
    conv_c = layers.Conv1D(8, 3, padding="same", activation="relu", name="conv_c")(x)
    max_p = layers.Maximum()([conv_c[:, ::2], conv_c[:, 1::2]])
    conv_m = layers.Conv1D(
        8,
        3,
        padding="same",
        activation="relu",
        name="conv_m",
    )(max_p)
    upsampled = layers.UpSampling1D(2)(conv_m)
    add_j = layers.Add()([conv_c, upsampled])
    conv_k = layers.Conv1D(
        8,
        3,
        padding="same",
        activation="relu",
        name="conv_k",
    )(add_j)
    y = layers.Dense(1, name="dense_y")(conv_k)
    return keras.Model(inputs=x, outputs=y, name="unet_any_length")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
