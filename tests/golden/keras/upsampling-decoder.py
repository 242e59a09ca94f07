"""Keras model upsampling-decoder: graph, convolutional, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``c`` to a sequence ``y``.

        Y Y ...  Y Y   conv(3, 5)
        | |      | |
        U U ...  U U   dense(12, relu)
        | |      | |
        +-+      +-+
        |        |
        C  ..n.. C     input(8)

    Shapes, without the batch:
        input c: (n, 8) float32
        output y: (2 * n, 3)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, 8), name="c"),
            layers.UpSampling1D(2),
            layers.Dense(12, activation="relu", name="dense_u"),
            layers.Conv1D(3, 5, padding="same", name="conv_y"),
        ],
        name="upsampling_decoder",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
