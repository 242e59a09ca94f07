"""Keras model copy-one-row: many-to-many padded."""

import keras
from keras import layers


def build_model(units: int = 12) -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

              Y Y Y   dense(5)
              | | |
        H-H-H-H-H-H   lstm(units)
        | | |
        X X X         input(5)

        units = 12

    Shapes, without the batch:
        input x: (3, 5) float32
        output y: (3, 5)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 5), name="x"),
            layers.ZeroPadding1D((0, 3)),
            layers.LSTM(units, return_sequences=True, name="lstm_h"),
            layers.Cropping1D((3, 0)),
            layers.Dense(5, name="dense_y"),
        ],
        name="copy_one_row",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
