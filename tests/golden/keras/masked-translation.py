"""Keras model masked-translation: encoder-decoder, attention, state handoff, masked."""

import keras  # type: ignore[import-untyped]
from keras import layers, ops


def build_model() -> keras.Model:
    """Build the model.

                    Y   Y   Y   dense(9, softmax)
                    |   |   |
                    C   C   C   attention
                   /|  /|  /|
        +-+-+-+---+-|-+-|-+ |
        | | | |     |   |   |
        E-E-E-E-----D---D---D
        | | | |     |   |   |
        M M M M     |   |   |
        | | | |     |   |   |
        X X X X     Z   Z   Z

        X = tokens(20, name=source)
        M = embedding(8, mask=true)
        Z = input(6, name=target)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (4,) int32
        input target: (3, 6) float32
        output y: (3, 9)
    """
    source = keras.Input(shape=(4,), dtype="int32", name="source")
    target = keras.Input(shape=(3, 6), name="target")
    mask = ops.not_equal(source, 0)
    embedding_m = layers.Embedding(20, 8, name="embedding_m")(source)
    encoder, *encoder_state = layers.GRU(
        12,
        return_sequences=True,
        zero_output_for_mask=True,
        return_state=True,
        name="encoder",
    )(embedding_m, mask=mask)
    decoder = layers.GRU(
        12,
        return_sequences=True,
        name="decoder",
    )(target, initial_state=encoder_state)
    attention_c = layers.Attention(name="attention_c")(
        [decoder, encoder],
        mask=[None, mask],
    )
    dense_y = layers.Dense(9, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(
        inputs=[source, target],
        outputs=dense_y,
        name="masked_translation",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
