"""Keras model attention-free-lengths: encoder-decoder, attention, state handoff, variable length."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps 2 sequences to a sequence.

                    Y ..t.. Y   dense(9, softmax)
                    |       |
                    C  ...  C   attention
                   /|      /|
        +-------+-+-|-----+ |
        |       |   |       |
        E-..s..-E---D-..t..-D
        |       |   |       |
        X ..s.. X   Z ..t.. Z

        X = input(8, name=source)
        Z = input(7, name=target)
        E = gru(12, name=encoder)
        D = gru(12, name=decoder)

    Shapes, without the batch:
        input source: (s, 8) float32
        input target: (t, 7) float32
        output y: (t, 9)
    """
    source = keras.Input(shape=(None, 8), name="source")
    target = keras.Input(shape=(None, 7), name="target")
    encoder, *encoder_state = layers.GRU(
        12,
        return_sequences=True,
        return_state=True,
        name="encoder",
    )(source)
    decoder = layers.GRU(
        12,
        return_sequences=True,
        name="decoder",
    )(target, initial_state=encoder_state)
    attention_c = layers.Attention(name="attention_c")([decoder, encoder])
    y = layers.Dense(9, activation="softmax", name="dense_y")(attention_c)
    return keras.Model(
        inputs=[source, target],
        outputs=y,
        name="attention_free_lengths",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
