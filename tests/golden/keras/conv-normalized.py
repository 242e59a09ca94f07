"""Keras model conv-normalized: many-to-one, convolutional."""

import keras
from keras import layers


def build_model(filters: int = 4, kernel: int = 3) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                  Y   dense(3, softmax)
                  |
                  P   mean
                  |
        +-+-+-+-+-+
        | | | | | |
        R R R R R R   activation(relu)
        | | | | | |
        B B B B B B   batchnorm(epsilon=0.001, momentum=0.99)
        | | | | | |
        C C C C C C   conv(2 * filters, kernel)
        | | | | | |
        A A A A A A   activation(relu)
        | | | | | |
        N N N N N N   batchnorm(epsilon=0.001, momentum=0.99)
        | | | | | |
        K K K K K K   conv(filters, kernel + 2)
        | | | | | |
        X X X X X X   input(2)

        filters = 4
        kernel = 3

    Shapes, without the batch:
        input x: (6, 2) float32
        output y: (3,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 2), name="x"),
            layers.Conv1D(filters, kernel + 2, padding="same", name="conv_k"),
            layers.BatchNormalization(momentum=0.99, epsilon=0.001, name="batchnorm_n"),
            layers.Activation("relu", name="activated_a"),
            layers.Conv1D(2 * filters, kernel, padding="same", name="conv_c"),
            layers.BatchNormalization(momentum=0.99, epsilon=0.001, name="batchnorm_b"),
            layers.Activation("relu", name="activated_r"),
            layers.GlobalAveragePooling1D(),
            layers.Dense(3, activation="softmax", name="dense_y"),
        ],
        name="conv_normalized",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
