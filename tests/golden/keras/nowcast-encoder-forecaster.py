"""Keras model nowcast-encoder-forecaster: encoder-decoder, state handoff."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence of grids to a sequence of grids.

                Y Y Y   conv2d(1, 1)
                | | |
        E-E-E-E-D-D-D
        | | | |
        X X X X

        X = input(5, 5, 1, name=radar)
        E = convlstm(4, 3)
        D = convlstm(4, 3)

    Shapes, without the batch:
        input radar: (4, 5, 5, 1) float32
        output y: (3, 5, 5, 1)
    """
    radar = keras.Input(shape=(4, 5, 5, 1), name="radar")
    convlstm_e, state_h, state_c = layers.ConvLSTM2D(
        4,
        3,
        padding="same",
        return_state=True,
        name="convlstm_e",
    )(radar)
    # Nothing is read at these steps: zeros, for as many samples as there are.
    zeros = ops.tile(
        ops.expand_dims(ops.zeros_like(convlstm_e[:, :1, :1, :1]), 1),
        (1, 3, 5, 5, 1),
    )
    convlstm_d = layers.ConvLSTM2D(
        4,
        3,
        padding="same",
        return_sequences=True,
        name="convlstm_d",
    )(zeros, initial_state=[state_h, state_c])
    y = layers.TimeDistributed(
        layers.Conv2D(1, 1, padding="same"),
        name="conv2d_y",
    )(convlstm_d)
    return keras.Model(inputs=radar, outputs=y, name="nowcast_encoder_forecaster")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
