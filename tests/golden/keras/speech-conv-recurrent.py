"""Keras model speech-conv-recurrent: many-to-many aligned, stacked 2, bidirectional, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``spectrum`` to a sequence ``y``.

        Y Y Y Y Y Y   dense(11, softmax)
        | | | | | |
        G=G=G=G=G=G   gru(8)
        | | | | | |
        H=H=H=H=H=H   gru(8)
        | | | | | |
        B B B B B B   batchnorm
        | | | | | |
        F F F F F F   conv(10, 3, relu)
        | | | | | |
        X X X X X X   input(13, name=spectrum)

    Shapes, without the batch:
        input spectrum: (6, 13) float32
        output y: (6, 11)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 13), name="spectrum"),
            layers.Conv1D(10, 3, padding="same", activation="relu", name="conv_f"),
            layers.BatchNormalization(momentum=0.9, epsilon=1e-5, name="batchnorm_b"),
            layers.Bidirectional(layers.GRU(8, return_sequences=True), name="gru_h"),
            layers.Bidirectional(layers.GRU(8, return_sequences=True), name="gru_g"),
            layers.Dense(11, activation="softmax", name="dense_y"),
        ],
        name="speech_conv_recurrent",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
