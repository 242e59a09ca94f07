"""Keras model items-of-a-pair: one-to-one."""

import keras
from keras import layers


def build_item(name: str = "item") -> keras.Model:
    """Build a model that maps a vector ``x`` to a vector ``v``.

        V   dense(4, tanh)
        |
        D   dense(8, relu)
        |
        X   input(6)

    Shapes, without the batch:
        input x: (6,) float32
        output v: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6,), name="x"),
            layers.Dense(8, activation="relu", name="dense_d"),
            layers.Dense(4, activation="tanh", name="dense_v"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    """Build a model that maps vectors ``user`` and ``item`` to a vector ``y``.

          Y
          |
        +-+-+
        |   |
        T   T
        |   |
        X   Z

        X = input(6, name=user)
        Z = input(6, name=item)
        T = item
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input user: (6,) float32
        input item: (6,) float32
        output y: (1,)
    """
    user = keras.Input(shape=(6,), name="user")
    item = keras.Input(shape=(6,), name="item")
    repeated = layers.RepeatVector(1)(user)
    repeated_2 = layers.RepeatVector(1)(item)
    joined = layers.Concatenate(axis=1)([repeated, repeated_2])
    item_t = layers.TimeDistributed(build_item(name="item_t"))(joined)
    flat = layers.Flatten()(item_t)
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(flat)
    return keras.Model(inputs=[user, item], outputs=y, name="items_of_a_pair")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
