"""Keras model autoencoder-reversed-state: encoder-decoder, state handoff."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y Y Y       dense(3)
        | | | |
        D<D<D<D---+   lstm(8, name=decoder)
                  |
        E-E-E-E---+   lstm(8, name=encoder)
        | | | |
        X X X X       input(3)

    Shapes, without the batch:
        input x: (4, 3) float32
        output y: (4, 3)
    """
    x = keras.Input(shape=(4, 3), name="x")
    encoder, state_h, state_c = layers.LSTM(8, return_state=True, name="encoder")(x)
    # Nothing is read at these steps: zeros, for as many samples as there are.
    zeros = layers.RepeatVector(4)(ops.zeros_like(encoder[:, :1]))
    decoder = layers.LSTM(
        8,
        return_sequences=True,
        go_backwards=True,
        name="decoder",
    )(zeros, initial_state=[state_h, state_c])
    # Computed from the last step to the first; in order again.
    decoder = ops.flip(decoder, axis=1)
    y = layers.Dense(3, name="dense_y")(decoder)
    return keras.Model(inputs=x, outputs=y, name="autoencoder_reversed_state")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
