"""Keras model entailment-handoff: many-to-one, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a vector.

                      Y   dense(3, softmax)
                      |
        P-P-P-P---H-H-H
        | | | |   | | |
        X X X X   Z Z Z

        X = input(6, name=premise)
        Z = input(6, name=hypothesis)
        P = lstm(12)
        H = lstm(12)

    Shapes, without the batch:
        input premise: (4, 6) float32
        input hypothesis: (3, 6) float32
        output y: (3,)
    """
    premise = keras.Input(shape=(4, 6), name="premise")
    hypothesis = keras.Input(shape=(3, 6), name="hypothesis")
    _, *lstm_p_state = layers.LSTM(12, return_state=True, name="lstm_p")(premise)
    lstm_h = layers.LSTM(12, name="lstm_h")(hypothesis, initial_state=lstm_p_state)
    y = layers.Dense(3, activation="softmax", name="dense_y")(lstm_h)
    return keras.Model(
        inputs=[premise, hypothesis],
        outputs=y,
        name="entailment_handoff",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
