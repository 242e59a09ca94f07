"""Keras model sentences-as-inputs: many-to-one, stacked 2, shared weights."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 3 sequences to a vector.

                            Y   dense(2, softmax)
                            |
            S-------S-------S   gru(12, name=document)
            |       |       |
        H-H-H   H-H-H   H-H-H
        | | |   | | |   | | |
        X X X   Z Z Z   V V V

        X = input(8, name=first)
        Z = input(8, name=second)
        V = input(8, name=third)
        H = gru(10, name=sentence)

    Shapes, without the batch:
        input first: (3, 8) float32
        input second: (3, 8) float32
        input third: (3, 8) float32
        output y: (2,)
    """
    first = keras.Input(shape=(3, 8), name="first")
    second = keras.Input(shape=(3, 8), name="second")
    third = keras.Input(shape=(3, 8), name="third")
    sentence_layer = layers.GRU(10, return_sequences=True, name="sentence")
    sentence_1 = sentence_layer(first)
    sentence_2 = sentence_layer(second)
    sentence_3 = sentence_layer(third)
    cropped = layers.Cropping1D((2, 0))(sentence_1)
    cropped_2 = layers.Cropping1D((2, 0))(sentence_2)
    cropped_3 = layers.Cropping1D((2, 0))(sentence_3)
    joined = layers.Concatenate(axis=1)([cropped, cropped_2, cropped_3])
    document = layers.GRU(12, name="document")(joined)
    y = layers.Dense(2, activation="softmax", name="dense_y")(document)
    return keras.Model(
        inputs=[first, second, third],
        outputs=y,
        name="sentences_as_inputs",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
