"""Keras model session-recommender: many-to-one."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``items`` to a vector ``y``.

                Y   dense(30, softmax)
                |
        H-H-H-H-H   gru(16, dropout=0.2)
        | | | | |
        W W W W W   embedding(8)
        | | | | |
        X X X X X   tokens(30, name=items)

    Shapes, without the batch:
        input items: (5,) int32
        output y: (30,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5,), dtype="int32", name="items"),
            layers.Embedding(30, 8, name="embedding_w"),
            layers.GRU(16, dropout=0.2, name="gru_h"),
            layers.Dense(30, activation="softmax", name="dense_y"),
        ],
        name="session_recommender",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
