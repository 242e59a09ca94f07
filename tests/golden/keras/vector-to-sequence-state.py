"""Keras model vector-to-sequence-state: one-to-many."""

import keras
from keras import layers, ops


def build_model() -> keras.Model:
    """Build a model that maps a vector ``conditions`` to a sequence ``y``.

            Y Y Y Y   dense(3)
            | | | |
        +---D-D-D-D   gru(12)
        |
        F             dense(12, tanh)
        |
        X             input(5, name=conditions)

    Shapes, without the batch:
        input conditions: (5,) float32
        output y: (4, 3)
    """
    conditions = keras.Input(shape=(5,), name="conditions")
    dense_f = layers.Dense(12, activation="tanh", name="dense_f")(conditions)
    # Nothing is read at these steps: zeros, for as many samples as there are.
    zeros = layers.RepeatVector(4)(ops.zeros_like(dense_f[:, :1]))
    gru_d = layers.GRU(
        12,
        return_sequences=True,
        name="gru_d",
    )(zeros, initial_state=[dense_f])
    y = layers.Dense(3, name="dense_y")(gru_d)
    return keras.Model(inputs=conditions, outputs=y, name="vector_to_sequence_state")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
