"""Keras model matrix-factorization: one-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps tokens ``user`` and ``item`` to a vector ``y``.

          Y     dense(1)
          |
          M     multiply
         / \
        U   V
        |   |
        X   Z

        X = tokens(20, name=user)
        Z = tokens(25, name=item)
        U = embedding(8)
        V = embedding(8)

    Shapes, without the batch:
        input user: () int32
        input item: () int32
        output y: (1,)
    """
    user = keras.Input(shape=(), dtype="int32", name="user")
    item = keras.Input(shape=(), dtype="int32", name="item")
    embedding_u = layers.Embedding(20, 8, name="embedding_u")(user)
    embedding_v = layers.Embedding(25, 8, name="embedding_v")(item)
    multiply_m = layers.Multiply()([embedding_u, embedding_v])
    y = layers.Dense(1, name="dense_y")(multiply_m)
    return keras.Model(inputs=[user, item], outputs=y, name="matrix_factorization")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
