"""Keras model entailment-decomposable: many-to-one, attention."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a vector.

                      Y         dense(3, softmax)
                      |
                      H         dense(6, relu)
                      |
            +---------+---+
            |             |
            U             V
            |             |
        +---+---+     +---+
        |   |   |     |   |
        A   A   A     B   B
        |\  |\  |\    |\  |\
        C | C | C |   D | D |
        |/  |/  |/    |/  |/
        P   P   P     Q   Q
        |   |   |     |   |
        X   X   X     Z   Z

        X = input(5, name=premise)
        Z = input(5, name=hypothesis)
        P = dense(6, relu)
        Q = dense(6, relu)
        C = attention(Q)
        D = attention(P)
        A = dense(7, relu)
        B = dense(7, relu)
        U = add
        V = add

    Shapes, without the batch:
        input premise: (3, 5) float32
        input hypothesis: (2, 5) float32
        output y: (3,)
    """
    premise = keras.Input(shape=(3, 5), name="premise")
    hypothesis = keras.Input(shape=(2, 5), name="hypothesis")
    dense_p = layers.Dense(6, activation="relu", name="dense_p")(premise)
    dense_q = layers.Dense(6, activation="relu", name="dense_q")(hypothesis)
    attention_c = layers.Attention(name="attention_c")([dense_p, dense_q])
    attention_d = layers.Attention(name="attention_d")([dense_q, dense_p])
    joined = layers.Concatenate()([attention_c, dense_p])
    dense_a = layers.Dense(7, activation="relu", name="dense_a")(joined)
    joined_2 = layers.Concatenate()([attention_d, dense_q])
    dense_b = layers.Dense(7, activation="relu", name="dense_b")(joined_2)
    add_u = ops.sum(dense_a, axis=1)
    add_v = ops.sum(dense_b, axis=1)
    joined_3 = layers.Concatenate()([add_u, add_v])
    dense_h = layers.Dense(6, activation="relu", name="dense_h")(joined_3)
    y = layers.Dense(3, activation="softmax", name="dense_y")(dense_h)
    return keras.Model(
        inputs=[premise, hypothesis],
        outputs=y,
        name="entailment_decomposable",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
