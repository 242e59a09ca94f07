"""Keras model label-to-sequence: one-to-many."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a token ``label`` to a sequence ``y``.

        Y Y Y Y Y   dense(6, softmax)
        | | | | |
        D-D-D-D-D   lstm(12)
        | | | | |
        +-+-+-+-+
        |
        W           embedding(8)
        |
        X           tokens(10, name=label)

    Shapes, without the batch:
        input label: () int32
        output y: (5, 6)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(), dtype="int32", name="label"),
            layers.Embedding(10, 8, name="embedding_w"),
            layers.RepeatVector(5),
            layers.LSTM(12, return_sequences=True, name="lstm_d"),
            layers.Dense(6, activation="softmax", name="dense_y"),
        ],
        name="label_to_sequence",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
