"""Keras model tagger-right-to-left: many-to-many aligned."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``tags``.

        T T T T T   dense(4, softmax, name=tags)
        | | | | |
        H<H<H<H<H   gru(12)
        | | | | |
        X X X X X   input(8)

    Shapes, without the batch:
        input x: (5, 8) float32
        output tags: (5, 4)
    """
    x = keras.Input(shape=(5, 8), name="x")
    gru_h = layers.GRU(12, return_sequences=True, go_backwards=True, name="gru_h")(x)
    # Computed from the last step to the first; in order again.
    gru_h = ops.flip(gru_h, axis=1)
    tags = layers.Dense(4, activation="softmax", name="tags")(gru_h)
    return keras.Model(inputs=x, outputs=tags, name="tagger_right_to_left")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
