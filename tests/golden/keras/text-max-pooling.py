"""Keras model text-max-pooling: many-to-one, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

            Y       dense(3, softmax)
            |
            M       max
            |
        +-+-+-+-+
        | | | | |
        H=H=H=H=H   lstm(8)
        | | | | |
        W W W W W   embedding(10)
        | | | | |
        X X X X X   tokens(30)

    Shapes, without the batch:
        input x: (5,) int32
        output y: (3,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), dtype="int32", name="x"),
            layers.Embedding(30, 10, name="embedding_w"),
            layers.Bidirectional(layers.LSTM(8, return_sequences=True), name="lstm_h"),
            layers.GlobalMaxPooling1D(),
            layers.Dense(3, activation="softmax", name="dense_y"),
        ],
        name="text_max_pooling",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
