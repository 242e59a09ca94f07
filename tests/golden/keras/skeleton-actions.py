"""Keras model skeleton-actions: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids ``joints`` to a vector ``y``.

                    Y   dense(4, softmax)
                    |
        H-H-H-H-H-H-H   gru(8)
        | | | | | | |
        F F F F F F F   flatten
        | | | | | | |
        J J J J J J J   dense(4, relu)
        | | | | | | |
        X X X X X X X   input(5, 3, name=joints)

    Shapes, without the batch:
        input joints: (7, 5, 3) float32
        output y: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(7, 5, 3), name="joints"),
            layers.Dense(4, activation="relu", name="dense_j"),
            layers.TimeDistributed(layers.Flatten(), name="flat_f"),
            layers.GRU(8, name="gru_h"),
            layers.Dense(4, activation="softmax", name="dense_y"),
        ],
        name="skeleton_actions",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
