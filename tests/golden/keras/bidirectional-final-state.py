"""Keras model bidirectional-final-state: many-to-one, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                    Y   dense(1, sigmoid)
                    |
        B=B=B=B=B---+
        | | | | |
        X X X X X

        B = lstm(16)
        X = input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 8), name="x"),
            layers.Bidirectional(layers.LSTM(16), name="lstm_b"),
            layers.Dense(1, activation="sigmoid", name="dense_y"),
        ],
        name="bidirectional_final_state",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
