"""Keras model sentences-as-inputs: many-to-one, stacked 2, shared weights."""

import keras  # type: ignore[import-untyped]
from keras import layers, ops


def build_model() -> keras.Model:
    """Build the model.

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
    joined = layers.Concatenate(axis=1)([first, second, third])
    # The 3 chains run as one batch.
    chains = ops.reshape(joined, (-1, 3, 8))
    sentence = layers.GRU(10, name="sentence")(chains)
    sentence_finals = ops.reshape(sentence, (-1, 3, 10))
    document = layers.GRU(12, name="document")(sentence_finals)
    dense_y = layers.Dense(2, activation="softmax", name="dense_y")(document)
    return keras.Model(
        inputs=[first, second, third],
        outputs=dense_y,
        name="sentences_as_inputs",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
