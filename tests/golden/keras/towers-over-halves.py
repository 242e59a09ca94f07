"""Keras model towers-over-halves: many-to-one."""

import keras
from keras import layers


def build_recording(name: str = "recording") -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``v``.

              V   dense(4, relu)
              |
        H H H H   lstm(5)
        | | | |
        X X X X   input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output v: (4,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(4, 3), name="x"),
            layers.LSTM(5, name="lstm_h"),
            layers.Dense(4, activation="relu", name="dense_v"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

              Y
              |
          +---+---+
          |       |
          T       T
          |       |
        +-+-+-+ +-+-+-+
        | | | | | | | |
        X X X X X X X X

        X = input(3)
        T = recording
        Y = dense(2, softmax)

    Shapes, without the batch:
        input x: (8, 3) float32
        output y: (2,)
    """
    x = keras.Input(shape=(8, 3), name="x")
    cropped = layers.Cropping1D((0, 4))(x)
    recording_t_layer = build_recording(name="recording_t")
    recording_t_1 = recording_t_layer(cropped)
    cropped_2 = layers.Cropping1D((4, 0))(x)
    recording_t_2 = recording_t_layer(cropped_2)
    joined = layers.Concatenate()([recording_t_1, recording_t_2])
    y = layers.Dense(2, activation="softmax", name="dense_y")(joined)
    return keras.Model(inputs=x, outputs=y, name="towers_over_halves")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
