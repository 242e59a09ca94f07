"""Keras model attention-decoder: encoder-decoder, attention, state handoff."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``x`` and ``z`` to a sequence ``y``.

                  Y   Y   Y
                  |   |   |
                  C   C   C
                 /|  /|  /|
        +-+-+---+-|-+-|-+ |
        | | |     |   |   |
        E-E-E-----D---D---D
        | | |     |   |   |
        X X X     Z   Z   Z

        X = input(8)
        Z = input(6)
        E = gru(16)
        D = gru(16)
        C = attention
        Y = dense(9, softmax)

    Shapes, without the batch:
        input x: (3, 8) float32
        input z: (3, 6) float32
        output y: (3, 9)
    """
    x = keras.Input(shape=(3, 8), name="x")
    z = keras.Input(shape=(3, 6), name="z")
    gru_e, *gru_e_state = layers.GRU(
        16,
        return_sequences=True,
        return_state=True,
        name="gru_e",
    )(x)
    gru_d = layers.GRU(
        16,
        return_sequences=True,
        name="gru_d",
    )(z, initial_state=gru_e_state)
    attention_c = layers.Attention(name="attention_c")([gru_d, gru_e])
    y = layers.Dense(9, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(inputs=[x, z], outputs=y, name="attention_decoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
