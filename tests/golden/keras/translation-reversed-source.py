"""Keras model translation-reversed-source: encoder-decoder, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                    Y Y Y   dense(9, softmax)
                    | | |
        +-----------D-D-D   lstm(12, name=decoder)
        |           | | |
        +---E<E<E   | | |   lstm(12, name=encoder)
            | | |   | | |
            X X X   Z Z Z

        X = input(8, name=source)
        Z = input(7, name=target)

    Shapes, without the batch:
        input source: (3, 8) float32
        input target: (3, 7) float32
        output y: (3, 9)
    """
    source = keras.Input(shape=(3, 8), name="source")
    target = keras.Input(shape=(3, 7), name="target")
    _, *encoder_state = layers.LSTM(
        12,
        return_state=True,
        go_backwards=True,
        name="encoder",
    )(source)
    decoder = layers.LSTM(
        12,
        return_sequences=True,
        name="decoder",
    )(target, initial_state=encoder_state)
    y = layers.Dense(9, activation="softmax", name="dense_y")(decoder)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="translation_reversed_source",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
