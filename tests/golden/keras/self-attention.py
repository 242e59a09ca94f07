"""Keras model self-attention: many-to-many aligned, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y Y Y   dense(5)
        | | | |
        A A A A   attention(heads=2)
        | | | |
        +-+-+-+
        | | | |
        X X X X   input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (4, 5)
    """
    x = keras.Input(shape=(4, 8), name="x")
    attention_a = layers.MultiHeadAttention(2, key_dim=4, name="attention_a")(x, x)
    y = layers.Dense(5, name="dense_y")(attention_a)
    return keras.Model(inputs=x, outputs=y, name="self_attention")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
