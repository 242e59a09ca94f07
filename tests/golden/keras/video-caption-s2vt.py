"""Keras model video-caption-s2vt: graph, stacked 2."""

import keras
from keras import layers


def build_model() -> keras.Model:
    """Build a model that maps sequences ``frames`` and ``words`` to a sequence ``y``.

                    Y   Y   Y   dense(20, softmax)
                    |   |   |
        G---G---G---G---G---G   lstm(16)
        |   |   |  /|  /|  /|
        F---F---F-|-F-|-F-|-F   lstm(16)
        |   |   | |   |   |
        V   V   V W   W   W
                  |   |   |
                  X   X   X

        V = input(12, name=frames)
        X = tokens(20, name=words)
        W = embedding(8)

    Shapes, without the batch:
        input frames: (3, 12) float32
        input words: (3,) int32
        output y: (3, 20)
    """
    frames = keras.Input(shape=(3, 12), name="frames")
    words = keras.Input(shape=(3,), dtype="int32", name="words")
    embedding_w = layers.Embedding(20, 8, name="embedding_w")(words)
    padded = layers.ZeroPadding1D((0, 3))(frames)
    lstm_f = layers.LSTM(16, return_sequences=True, name="lstm_f")(padded)
    padded_2 = layers.ZeroPadding1D((3, 0))(embedding_w)
    joined = layers.Concatenate()([padded_2, lstm_f])
    lstm_g = layers.LSTM(16, return_sequences=True, name="lstm_g")(joined)
    cropped = layers.Cropping1D((3, 0))(lstm_g)
    y = layers.Dense(20, activation="softmax", name="dense_y")(cropped)
    return keras.Model(inputs=[frames, words], outputs=y, name="video_caption_s2vt")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
