"""Keras model image-digits: one-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a grid ``image`` to a vector ``y``.

        Y   dense(10, softmax)
        |
        R   dropout(0.5)
        |
        F   flatten
        |
        Q   maxpool2d(2)
        |
        D   conv2d(6, 3, relu, padding=valid)
        |
        P   maxpool2d(2)
        |
        C   conv2d(4, 3, relu, padding=valid)
        |
        X   input(14, 14, 1, name=image)

    Shapes, without the batch:
        input image: (14, 14, 1) float32
        output y: (10,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(14, 14, 1), name="image"),
            layers.Conv2D(4, 3, activation="relu", name="conv2d_c"),
            layers.MaxPooling2D(2, name="pooled_p"),
            layers.Conv2D(6, 3, activation="relu", name="conv2d_d"),
            layers.MaxPooling2D(2, name="pooled_q"),
            layers.Flatten(name="flat_f"),
            layers.Dropout(0.5, name="dropout_r"),
            layers.Dense(10, activation="softmax", name="dense_y"),
        ],
        name="image_digits",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
