"""Keras model span-ends: many-to-one, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

              Y       dense(5, softmax)
              |
          +---+-+
          |     |
        H=H=H=H=H=H   lstm(8)
        | | | | | |
        X X X X X X   input(7)

    Shapes, without the batch:
        input x: (6, 7) float32
        output y: (5,)
    """
    x = keras.Input(shape=(6, 7), name="x")
    lstm_h = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True),
        name="lstm_h",
    )(x)
    flat = layers.Flatten()(lstm_h[:, 1::3])
    y = layers.Dense(5, activation="softmax", name="dense_y")(flat)
    return keras.Model(inputs=x, outputs=y, name="span_ends")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
