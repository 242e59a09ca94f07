"""Keras model video-transformer: many-to-one."""

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class LearnedSteps(layers.Layer):
    """A trained vector for each step, the same for every sample.

    As many samples as the input has, and as many steps, unless these are given.
    """

    def __init__(self, most: int, features: int, **options) -> None:
        super().__init__(**options)
        self.most, self.features = most, features

    def build(self, input_shape: tuple[int | None, ...]) -> None:
        shape = (self.most, self.features)
        self.embeddings = self.add_weight(
            shape=shape, initializer="uniform", name="embeddings"
        )

    def call(self, x: keras.KerasTensor, steps: int | None = None) -> keras.KerasTensor:
        batch, *_ = ops.shape(x)
        steps = ops.shape(x)[1] if steps is None else steps
        # Of too few vectors there is an error: they are not as many as the steps.
        return ops.broadcast_to(self.embeddings[:steps], (batch, steps, self.features))

    def compute_output_spec(
        self, x: keras.KerasTensor, steps: int | None = None
    ) -> keras.KerasTensor:
        steps = x.shape[1] if steps is None else steps
        shape = (x.shape[0], steps, self.features)
        return keras.KerasTensor(shape, dtype=self.compute_dtype)

    def get_config(self) -> dict[str, object]:
        sizes = {"most": self.most, "features": self.features}
        return {**super().get_config(), **sizes}


def build_over_frames(name: str = "over_frames") -> keras.Model:
    r"""Build a model that maps a sequence ``x`` to a sequence ``b``.

        B   B   ... B
        |\  |\      |\
        | F | F ... | F
        | | | |     | |
        | H | H ... | H
        | | | |     | |
        | M | M ... | M
        |/  |/      |/
        A   A   ... A
        |\  |\      |\
        | T | T ... | T
        | | | |     | |
        | N | N ... | N
        |/  |/      |/
        X   X   ... X

        X = input(6)
        N = layernorm
        T = attention(N, heads=2)
        A = add
        M = layernorm
        H = dense(12, gelu)
        F = dense(6)
        B = add

    Shapes, without the batch:
        input x: (None, 6) float32
        output b: (None, 6)
    """
    x = keras.Input(shape=(None, 6), name="x")
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(x)
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=3,
        name="attention_t",
    )(layernorm_n, layernorm_n)
    add_a = layers.Add()([x, attention_t])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_h = layers.Dense(12, activation="gelu", name="dense_h")(layernorm_m)
    dense_f = layers.Dense(6, name="dense_f")(dense_h)
    b = layers.Add()([add_a, dense_f])
    return keras.Model(inputs=x, outputs=b, name=name)


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

                    Y
                    |
                    M
                    |
        +---+---+---+
        |   |   |   |
        S   S   S   S
        |   |   |   |
        R   R   R   R
        |   |   |   |
        A   A   A   A
        |\  |\  |\  |\
        | P | P | P | P
        |   |   |   |
        G   G   G   G
        |   |   |   |
        C   C   C   C
        |   |   |   |
        X   X   X   X

        X = input(8, 8, 3, name=frames)
        C = conv2d(6, 2, stride=2, padding=valid, name=patches)
        G = mean(grid)
        P = position(6)
        A = add
        R = over_frames
        S = over_frames
        M = mean
        Y = dense(5, softmax)

    Shapes, without the batch:
        input frames: (4, 8, 8, 3) float32
        output y: (5,)
    """
    frames = keras.Input(shape=(4, 8, 8, 3), name="frames")
    patches = layers.TimeDistributed(
        layers.Conv2D(6, 2, strides=2),
        name="patches",
    )(frames)
    pooled_g = layers.TimeDistributed(
        layers.GlobalAveragePooling2D(),
        name="pooled_g",
    )(patches)
    position_p = LearnedSteps(4, 6, name="position_p")(frames, steps=4)
    add_a = layers.Add()([pooled_g, position_p])
    over_frames_r = build_over_frames(name="over_frames_r")(add_a)
    over_frames_s = build_over_frames(name="over_frames_s")(over_frames_r)
    mean_m = layers.GlobalAveragePooling1D()(over_frames_s)
    y = layers.Dense(5, activation="softmax", name="dense_y")(mean_m)
    return keras.Model(inputs=frames, outputs=y, name="video_transformer")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
