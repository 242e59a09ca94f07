"""Keras model memory-network-hops: many-to-one, residual, attention."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence and a vector to a vector.

                    Y
                    |
                    B
                    |\
                    D |
                    |/
                    A
                    |\
                    C |
        V   V   V   |/
        |   |   |   |
        | M | M | M Q
        |/  |/  |/  |
        X   X   X   Z

        X = input(6, name=facts)
        Z = input(7, name=question)
        M = dense(5, bias=false, name=keys)
        V = dense(5, bias=false, name=contents)
        Q = dense(5, bias=false, name=asked)
        C = attention(V, keys=M)
        A = add
        D = attention(V, keys=M)
        B = add
        Y = dense(9, softmax)

    Shapes, without the batch:
        input facts: (3, 6) float32
        input question: (7,) float32
        output y: (9,)
    """
    facts = keras.Input(shape=(3, 6), name="facts")
    question = keras.Input(shape=(7,), name="question")
    keys = layers.Dense(5, use_bias=False, name="keys")(facts)
    asked = layers.Dense(5, use_bias=False, name="asked")(question)
    contents = layers.Dense(5, use_bias=False, name="contents")(facts)
    attention_c = layers.Attention(name="attention_c")(
        [layers.RepeatVector(1)(asked), contents, keys],
    )[:, 0]
    add_a = layers.Add()([attention_c, asked])
    attention_d = layers.Attention(name="attention_d")(
        [layers.RepeatVector(1)(add_a), contents, keys],
    )[:, 0]
    add_b = layers.Add()([attention_d, add_a])
    y = layers.Dense(9, activation="softmax", name="dense_y")(add_b)
    return keras.Model(inputs=[facts, question], outputs=y, name="memory_network_hops")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
