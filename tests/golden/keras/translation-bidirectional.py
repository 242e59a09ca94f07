"""Keras model translation-bidirectional: encoder-decoder, bidirectional, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                Y Y Y
                | | |
        E=E=E=E-D-D-D
        | | | | | | |
        X X X X Z Z Z

        X = input(8, name=source)
        Z = input(7, name=target)
        E = lstm(6, name=encoder)
        D = lstm(12, name=decoder)
        Y = dense(9, softmax)

    Shapes, without the batch:
        input source: (4, 8) float32
        input target: (3, 7) float32
        output y: (3, 9)
    """
    source = keras.Input(shape=(4, 8), name="source")
    target = keras.Input(shape=(3, 7), name="target")
    _, forward_h, forward_c, backward_h, backward_c = layers.Bidirectional(
        layers.LSTM(6, return_state=True),
        name="encoder",
    )(source)
    decoder = layers.LSTM(12, return_sequences=True, name="decoder")(
        target,
        initial_state=[
            layers.Concatenate()([forward_h, backward_h]),
            layers.Concatenate()([forward_c, backward_c]),
        ],
    )
    y = layers.Dense(9, activation="softmax", name="dense_y")(decoder)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="translation_bidirectional",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
