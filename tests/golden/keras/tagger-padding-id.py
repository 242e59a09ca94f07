"""Keras model tagger-padding-id: many-to-many aligned, bidirectional, masked, variable length."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ZeroMasked(layers.Layer):
    """Zero the padded steps of a sequence; its mask goes on with it."""

    def __init__(self, **kwargs: object) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True

    def call(
        self, x: keras.KerasTensor, mask: keras.KerasTensor | None = None
    ) -> keras.KerasTensor:
        return x if mask is None else ops.where(mask[..., None], x, 0.0)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        Y Y ... Y   dense(5, softmax)
        | |     |
        H=H=...=H   lstm(4)
        | |     |
        E E ... E   embedding(6)
        | |     |
        X X ... X   tokens(30, mask=1)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 5)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    mask = ops.not_equal(x, 1)
    embedding_e = layers.Embedding(30, 6, name="embedding_e")(x)
    lstm_h = layers.Bidirectional(
        layers.LSTM(
            4,
            return_sequences=True,
            zero_output_for_mask=True,
            use_cudnn=False,
        ),
        name="lstm_h",
    )(embedding_e, mask=mask)
    y = layers.Dense(5, activation="softmax", name="dense_y")(lstm_h)
    y = ZeroMasked()(y, mask=mask)
    return keras.Model(inputs=x, outputs=y, name="tagger_padding_id")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
