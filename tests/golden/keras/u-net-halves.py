"""Keras model u-net-halves: many-to-many aligned, residual, variable length."""

import keras
from keras import layers


def build_level(filters: int = 4, name: str = "level") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``d``.

        D ... D   conv(filters, 3, relu)
        |     |
        C ... C   conv(filters, 3, relu)
        |     |
        X ... X   input(filters)

        filters = 4

    Shapes, without the batch:
        input x: (None, filters) float32
        output d: (None, filters)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None, filters), name="x"),
            layers.Conv1D(filters, 3, padding="same", activation="relu", name="conv_c"),
            layers.Conv1D(filters, 3, padding="same", activation="relu", name="conv_d"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y   Y ... Y   Y   dense(1)
        |   |     |   |
        J   J ... J   J   add
        |\ /|     |\ /|
        | L | ... | L |   level
        | | |     | | |
        | P | ... | P |   max
        |/ \|     |/ \|
        K   K ... K   K   level
        |   |     |   |
        W   W ... W   W   dense(4)
        |   |     |   |
        X   X ... X   X   input(2)

    Shapes, without the batch:
        input x: (None, 2) float32
        output y: (None, 1)
    """
    x = keras.Input(shape=(None, 2), name="x")
    dense_w = layers.Dense(4, name="dense_w")(x)
    level_k = build_level(name="level_k")(dense_w)
    max_p = layers.Maximum()([level_k[:, ::2], level_k[:, 1::2]])
    level_l = build_level(name="level_l")(max_p)
    upsampled = layers.UpSampling1D(2)(level_l)
    add_j = layers.Add()([level_k, upsampled])
    y = layers.Dense(1, name="dense_y")(add_j)
    return keras.Model(inputs=x, outputs=y, name="u_net_halves")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
