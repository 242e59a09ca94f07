"""Keras model siamese-infersent: many-to-one, shared weights."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a vector.

                Y       dense(3, softmax)
                |
                D       dense(10, relu)
                |
            +---+---+
            |   |   |
            |   P   |   multiply
            |  / \  |
            | /   \ |
            |/     \|
        L-L-L   L-L-L   gru(8, name=encoder)
        | | |   | | |
        X X X   Z Z Z

        X = input(6, name=premise)
        Z = input(6, name=hypothesis)

    Shapes, without the batch:
        input premise: (3, 6) float32
        input hypothesis: (3, 6) float32
        output y: (3,)
    """
    premise = keras.Input(shape=(3, 6), name="premise")
    hypothesis = keras.Input(shape=(3, 6), name="hypothesis")
    encoder_layer = layers.GRU(8, name="encoder")
    encoder_1 = encoder_layer(premise)
    encoder_2 = encoder_layer(hypothesis)
    multiply_p = layers.Multiply()([encoder_1, encoder_2])
    joined = layers.Concatenate()([encoder_1, multiply_p, encoder_2])
    dense_d = layers.Dense(10, activation="relu", name="dense_d")(joined)
    y = layers.Dense(3, activation="softmax", name="dense_y")(dense_d)
    return keras.Model(
        inputs=[premise, hypothesis],
        outputs=y,
        name="siamese_infersent",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
