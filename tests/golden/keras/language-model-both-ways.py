"""Keras model language-model-both-ways: many-to-many aligned, shared weights."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ProjectedLSTMCell(layers.Layer):
    """A cell that Keras lacks, one step of it.

    cell projected_lstm(units, projection):
        i, f, g, o = split(dense(x, h, features=4 * units), 4)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = dense(sigmoid(o) * tanh(c), features=projection, bias=false)
    """

    def __init__(self, units: int, projection: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.projection = projection
        self.state_size = [projection, units]
        self.output_size = projection

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        projection = self.projection
        self.kernel = self.add_weight(
            shape=(features, 4 * units),
            initializer="glorot_uniform",
            name="kernel",
        )
        self.recurrent_kernel = self.add_weight(
            shape=(projection, 4 * units),
            initializer="glorot_uniform",
            name="recurrent_kernel",
        )
        self.bias = self.add_weight(
            shape=(4 * units,),
            initializer="zeros",
            name="bias",
        )
        self.projection_kernel = self.add_weight(
            shape=(units, projection),
            initializer="glorot_uniform",
            name="projection_kernel",
        )
        self.built = True

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        return ops.matmul(x, self.kernel) + self.bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        return self.project(x)

    def call(
        self, x: keras.KerasTensor, states: list[keras.KerasTensor]
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        h, c = states
        kernel = x
        part = kernel + ops.matmul(h, self.recurrent_kernel)
        i, f, g, o = ops.split(part, 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g)
        h = ops.matmul(ops.sigmoid(o) * ops.tanh(c), self.projection_kernel)
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units, "projection": self.projection}
        return {**super().get_config(), **own}


@keras.saving.register_keras_serializable()
class CellRNN(layers.RNN):
    """Has its cell compute what it can before the loop over the steps."""

    def call(
        self,
        sequences: keras.KerasTensor,
        initial_state: Any = None,
        mask: Any = None,
        training: bool = False,
    ) -> Any:
        sequences = self.cell.ahead(sequences, training)
        return super().call(sequences, initial_state, mask, training)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to sequences ``s`` and ``s_2``.

        S   S   S   S
        |   |   |   |
        F---F---F---F
        |   |   |   |
        | S | S | S | S
        | | | | | | | |
        | B<|-B<|-B<|-B
        |/  |/  |/  |/
        W   W   W   W
        |   |   |   |
        X   X   X   X

        X = tokens(30)
        W = embedding(6)
        F = lstm(16, projection=6)
        B = lstm(16, projection=6)
        S = dense(20, log_softmax)

    Shapes, without the batch:
        input x: (4,) int32
        output s: (4, 20)
        output s_2: (4, 20)
    """
    x = keras.Input(shape=(4,), dtype="int32", name="x")
    embedding_w = layers.Embedding(30, 6, name="embedding_w")(x)
    lstm_b = CellRNN(
        ProjectedLSTMCell(16, 6),
        return_sequences=True,
        go_backwards=True,
        name="lstm_b",
    )(embedding_w)
    # Computed from the last step to the first; in order again.
    lstm_b = ops.flip(lstm_b, axis=1)
    dense_s_layer = layers.Dense(20, activation="log_softmax", name="dense_s")
    s_2 = dense_s_layer(lstm_b)
    lstm_f = CellRNN(
        ProjectedLSTMCell(16, 6),
        return_sequences=True,
        name="lstm_f",
    )(embedding_w)
    s = dense_s_layer(lstm_f)
    return keras.Model(inputs=x, outputs=[s, s_2], name="language_model_both_ways")


if __name__ == "__main__":
    model = build_model()
    model.summary()
    for name, shape in zip(["s", "s_2"], model.output_shape, strict=True):
        print(name, shape)
