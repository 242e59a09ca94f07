"""Keras model broken-chains: many-to-many aligned."""

import keras  # type: ignore[import-untyped]
from keras import layers


def build_model() -> keras.Model:
    """Build the model.

        Y Y Y Y Y Y   dense(4, softmax)
        | | | | | |
        H-H-H H-H-H   gru(8)
        | | | | | |
        X X X X X X   input(5)

    Shapes, without the batch:
        input x: (6, 5) float32
        output y: (6, 4)
    """
    x = keras.Input(shape=(6, 5), name="x")
    cropped = layers.Cropping1D((0, 3))(x)
    gru_h_layer = layers.GRU(8, return_sequences=True, name="gru_h")
    gru_h_1 = gru_h_layer(cropped)
    cropped_2 = layers.Cropping1D((3, 0))(x)
    gru_h_2 = gru_h_layer(cropped_2)
    joined = layers.Concatenate(axis=1)([gru_h_1, gru_h_2])
    dense_y = layers.Dense(4, activation="softmax", name="dense_y")(joined)
    return keras.Model(inputs=x, outputs=dense_y, name="broken_chains")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
