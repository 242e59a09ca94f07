"""Keras model image-patches-class-token: many-to-one, residual, attention."""

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


def build_model() -> keras.Model:
    r"""Build a model that maps a sequence ``patches`` to a vector ``y``.

        Y                     dense(3, softmax)
        |
        L                     layernorm
        |
        B   B   B   B   B     add
        |\  |\  |\  |\  |\
        G | G | G | G | G |   dense(8)
        | | | | | | | | | |
        F | F | F | F | F |   dense(12, gelu)
        | | | | | | | | | |
        M | M | M | M | M |   layernorm
        |/  |/  |/  |/  |/
        A   A   A   A   A     add
        |\  |\  |\  |\  |\
        T | T | T | T | T |   attention(heads=2)
        | | | | | | | | | |
        +-|-+-|-+-|-+-|-+ |
        | | | | | | | | | |
        N | N | N | N | N |   layernorm
        |/  |/  |/  |/  |/
        E   E   E   E   E     add
        |\  |\  |\  |\  |\
        | P | P | P | P | P   position(8)
        |   |   |   |   |
        |   W   W   W   W     dense(8)
        |   |   |   |   |
        S   X   X   X   X

        S = learned(8, name=whole)
        X = input(12, name=patches)

    Shapes, without the batch:
        input patches: (4, 12) float32
        output y: (3,)
    """
    patches = keras.Input(shape=(4, 12), name="patches")
    whole = LearnedSteps(1, 8, name="whole")(patches, steps=1)[:, 0]
    dense_w = layers.Dense(8, name="dense_w")(patches)
    position_p = LearnedSteps(5, 8, name="position_p")(patches, steps=5)
    repeated = layers.RepeatVector(1)(whole)
    joined = layers.Concatenate(axis=1)([repeated, dense_w])
    add_e = layers.Add()([joined, position_p])
    layernorm_n = layers.LayerNormalization(epsilon=1e-5, name="layernorm_n")(add_e)
    attention_t = layers.MultiHeadAttention(
        2,
        key_dim=4,
        name="attention_t",
    )(layernorm_n, layernorm_n)
    add_a = layers.Add()([attention_t, add_e])
    layernorm_m = layers.LayerNormalization(epsilon=1e-5, name="layernorm_m")(add_a)
    dense_f = layers.Dense(12, activation="gelu", name="dense_f")(layernorm_m)
    dense_g = layers.Dense(8, name="dense_g")(dense_f)
    add_b = layers.Add()([dense_g, add_a])
    layernorm_l = layers.LayerNormalization(
        epsilon=1e-5,
        name="layernorm_l",
    )(add_b[:, 0])
    y = layers.Dense(3, activation="softmax", name="dense_y")(layernorm_l)
    return keras.Model(inputs=patches, outputs=y, name="image_patches_class_token")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
