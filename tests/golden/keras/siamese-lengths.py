"""Keras model siamese-lengths: many-to-one, shared weights, masked."""

import keras
from keras import layers, ops


def steps_before(
    lengths: keras.KerasTensor, like: keras.KerasTensor
) -> keras.KerasTensor:
    """Which steps, (batch, steps) as ``like`` has, come before the length of their sample."""
    numbers = ops.cumsum(ops.ones_like(like, dtype="int32"), axis=1)
    return numbers <= ops.expand_dims(lengths, 1)


def build_model() -> keras.Model:
    """Build a model that maps sequences ``first`` and ``second`` to a vector ``y``.

              Y         dense(1, sigmoid)
              |
              P         multiply
              |
            +-+-----+
            |       |
        L-L-L   L-L-L   lstm(6, name=encoder)
        | | |   | | |
        W W W   W W W   embedding(5)
        | | |   | | |
        X X X   Z Z Z

        X = tokens(40, lengths=true, name=first)
        Z = tokens(40, lengths=true, name=second)

    Shapes, without the batch:
        input first: (3,) int32
        input second: (3,) int32
        input first_lengths: () int32, valid steps of first
        input second_lengths: () int32, valid steps of second
        output y: (1,)
    """
    first_lengths = keras.Input(shape=(), dtype="int32", name="first_lengths")
    second_lengths = keras.Input(shape=(), dtype="int32", name="second_lengths")
    first = keras.Input(shape=(3,), dtype="int32", name="first")
    mask = steps_before(first_lengths, first)
    second = keras.Input(shape=(3,), dtype="int32", name="second")
    mask_2 = steps_before(second_lengths, second)
    embedding_w_layer = layers.Embedding(40, 5, name="embedding_w")
    embedding_w_1 = embedding_w_layer(first)
    embedding_w_2 = embedding_w_layer(second)
    encoder_layer = layers.LSTM(6, name="encoder")
    encoder_1 = encoder_layer(embedding_w_1, mask=mask)
    encoder_2 = encoder_layer(embedding_w_2, mask=mask_2)
    multiply_p = layers.Multiply()([encoder_1, encoder_2])
    y = layers.Dense(1, activation="sigmoid", name="dense_y")(multiply_p)
    return keras.Model(
        inputs=[first, second, first_lengths, second_lengths],
        outputs=y,
        name="siamese_lengths",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
