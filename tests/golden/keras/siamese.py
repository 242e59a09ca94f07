"""Keras model siamese: many-to-one, shared weights."""

import keras  # type: ignore[import-untyped]
from keras import layers, ops


def build_model() -> keras.Model:
    """Build the model.

                  Y
                  |
            +-----+-----+
            |           |
        L-L-L       L-L-L
        | | |       | | |
        X X X       Z Z Z

        X = input(8)
        Z = input(8)
        L = lstm(16)
        Y = dense(1, sigmoid)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 8) float32
        output y: (1,)
    """
    x = keras.Input(shape=(3, 8), name="x")
    z = keras.Input(shape=(3, 8), name="z")
    joined = layers.Concatenate(axis=1)([x, z])
    # The 2 chains run as one batch.
    chains = ops.reshape(joined, (-1, 3, 8))
    lstm_l = layers.LSTM(16, name="lstm_l")(chains)
    lstm_l_finals = ops.reshape(lstm_l, (-1, 2, 16))
    flat = layers.Flatten()(lstm_l_finals)
    dense_y = layers.Dense(1, activation="sigmoid", name="dense_y")(flat)
    return keras.Model(inputs=[x, z], outputs=dense_y, name="siamese")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
