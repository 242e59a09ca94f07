"""Keras model forecast-lstnet: many-to-one, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a vector ``y``.

                            Y
                            |\
                            | \
                            L  \
                            |\  |
              S-------S-----|-S |
              |       |     | | |
        H---H-|-H---H-|-H---H | |
        |   |/  |   |/  |   |/  |
        C   C   C   C   C   C   A
        |   |   |   |   |   |   |
        |   |   |   | +-|-+-|-+-+
        |   |   |   |/  |/  |/
        X   X   X   X   X   X

        X = input(2)
        C = conv(5, 3, relu, padding=causal)
        H = gru(5, name=recurrent)
        S = gru(4, name=skipping)
        A = dense(2, name=linear)
        L = dense(2)
        Y = add

    Shapes, without the batch:
        input x: (6, 2) float32
        output y: (2,)
    """
    x = keras.Input(shape=(6, 2), name="x")
    conv_c = layers.Conv1D(5, 3, padding="causal", activation="relu", name="conv_c")(x)
    cropped = layers.Cropping1D((3, 0))(x)
    flat = layers.Flatten()(cropped)
    linear = layers.Dense(2, name="linear")(flat)
    recurrent = layers.GRU(5, name="recurrent")(conv_c)
    skipping = layers.GRU(4, name="skipping")(conv_c[:, 1::2])
    joined = layers.Concatenate()([recurrent, skipping])
    dense_l = layers.Dense(2, name="dense_l")(joined)
    y = layers.Add()([dense_l, linear])
    return keras.Model(inputs=x, outputs=y, name="forecast_lstnet")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
