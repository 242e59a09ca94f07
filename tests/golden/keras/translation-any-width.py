"""Keras model translation-any-width: encoder-decoder, bidirectional, state handoff."""

import keras
from keras import layers


def build_model(units: int = 8, words: int = 30) -> keras.Model:
    """Build a model that maps sequences ``s`` and ``t`` to a sequence ``y``.

                  Y Y Y
                  | | |
        E=E=E=E---D-D-D
        | | | |   | | |
        W W W W   V V V
        | | | |   | | |
        S S S S   T T T

        S = tokens(40)
        T = tokens(words)
        W = embedding(units)
        V = embedding(units)
        E = lstm(units)
        D = lstm(2 * units)
        Y = dense(words, softmax)
        units = 8
        words = 30

    Shapes, without the batch:
        input s: (4,) int32
        input t: (3,) int32
        output y: (3, words)
    """
    s = keras.Input(shape=(4,), dtype="int32", name="s")
    t = keras.Input(shape=(3,), dtype="int32", name="t")
    embedding_w = layers.Embedding(40, units, name="embedding_w")(s)
    embedding_v = layers.Embedding(words, units, name="embedding_v")(t)
    _, forward_h, forward_c, backward_h, backward_c = layers.Bidirectional(
        layers.LSTM(units, return_state=True),
        name="lstm_e",
    )(embedding_w)
    lstm_d = layers.LSTM(2 * units, return_sequences=True, name="lstm_d")(
        embedding_v,
        initial_state=[
            layers.Concatenate()([forward_h, backward_h]),
            layers.Concatenate()([forward_c, backward_c]),
        ],
    )
    y = layers.Dense(words, activation="softmax", name="dense_y")(lstm_d)
    return keras.Model(inputs=[s, t], outputs=y, name="translation_any_width")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
