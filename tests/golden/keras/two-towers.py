"""Keras model two-towers: many-to-one, shared weights."""

import keras
from keras import layers


def build_tower(name: str = "tower") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``v``.

                V
                |
        H H ... H   lstm(16)
        | |     |
        W W ... W   embedding(8)
        | |     |
        X X ... X   tokens(100)

    Shapes, without the batch:
        input x: (None,) int32
        output v: (16,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="x"),
            layers.Embedding(100, 8, name="embedding_w"),
            layers.LSTM(16, name="lstm_h"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    """Build a model that maps sequences ``first`` and ``second`` to a vector ``y``.

                Y
                |
            +---+---+
            |       |
            T       T
            |       |
        +-+-+   +-+-+
        | | |   | | |
        X X X   Z Z Z

        X = tokens(100, name=first)
        Z = tokens(100, name=second)
        T = tower
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input first: (3,) int32
        input second: (3,) int32
        output y: (1,)
    """
    first = keras.Input(shape=(3,), dtype="int32", name="first")
    second = keras.Input(shape=(3,), dtype="int32", name="second")
    tower_t_layer = build_tower(name="tower_t")
    tower_t_1 = tower_t_layer(first)
    tower_t_2 = tower_t_layer(second)
    joined = layers.Concatenate()([tower_t_1, tower_t_2])
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(joined)
    return keras.Model(inputs=[first, second], outputs=y, name="two_towers")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
