"""Keras model attention-scaled: many-to-many aligned, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y Y Y   dense(5, softmax)
        | | | |
        A A A A   attention(scale=true, dropout=0.1)
        | | | |
        +-+-+-+
        | | | |
        P P P P   dense(8, tanh)
        | | | |
        X X X X   input(6)

    Shapes, without the batch:
        input x: (4, 6) float32
        output y: (4, 5)
    """
    x = keras.Input(shape=(4, 6), name="x")
    dense_p = layers.Dense(8, activation="tanh", name="dense_p")(x)
    attention_a = layers.Attention(
        dropout=0.1,
        name="attention_a",
    )([dense_p / 8**0.5, dense_p])
    y = layers.Dense(5, activation="softmax", name="dense_y")(attention_a)
    return keras.Model(inputs=x, outputs=y, name="attention_scaled")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
