"""Keras model multi-task-intent-slots: graph, bidirectional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence to a sequence and a vector.

                    I   dense(5, softmax, name=intent)
                    |
        S S S S S   |
        | | | | |   |
        H=H=H=H=H---+   lstm(8)
        | | | | |
        W W W W W       embedding(10)
        | | | | |
        X X X X X       tokens(30)

        S = dense(7, softmax, name=slots)

    Shapes, without the batch:
        input x: (5,) int32
        output slots: (5, 7)
        output intent: (5,)
    """
    x = keras.Input(shape=(5,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 10, name="embedding_w")(x)
    lstm_h, forward_h, _, backward_h, _ = layers.Bidirectional(
        layers.LSTM(8, return_sequences=True, return_state=True),
        name="lstm_h",
    )(embedding_w)
    lstm_h_final = layers.Concatenate()([forward_h, backward_h])
    slots = layers.Dense(7, activation="softmax", name="slots")(lstm_h)
    intent = layers.Dense(5, activation="softmax", name="intent")(lstm_h_final)
    return keras.Model(
        inputs=x,
        outputs=[slots, intent],
        name="multi_task_intent_slots",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["slots", "intent"], model.output_shape, strict=True):
        print(name, shape)
