"""Keras model pasted-boxes: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                    O   dense(1)
                    |
        +-+-+-+-+-+-+
        | | | | | |
        O O O O O O     gru(8)
        | | | | | |
        O O O O O O     input(3)

    Shapes, without the batch:
        input x: (6, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 3), name="x"),
            layers.GRU(8, return_sequences=True, name="gru"),
            layers.Flatten(),
            layers.Dense(1, name="dense"),
        ],
        name="pasted_boxes",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
