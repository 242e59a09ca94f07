"""Keras model learned-initial-state: many-to-one, variable length."""

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
    """Build a model that maps a sequence ``x`` to a vector ``y``.

                  Y   dense(1)
                  |
        +-H-H-...-H   lstm(8)
        | | |     |
        S X X ... X

        S = learned(8, name=start)
        X = input(3)

    Shapes, without the batch:
        input x: (None, 3) float32
        output y: (1,)
    """
    x = keras.Input(shape=(None, 3), name="x")
    start = LearnedSteps(1, 8, name="start")(x, steps=1)[:, 0]
    lstm_h = layers.LSTM(8, name="lstm_h")(x, initial_state=[start, start])
    y = layers.Dense(1, name="dense_y")(lstm_h)
    return keras.Model(inputs=x, outputs=y, name="learned_initial_state")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
