"""Keras model pyramidal-free-length: graph, bidirectional, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``y``.

          Y   ...   Y     dense(10, softmax)
          |         |
          P===...===P     gru(8)
         / \       / \
        X   X ... X   X   input(6)

    Shapes, without the batch:
        input x: (None, 6) float32
        output y: (None, 10)
    """
    x = keras.Input(shape=(None, 6), name="x")
    joined = layers.Concatenate()([x[:, ::2], x[:, 1::2]])
    gru_p = layers.Bidirectional(
        layers.GRU(8, return_sequences=True),
        name="gru_p",
    )(joined)
    y = layers.Dense(10, activation="softmax", name="dense_y")(gru_p)
    return keras.Model(inputs=x, outputs=y, name="pyramidal_free_length")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
