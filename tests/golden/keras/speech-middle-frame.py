"""Keras model speech-middle-frame: many-to-one, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

              Y         dense(12, softmax)
              |
        H=H=H=H=H=H=H   lstm(8)
        | | | | | | |
        X X X X X X X   input(13)

    Shapes, without the batch:
        input x: (7, 13) float32
        output y: (12,)
    """
    x = keras.Input(shape=(7, 13), name="x")
    lstm_h = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True),
        name="lstm_h",
    )(x)
    y = layers.Dense(12, activation="softmax", name="dense_y")(lstm_h[:, 3])
    return keras.Model(inputs=x, outputs=y, name="speech_middle_frame")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
