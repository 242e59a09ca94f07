"""Keras model image-residual: one-to-one, residual."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a grid ``image`` to a vector ``y``.

        Y     dense(5, softmax)
        |
        M     mean(grid)
        |
        R     activation(relu)
        |
        A     add
        |\
        E |   batchnorm
        | |
        D |   conv2d(4, 3)
        | |
        N |   batchnorm
        | |
        C |   conv2d(4, 3)
        |/
        S     conv2d(4, 3, relu)
        |
        X     input(8, 8, 3, name=image)

    Shapes, without the batch:
        input image: (8, 8, 3) float32
        output y: (5,)
    """
    image = keras.Input(shape=(8, 8, 3), name="image")
    conv2d_s = layers.Conv2D(
        4,
        3,
        padding="same",
        activation="relu",
        name="conv2d_s",
    )(image)
    conv2d_c = layers.Conv2D(4, 3, padding="same", name="conv2d_c")(conv2d_s)
    batchnorm_n = layers.BatchNormalization(
        momentum=0.9,
        epsilon=1e-5,
        name="batchnorm_n",
    )(conv2d_c)
    conv2d_d = layers.Conv2D(4, 3, padding="same", name="conv2d_d")(batchnorm_n)
    batchnorm_e = layers.BatchNormalization(
        momentum=0.9,
        epsilon=1e-5,
        name="batchnorm_e",
    )(conv2d_d)
    add_a = layers.Add()([batchnorm_e, conv2d_s])
    activated_r = layers.Activation("relu", name="activated_r")(add_a)
    pooled_m = layers.GlobalAveragePooling2D(name="pooled_m")(activated_r)
    y = layers.Dense(5, activation="softmax", name="dense_y")(pooled_m)
    return keras.Model(inputs=image, outputs=y, name="image_residual")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
