"""Keras model lstm-zoneout: many-to-one."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ZoneoutLstmCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell zoneout_lstm(units, rate=0.1):
        i = sigmoid(dense(dropout(x, 0.2), h))
        f = sigmoid(dense(dropout(x, 0.2), h))
        o = sigmoid(dense(dropout(x, 0.2), h))
        c = zoneout(c, f * c + i * tanh(dense(x, h)), 0.5)
        h = zoneout(h, o * tanh(c), rate)
    """

    def __init__(self, units: int, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        self.state_size = [units, units]
        self.output_size = units
        self.seed_generator = keras.random.SeedGenerator()
        self.kept: Any = 1.0
        self.kept_2: Any = 1.0
        self.kept_3: Any = 1.0

    def build(self, input_shape: tuple[int, ...]) -> None:
        self.features = input_shape[-1]
        features = input_shape[-1]
        units = self.units
        self.i_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="i_x",
        )
        self.i_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="i_h",
        )
        self.i_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="i_bias",
        )
        self.f_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="f_x",
        )
        self.f_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="f_h",
        )
        self.f_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="f_bias",
        )
        self.o_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="o_x",
        )
        self.o_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="o_h",
        )
        self.o_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="o_bias",
        )
        self.c_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="c_x",
        )
        self.c_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="c_h",
        )
        self.c_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="c_bias",
        )
        self.built = True

    def begin(self, x: keras.KerasTensor, training: bool) -> None:
        """Before the steps: join matrices that one state meets, draw what is dropped."""
        self.i_h_joined = ops.concatenate(
            [self.i_h, self.f_h, self.o_h, self.c_h],
            axis=-1,
        )
        self.kept = 1.0
        self.kept_2 = 1.0
        self.kept_3 = 1.0
        if training:
            batch = ops.shape(x)[0]
            self.kept = keras.random.dropout(
                ops.ones((batch, 1, self.features), dtype=x.dtype),
                0.2,
                seed=self.seed_generator,
            )
            self.kept_2 = keras.random.dropout(
                ops.ones((batch, 1, self.features), dtype=x.dtype),
                0.2,
                seed=self.seed_generator,
            )
            self.kept_3 = keras.random.dropout(
                ops.ones((batch, 1, self.features), dtype=x.dtype),
                0.2,
                seed=self.seed_generator,
            )

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        projected = ops.matmul(x * self.kept, self.i_x) + self.i_bias
        projected_2 = ops.matmul(x * self.kept_2, self.f_x) + self.f_bias
        projected_3 = ops.matmul(x * self.kept_3, self.o_x) + self.o_bias
        projected_4 = ops.matmul(x, self.c_x) + self.c_bias
        return ops.concatenate(
            [projected, projected_2, projected_3, projected_4],
            axis=-1,
        )

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        self.begin(x, training)
        projected = self.project(x)
        if not training:
            return projected
        # A number for each step and feature, which says what stays as it was.
        batch, steps, _ = ops.shape(x)
        drawn = keras.random.uniform(
            (batch, steps, 2 * self.units),
            dtype=x.dtype,
            seed=self.seed_generator,
        )
        return ops.concatenate([projected, drawn], axis=-1)

    def call(
        self,
        x: keras.KerasTensor,
        states: list[keras.KerasTensor],
        training: bool = False,
    ) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
        """One step: of what `project` gives, and the states, to the output and new states."""
        h, c = states
        drawn: list[Any] = [None] * 2
        if training:
            x, *drawn = ops.split(x, [4 * self.units, 5 * self.units], axis=-1)
        i_x, f_x, o_x, c_x = ops.split(x, 4, axis=-1)
        i_h, f_h, o_h, c_h = ops.split(ops.matmul(h, self.i_h_joined), 4, axis=-1)
        i = ops.sigmoid(i_x + i_h)
        f = ops.sigmoid(f_x + f_h)
        o = ops.sigmoid(o_x + o_h)
        c = zoneout(c, f * c + i * ops.tanh(c_x + c_h), 0.5, drawn[0])
        h = zoneout(h, o * ops.tanh(c), self.rate, drawn[1])
        return h, [h, c]

    def get_config(self) -> dict[str, Any]:
        own = {"units": self.units, "rate": self.rate}
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


def zoneout(old: Any, new: Any, rate: float, drawn: Any) -> Any:
    """Keep some features as they were; outside training, the expected value."""
    if drawn is None:
        return rate * old + (1 - rate) * new
    return ops.where(drawn < 1 - rate, new, old)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a vector ``y``.

        cell zoneout_lstm(units, rate=0.1):
            i = sigmoid(dense(dropout(x, 0.2), h))
            f = sigmoid(dense(dropout(x, 0.2), h))
            o = sigmoid(dense(dropout(x, 0.2), h))
            c = zoneout(c, f * c + i * tanh(dense(x, h)), 0.5)
            h = zoneout(h, o * tanh(c), rate)

            Y   dense(1)
            |
        H-H-H   zoneout_lstm(8)
        | | |
        X X X   input(3)

    Shapes, without the batch:
        input x: (3, 3) float32
        output y: (1,)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(3, 3), name="x"),
            CellRNN(ZoneoutLstmCell(8, rate=0.1), name="zoneout_lstm_h"),
            layers.Dense(1, name="dense_y"),
        ],
        name="lstm_zoneout",
    )


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
