"""Keras model video-transformer-of-frames: many-to-one, residual, attention."""

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


def build_features(name: str = "features") -> keras.Model:
    """Build a model that maps a grid ``x`` to a vector ``v``.

        V   dense(8)
        |
        M   mean(grid)
        |
        C   conv2d(4, 3, relu, stride=2)
        |
        X   input(6, 6, 3)

    Shapes, without the batch:
        input x: (6, 6, 3) float32
        output v: (8,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(6, 6, 3), name="x"),
            layers.ZeroPadding2D(((1, 1), (1, 1))),
            layers.Conv2D(4, 3, strides=2, activation="relu", name="conv2d_c"),
            layers.GlobalAveragePooling2D(name="pooled_m"),
            layers.Dense(8, name="dense_v"),
        ],
        name=name,
    )


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence of grids ``frames`` to a vector ``y``.

                Y
                |
                L
                |
        +---+---+---+
        |   |   |   |
        B   B   B   B
        |\  |\  |\  |\
        | T | T | T | T
        |/  |/  |/  |/
        A   A   A   A
        |\  |\  |\  |\
        | P | P | P | P
        |   |   |   |
        F   F   F   F
        |   |   |   |
        X   X   X   X

        X = input(6, 6, 3, name=frames)
        F = features
        P = position(8)
        A = add
        T = attention(A, heads=2)
        B = add
        L = max
        Y = dense(3, softmax)

    Shapes, without the batch:
        input frames: (4, 6, 6, 3) float32
        output y: (3,)
    """
    frames = keras.Input(shape=(4, 6, 6, 3), name="frames")
    features_f = layers.TimeDistributed(build_features(name="features_f"))(frames)
    position_p = LearnedSteps(4, 8, name="position_p")(frames, steps=4)
    add_a = layers.Add()([features_f, position_p])
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(add_a, add_a)
    add_b = layers.Add()([add_a, attention_t])
    max_l = layers.GlobalMaxPooling1D()(add_b)
    y = layers.Dense(3, activation="softmax", name="dense_y")(max_l)
    return keras.Model(inputs=frames, outputs=y, name="video_transformer_of_frames")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
