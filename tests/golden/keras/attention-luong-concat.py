"""Keras model attention-luong-concat: encoder-decoder, attention, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                    Y     Y     Y     dense(9, softmax)
                    |     |     |
                    T     T     T     dense(10, tanh)
                    |\    |\    |\
                    C |   C |   C |   attention
                   /| |  /| |  /| |
        +-+-+-----+-|-|-+-|-|-+ | |
        | | |       |/    |/    |/
        E-E-E-------D-----D-----D
        | | |       |     |     |
        X X X       Z     Z     Z

        X = input(8)
        Z = input(6)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """
    x = keras.Input(shape=(3, 8), name="x")
    z = keras.Input(shape=(3, 6), name="z")
    encoder, *encoder_state = layers.GRU(
        12,
        return_sequences=True,
        return_state=True,
        name="encoder",
    )(x)
    decoder = layers.GRU(
        12,
        return_sequences=True,
        name="decoder",
    )(z, initial_state=encoder_state)
    attention_c = layers.Attention(name="attention_c")([decoder, encoder])
    joined = layers.Concatenate()([attention_c, decoder])
    dense_t = layers.Dense(10, activation="tanh", name="dense_t")(joined)
    y = layers.Dense(9, activation="softmax", name="dense_y")(dense_t)
    return keras.Model(inputs=[x, z], outputs=y, name="attention_luong_concat")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
