"""Keras model pyramidal-encoder: graph, stacked 3, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``q``.

              Q===============Q
             / \             / \
            /   \           /   \
           /     \         /     \
          P=======P=======P=======P
         / \     / \     / \     / \
        B===B===B===B===B===B===B===B
        |   |   |   |   |   |   |   |
        X   X   X   X   X   X   X   X

        X = input(6)
        B = lstm(3)
        P = lstm(5)
        Q = lstm(6)

    Shapes, without the batch:
        input x: (8, 6) float32
        output q: (2, 12)
    """
    x = keras.Input(shape=(8, 6), name="x")
    lstm_b = layers.Bidirectional(
        layers.LSTM(3, return_sequences=True),
        name="lstm_b",
    )(x)
    joined = layers.Concatenate()([lstm_b[:, ::2], lstm_b[:, 1::2]])
    lstm_p = layers.Bidirectional(
        layers.LSTM(5, return_sequences=True),
        name="lstm_p",
    )(joined)
    joined_2 = layers.Concatenate()([lstm_p[:, ::2], lstm_p[:, 1::2]])
    q = layers.Bidirectional(
        layers.LSTM(6, return_sequences=True),
        name="lstm_q",
    )(joined_2)
    return keras.Model(inputs=x, outputs=q, name="pyramidal_encoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("q", model.output_shape)
