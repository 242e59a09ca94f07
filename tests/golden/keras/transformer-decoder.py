"""Keras model transformer-decoder: encoder-decoder, residual, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps 2 sequences to a sequence.

                    N     N     N     layernorm
                    |     |     |
                    B     B     B     add
                    |\    |\    |\
                    C |   C |   C |   attention(heads=2)
                   /| |  /| |  /| |
        +-+-+-----+-|-|-+-|-|-+ | |
        | | |       |/    |/    |/
        | | |       M     M     M     layernorm
        | | |       |     |     |
        | | |       A     A     A     add
        | | |       |\    |\    |\
        | | |       T |   T |   T |   attention(heads=2, causal=true)
        | | |       | |   | |   | |
        | | |       +-|---+-|---+ |
        | | |       |/    |/    |/
        E E E       Z     Z     Z

        E = input(8, name=encoded)
        Z = input(8, name=target)

    Shapes, without the batch:
        input encoded: (3, 8) float32
        input target: (3, 8) float32
        output n: (3, 8)
    """
    encoded = keras.Input(shape=(3, 8), name="encoded")
    target = keras.Input(shape=(3, 8), name="target")
    attention_t = layers.MultiHeadAttention(2, key_dim=4, name="attention_t")(
        target,
        target,
        use_causal_mask=True,
    )
    add_a = layers.Add()([attention_t, target])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    attention_c = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_c",
    )(layernorm_m, encoded)
    add_b = layers.Add()([attention_c, layernorm_m])
    n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_b)
    return keras.Model(inputs=[encoded, target], outputs=n, name="transformer_decoder")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("n", model.output_shape)
