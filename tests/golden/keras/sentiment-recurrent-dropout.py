"""Keras model sentiment-recurrent-dropout: many-to-one, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class OneMaskLSTMCell(layers.LSTMCell):
    """Drop the same features for all gates; ``layers.LSTMCell`` draws a mask for each."""

    def __init__(self, units: int, **options: object) -> None:
        super().__init__(units, implementation=1, **options)
        self.dropout_mask_count = 1

    def get_dropout_mask(
        self, step_input: keras.KerasTensor
    ) -> list[keras.KerasTensor]:
        return (super().get_dropout_mask(step_input) or []) * 4

    def get_recurrent_dropout_mask(
        self, step_input: keras.KerasTensor
    ) -> list[keras.KerasTensor]:
        return (super().get_recurrent_dropout_mask(step_input) or []) * 4


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                Y   dense(1, sigmoid)
                |
        H-H-...-H   lstm(6, dropout=0.2, recurrent_dropout=0.2)
        | |     |
        W W ... W   embedding(5, mask=true)
        | |     |
        X X ... X   tokens(20)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (1,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(20, 5, name="embedding_w")(x)
    lstm_h = layers.RNN(
        OneMaskLSTMCell(6, dropout=0.2, recurrent_dropout=0.2),
        name="lstm_h",
    )(embedding_w, mask=mask)
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="sentiment_recurrent_dropout")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
