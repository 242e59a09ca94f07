"""Keras model tcn-last-step: many-to-one, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                    Y   dense(3, softmax)
                    |
        G G G G G G G   conv(8, 3, relu, padding=causal, dilation=2)
        | | | | | | |
        F F F F F F F   conv(8, 3, relu, padding=causal)
        | | | | | | |
        X X X X X X X   input(2)

    Shapes, without the batch:
        input x: (7, 2) float32
        output y: (3,)
    """
    x = keras.Input(shape=(7, 2), name="x")
    conv_f = layers.Conv1D(8, 3, padding="causal", activation="relu", name="conv_f")(x)
    conv_g = layers.Conv1D(
        8,
        3,
        padding="causal",
        dilation_rate=2,
        activation="relu",
        name="conv_g",
    )(conv_f)
    y = layers.Dense(3, activation="softmax", name="dense_y")(conv_g[:, -1])
    return keras.Model(inputs=x, outputs=y, name="tcn_last_step")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
