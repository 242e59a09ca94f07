"""Keras model translation-stacked: encoder-decoder, stacked 2, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                Y Y Y
                | | |
        F-F-F---Q-Q-Q
        | | |   | | |
        E-E-E---D-D-D
        | | |   | | |
        M M M   N N N
        | | |   | | |
        X X X   Z Z Z

        X = tokens(20, name=source)
        Z = tokens(25, name=target)
        M = embedding(8)
        N = embedding(8)
        E = lstm(12)
        D = lstm(12)
        F = lstm(10)
        Q = lstm(10)
        Y = dense(25, softmax)

    Shapes, without the batch:
        input source: (3,) int32
        input target: (3,) int32
        output y: (3, 25)
    """
    source = keras.Input(shape=(3,), dtype="int32", name="source")
    target = keras.Input(shape=(3,), dtype="int32", name="target")
    embedding_m = layers.Embedding(20, 8, name="embedding_m")(source)
    embedding_n = layers.Embedding(25, 8, name="embedding_n")(target)
    lstm_e, *lstm_e_state = layers.LSTM(
        12,
        return_sequences=True,
        return_state=True,
        name="lstm_e",
    )(embedding_m)
    lstm_d = layers.LSTM(
        12,
        return_sequences=True,
        name="lstm_d",
    )(embedding_n, initial_state=lstm_e_state)
    _, *lstm_f_state = layers.LSTM(10, return_state=True, name="lstm_f")(lstm_e)
    lstm_q = layers.LSTM(
        10,
        return_sequences=True,
        name="lstm_q",
    )(lstm_d, initial_state=lstm_f_state)
    y = layers.Dense(25, activation="softmax", name="dense_y")(lstm_q)
    return keras.Model(inputs=[source, target], outputs=y, name="translation_stacked")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
