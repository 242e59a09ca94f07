"""Keras model tags-read-again: graph, stacked 2, bidirectional, masked, variable length."""

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
    """Build a model that maps a sequence to a sequence and a vector.

                          I
                          |
          G   G   ...     G
          |   |           |
          V   V   ...     V
          |   |           |
          C   C   ...     C
          |   |           |
        T | T |   ...   T |
        |/  |/          |/
        S   S     ...   S
        |   |           |
        H===H=====...===H
        |   |           |
        W   W     ...   W
        |   |           |
        X   X     ...   X

        X = tokens(200)
        W = embedding(16, mask=true)
        H = gru(12)
        S = dense(9, softmax)
        T = output(name=tags)
        C = argmax
        V = embedding(6)
        G = gru(8)
        I = dense(5, softmax, name=intent)

    Shapes, without the batch:
        input x: (None,) int32
        output tags: (None, 9)
        output intent: (5,)
    """
    x = keras.Input(shape=(None,), dtype="int32", name="x")
    mask = ops.not_equal(x, 0)
    embedding_w = layers.Embedding(200, 16, mask_zero=True, name="embedding_w")(x)
    gru_h = layers.Bidirectional(
        layers.GRU(
            12,
            return_sequences=True,
            zero_output_for_mask=True,
            use_cudnn=False,
        ),
        name="gru_h",
    )(embedding_w)
    dense_s = layers.Dense(9, activation="softmax", name="dense_s")(gru_h)
    dense_s = ZeroMasked()(dense_s)
    tags = layers.Identity(name="tags")(dense_s)
    ids_c = ops.argmax(dense_s, axis=-1)
    ids_c = ops.where(mask, ids_c, 0)
    embedding_v = layers.Embedding(9, 6, name="embedding_v")(ids_c)
    gru_g = layers.GRU(8, use_cudnn=False, name="gru_g")(embedding_v, mask=mask)
    intent = layers.Dense(5, activation="softmax", name="intent")(gru_g)
    return keras.Model(inputs=x, outputs=[tags, intent], name="tags_read_again")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["tags", "intent"], model.output_shape, strict=True):
        print(name, shape)
