"""Keras model siamese-images: one-to-one."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps grids ``first`` and ``second`` to a vector ``y``.

          Y     dense(1, sigmoid)
          |
          M     multiply
          |
        +-+-+
        |   |
        D   D
        |   |
        F   F
        |   |
        P   P
        |   |
        C   C
        |   |
        X   Z

        X = input(6, 6, 1, name=first)
        Z = input(6, 6, 1, name=second)
        C = conv2d(3, 3, relu)
        P = maxpool2d(2)
        F = flatten
        D = dense(4, tanh)

    Shapes, without the batch:
        input first: (6, 6, 1) float32
        input second: (6, 6, 1) float32
        output y: (1,)
    """
    first = keras.Input(shape=(6, 6, 1), name="first")
    second = keras.Input(shape=(6, 6, 1), name="second")
    repeated = ops.repeat(ops.expand_dims(first, 1), 1, axis=1)
    repeated_2 = ops.repeat(ops.expand_dims(second, 1), 1, axis=1)
    joined = layers.Concatenate(axis=1)([repeated, repeated_2])
    conv2d_c = layers.TimeDistributed(
        layers.Conv2D(3, 3, padding="same", activation="relu"),
        name="conv2d_c",
    )(joined)
    pooled_p = layers.TimeDistributed(layers.MaxPooling2D(2), name="pooled_p")(conv2d_c)
    flat_f = layers.TimeDistributed(layers.Flatten(), name="flat_f")(pooled_p)
    dense_d = layers.Dense(4, activation="tanh", name="dense_d")(flat_f)
    multiply_m = ops.prod(dense_d, axis=1)
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(multiply_m)
    return keras.Model(inputs=[first, second], outputs=y, name="siamese_images")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
