"""Keras model captcha-columns: one-to-many, bidirectional."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a grid ``image`` to a sequence ``y``.

        Y Y Y Y   dense(9, softmax)
        | | | |
        H=H=H=H   lstm(6)
        | | | |
        W W W W   dense(8, relu)
        | | | |
        F F F F   flatten
        | | | |
        S S S S   split
        | | | |
        +-+-+-+
        |
        P         maxpool2d(2)
        |
        C         conv2d(4, 3, relu)
        |
        X         input(6, 8, 1, name=image)

    Shapes, without the batch:
        input image: (6, 8, 1) float32
        output y: (4, 9)
    """
    image = keras.Input(shape=(6, 8, 1), name="image")
    conv2d_c = layers.Conv2D(
        4,
        3,
        padding="same",
        activation="relu",
        name="conv2d_c",
    )(image)
    pooled_p = layers.MaxPooling2D(2, name="pooled_p")(conv2d_c)
    split_s = ops.stack(ops.split(pooled_p, 4, axis=-2), axis=1)
    flat_f = layers.TimeDistributed(layers.Flatten(), name="flat_f")(split_s)
    dense_w = layers.Dense(8, activation="relu", name="dense_w")(flat_f)
    lstm_h = layers.Bidirectional(
        layers.LSTM(6, return_sequences=True),
        name="lstm_h",
    )(dense_w)
    y = layers.Dense(9, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(inputs=image, outputs=y, name="captcha_columns")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
