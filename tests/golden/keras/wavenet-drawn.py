"""Keras model wavenet-drawn: many-to-many aligned, convolutional."""

import keras
from keras import layers


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``g``.

        G    G    G    G    G        dense(6, relu)
         \    \  / \  / \  / \
          \    \/   \/   \/   \
           \   /\   /\   /\    \
            \ /  \ /  \ /  \    \
             F    F    F    F    F   dense(6, relu)
             |   /|   /|   /|   /|
             |  / |  / |  / |  / |
             | /  | /  | /  | /  |
             |/   |/   |/   |/   |
             X    X    X    X    X   input(4)

    Shapes, without the batch:
        input x: (5, 4) float32
        output g: (5, 6)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(5, 4), name="x"),
            layers.Conv1D(6, 2, padding="causal", activation="relu", name="conv_f"),
            layers.Conv1D(
                6,
                2,
                padding="causal",
                dilation_rate=2,
                activation="relu",
                name="conv_g",
            ),
        ],
        name="wavenet_drawn",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("g", model.output_shape)
