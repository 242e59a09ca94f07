"""Keras model tagger-window: many-to-many aligned, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``words`` to a sequence ``tags``.

        T    T    T    T    T   dense(4, softmax, name=tags)
        |    |    |    |    |
        H    H    H    H    H   dense(16, tanh)
        |\  /|\  /|\  /|\  /|
        | \/ | \/ | \/ | \/ |
        | /\ | /\ | /\ | /\ |
        |/  \|/  \|/  \|/  \|
        W    W    W    W    W   embedding(8)
        |    |    |    |    |
        X    X    X    X    X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (5,) int32
        output tags: (5, 4)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), dtype="int32", name="words"),
            layers.Embedding(30, 8, name="embedding_w"),
            layers.Conv1D(16, 3, padding="same", activation="tanh", name="conv_h"),
            layers.Dense(4, activation="softmax", name="tags"),
        ],
        name="tagger_window",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
