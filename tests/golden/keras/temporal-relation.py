"""Keras model temporal-relation: many-to-one."""

import keras
from keras import layers


def build_relation(name: str = "relation") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``v``.

          V   dense(5, relu)
          |
        +-+
        | |
        X X   input(4)

    Shapes, without the batch:
        input x: (2, 4) float32
        output v: (5,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(2, 4), name="x"),
            layers.Flatten(),
            layers.Dense(5, activation="relu", name="dense_v"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

            Y       dense(3, softmax)
            |
            A       add
            |
          +-+-+
          |   |
          R   R     relation
         / \ / \
        M   M   M   mean(grid)
        |   |   |
        C   C   C   conv2d(4, 3, relu)
        |   |   |
        X   X   X   input(6, 6, 3, name=frames)

    Shapes, without the batch:
        input frames: (3, 6, 6, 3) float32
        output y: (3,)
    """
    frames = keras.Input(shape=(3, 6, 6, 3), name="frames")
    conv2d_c = layers.TimeDistributed(
        layers.Conv2D(4, 3, padding="same", activation="relu"),
        name="conv2d_c",
    )(frames)
    pooled_m = layers.TimeDistributed(
        layers.GlobalAveragePooling2D(),
        name="pooled_m",
    )(conv2d_c)
    repeated = layers.RepeatVector(1)(pooled_m[:, 0])
    repeated_2 = layers.RepeatVector(1)(pooled_m[:, 1])
    joined = layers.Concatenate(axis=1)([repeated, repeated_2])
    relation_r_layer = build_relation(name="relation_r")
    relation_r_1 = relation_r_layer(joined)
    repeated_3 = layers.RepeatVector(1)(pooled_m[:, -1])
    joined_2 = layers.Concatenate(axis=1)([repeated_2, repeated_3])
    relation_r_2 = relation_r_layer(joined_2)
    add_a = layers.Add()([relation_r_1, relation_r_2])
    y = layers.Dense(3, activation="softmax", name="dense_y")(add_a)
    return keras.Model(inputs=frames, outputs=y, name="temporal_relation")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
