"""Keras model words-to-sentences: many-to-one, stacked 2."""

import keras  # type: ignore[import-untyped]
from keras import layers


def build_model() -> keras.Model:
    """Build the model.

                    Y   dense(2, softmax)
                    |
            S-------S   gru(12, name=sentences)
            |       |
        H-H-H   H-H-H   gru(10, name=words)
        | | |   | | |
        W W W   W W W   embedding(8)
        | | |   | | |
        X X X   X X X   tokens(30)

    Shapes, without the batch:
        input x: (6,) int32
        output y: (2,)
    """
    x = keras.Input(shape=(6,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 8, name="embedding_w")(x)
    cropped = layers.Cropping1D((0, 3))(embedding_w)
    words_layer = layers.GRU(10, return_sequences=True, name="words")
    words_1 = words_layer(cropped)
    cropped_2 = layers.Cropping1D((3, 0))(embedding_w)
    words_2 = words_layer(cropped_2)
    cropped_3 = layers.Cropping1D((2, 0))(words_1)
    cropped_4 = layers.Cropping1D((2, 0))(words_2)
    joined = layers.Concatenate(axis=1)([cropped_3, cropped_4])
    sentences = layers.GRU(12, name="sentences")(joined)
    dense_y = layers.Dense(2, activation="softmax", name="dense_y")(sentences)
    return keras.Model(inputs=x, outputs=dense_y, name="words_to_sentences")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
