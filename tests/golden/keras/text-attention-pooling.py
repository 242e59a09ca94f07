"""Keras model text-attention-pooling: many-to-one, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(2, softmax)
                |
                C   attention
               /|
        +-+-+-+ |
        | | | | |
        H-H-H-H-+   gru(12)
        | | | |
        X X X X     input(8)

    Shapes, without the batch:
        input x: (4, 8) float32
        output y: (2,)
    """
    x = keras.Input(shape=(4, 8), name="x")
    gru_h = layers.GRU(12, return_sequences=True, name="gru_h")(x)
    attention_c = layers.Attention(name="attention_c")(
        [layers.RepeatVector(1)(gru_h[:, -1]), gru_h],
    )[:, 0]
    y = layers.Dense(2, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=x, outputs=y, name="text_attention_pooling")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
