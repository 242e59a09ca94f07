"""Keras model tagger-masked: many-to-many aligned, bidirectional, masked, variable length."""

import keras  # type: ignore[import-untyped]
from keras import layers, ops


def build_model() -> keras.Model:
    """Build the model.

        T ... T T   dense(5, softmax, name=tags)
        |     | |
        H=...=H=H   gru(8)
        |     | |
        W ... W W   embedding(6, mask=true)
        |     | |
        X ... X X   tokens(30, name=words)

    Shapes, without the batch:
        input words: (any,) int32
        output tags: (any, 5)
    """
    words = keras.Input(shape=(None,), dtype="int32", name="words")
    mask = ops.not_equal(words, 0)
    embedding_w = layers.Embedding(30, 6, name="embedding_w")(words)
    gru_h = layers.Bidirectional(
        layers.GRU(8, return_sequences=True, zero_output_for_mask=True),
        name="gru_h",
    )(embedding_w, mask=mask)
    tags = layers.Dense(5, activation="softmax", name="tags")(gru_h)
    tags = ops.where(mask[..., None], tags, 0.0)
    return keras.Model(inputs=words, outputs=tags, name="tagger_masked")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("tags", model.output_shape)
