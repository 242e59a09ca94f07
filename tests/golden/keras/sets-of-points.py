"""Keras model sets-of-points: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``points`` to a vector ``y``.

              Y   dense(1)
              |
        H H H H   gru(6)
        | | | |
        M M M M   max(grid)
        | | | |
        D D D D   dense(8, relu)
        | | | |
        P P P P   dense(8, relu)
        | | | |
        X X X X   input(6, 2, name=points)

    Shapes, without the batch:
        input points: (4, 6, 2) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 6, 2), name="points"),
            layers.Dense(8, activation="relu", name="dense_p"),
            layers.Dense(8, activation="relu", name="dense_d"),
            layers.TimeDistributed(layers.GlobalMaxPooling1D(), name="pooled_m"),
            layers.GRU(6, name="gru_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="sets_of_points",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
