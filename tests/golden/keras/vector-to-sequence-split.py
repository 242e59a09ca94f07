"""Keras model vector-to-sequence-split: one-to-many."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a vector ``x`` to a sequence ``y``.

        Y Y Y   split
        | | |
        +-+-+
          |
          D     dense(12)
          |
          F     dense(16, relu)
          |
          X     input(5)

    Shapes, without the batch:
        input x: (5,) float32
        output y: (3, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), name="x"),
            layers.Dense(16, activation="relu", name="dense_f"),
            layers.Dense(12, name="dense_d"),
            layers.Reshape((3, 4), name="split_y"),
        ],
        name="vector_to_sequence_split",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
