"""Keras model language-model-zoneout: many-to-many aligned, feedback, variable length."""

from typing import Any

import keras
from keras import layers, ops


@keras.saving.register_keras_serializable()
class ZoneoutGruCell(layers.Layer):
    """A cell of the picture, one step of it.

    cell zoneout_gru(units, rate=0.1):
        z = sigmoid(dense(x, h))
        r = sigmoid(dense(x, h))
        n = tanh(dense(x, r * h))
        h = zoneout(h, z * h + (1 - z) * n, rate)
    """

    def __init__(self, units: int, rate: float, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.rate = rate
        self.state_size = [units]
        self.output_size = units
        self.seed_generator = keras.random.SeedGenerator()

    def build(self, input_shape: tuple[int, ...]) -> None:
        features = input_shape[-1]
        units = self.units
        self.z_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="z_x",
        )
        self.z_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="z_h",
        )
        self.z_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="z_bias",
        )
        self.r_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="r_x",
        )
        self.r_h = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="r_h",
        )
        self.r_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="r_bias",
        )
        self.n_x = self.add_weight(
            shape=(features, units),
            initializer="glorot_uniform",
            name="n_x",
        )
        self.n_rh = self.add_weight(
            shape=(units, units),
            initializer="glorot_uniform",
            name="n_rh",
        )
        self.n_bias = self.add_weight(
            shape=(units,),
            initializer="zeros",
            name="n_bias",
        )
        self.built = True

    def begin(self) -> None:
        """Before the steps: join the matrices that one state meets."""
        self.z_h_joined = ops.concatenate([self.z_h, self.r_h], axis=-1)

    def project(self, x: keras.KerasTensor) -> keras.KerasTensor:
        """What depends on ``x`` alone, for all steps at once, side by side."""
        kernel = ops.concatenate([self.z_x, self.r_x, self.n_x], axis=-1)
        bias = ops.concatenate([self.z_bias, self.r_bias, self.n_bias], axis=-1)
        return ops.matmul(x, kernel) + bias

    def ahead(self, x: keras.KerasTensor, training: bool) -> keras.KerasTensor:
        """What is computed before the steps; gives what these read."""
        self.begin()
        projected = self.project(x)
        if not training:
            return projected
        # A number for each step and feature, which says what stays as it was.
        batch, steps, _ = ops.shape(x)
        drawn = keras.random.uniform(
            (batch, steps, self.units),
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
        (h,) = states
        drawn: list[Any] = [None] * 1
        if training:
            x, *drawn = ops.split(x, [3 * self.units], axis=-1)
        z_x, r_x, n_x = ops.split(x, 3, axis=-1)
        z_h, r_h = ops.split(ops.matmul(h, self.z_h_joined), 2, axis=-1)
        z = ops.sigmoid(z_x + z_h)
        r = ops.sigmoid(r_x + r_h)
        n = ops.tanh(n_x + ops.matmul(r * h, self.n_rh))
        h = zoneout(h, z * h + (1 - z) * n, self.rate, drawn[0])
        return h, [h]

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


def choose_id(
    logits: keras.KerasTensor, temperature: float, seed: keras.random.SeedGenerator
) -> keras.KerasTensor:
    """The most probable ids, (batch,), or some that are drawn; of (batch, ids)."""
    if temperature == 0:
        return ops.argmax(logits, axis=-1)
    return keras.random.categorical(logits / temperature, 1, seed=seed)[:, 0]


def zoneout(old: Any, new: Any, rate: float, drawn: Any) -> Any:
    """Keep some features as they were; outside training, the expected value."""
    if drawn is None:
        return rate * old + (1 - rate) * new
    return ops.where(drawn < 1 - rate, new, old)


def build_model() -> keras.Model:
    """Build a model that maps a sequence ``x`` to a sequence ``y``.

        cell zoneout_gru(units, rate=0.1):
            z = sigmoid(dense(x, h))
            r = sigmoid(dense(x, h))
            n = tanh(dense(x, r * h))
            h = zoneout(h, z * h + (1 - z) * n, rate)

        Y Y ... Y   dense(12)
        | |     |
        H-H-...-H   zoneout_gru(6, rate=0.2)
        | |     |
        W W ... W   embedding(5)
        | |     |
        X X ... X   tokens(12, feedback=Y)

    Shapes, without the batch:
        input x: (None,) int32
        output y: (None, 12)
    """
    return keras.Sequential(
        [
            keras.Input(shape=(None,), dtype="int32", name="x"),
            layers.Embedding(12, 5, name="embedding_w"),
            CellRNN(
                ZoneoutGruCell(6, rate=0.2),
                return_sequences=True,
                name="zoneout_gru_h",
            ),
            layers.Dense(12, name="dense_y"),
        ],
        name="language_model_zoneout",
    )


def decode(
    model: keras.Model,
    x: keras.KerasTensor,
    zoneout_gru_h_state: list[keras.KerasTensor],
) -> tuple[keras.KerasTensor, list[keras.KerasTensor]]:
    """The next step, (batch, 1, ...), and the state behind it."""
    embedding_w = model.get_layer("embedding_w")(x)
    ahead = model.get_layer("zoneout_gru_h").cell.ahead(embedding_w, training=False)
    zoneout_gru_h, zoneout_gru_h_state = model.get_layer("zoneout_gru_h").cell(
        ahead[:, 0],
        zoneout_gru_h_state,
    )
    y = model.get_layer("dense_y")(zoneout_gru_h[:, None])
    # With PyTorch as its backend, Keras would keep all steps for gradients.
    return keras.tree.map_structure(ops.stop_gradient, (y, zoneout_gru_h_state))


def generate(
    model: keras.Model,
    *,
    start: keras.KerasTensor,
    steps: int,
    temperature: float = 0.0,
    stop: int | None = None,
    seed: int | None = None,
) -> keras.KerasTensor:
    """Let the model run free: each step of ``y`` is the next ``x``.

    Args:
        model: what `build_model` made, trained.
        start: the first ids, (batch,), or those of a prompt, (batch, steps).
        steps: how many ids to generate.
        temperature: 0 takes the most probable id, above it ids are drawn.
        stop: the id behind which a sample is filled with it.
        seed: with the same one, the same ids are drawn.

    Returns:
        Ids, (batch, steps), without the prompt.
    """
    if steps < 1:
        raise ValueError(f"steps should be at least 1, it is {steps}")
    if temperature < 0:
        raise ValueError(f"temperature should be at least 0, it is {temperature}")
    prompt = ops.convert_to_tensor(start, dtype="int32")
    prompt = prompt[:, None] if len(prompt.shape) == 1 else prompt
    if prompt.shape[1] < 1:
        raise ValueError("start should have at least one step")
    zoneout_gru_h_state = model.get_layer(
        "zoneout_gru_h",
    ).get_initial_state(prompt.shape[0])
    # All but the last step of the prompt change the state alone.
    for step in range(prompt.shape[1] - 1):
        x = prompt[:, step : step + 1]
        y, zoneout_gru_h_state = decode(model, x, zoneout_gru_h_state)
    x = prompt[:, -1:]
    seeds = keras.random.SeedGenerator(seed)
    generated: list[keras.KerasTensor] = []
    for _ in range(steps):
        y, zoneout_gru_h_state = decode(model, x, zoneout_gru_h_state)
        ids = choose_id(y[:, -1], temperature, seeds)
        if stop is not None and generated:
            ids = ops.where(ops.equal(generated[-1], stop), stop, ids)
        generated.append(ids)
        if stop is not None and ops.all(ops.equal(ids, stop)):
            break
        x = ids[:, None]
    # All have stopped: the last ids are those of all steps that are left.
    generated += generated[-1:] * (steps - len(generated))
    return ops.stack(generated, axis=1)


if __name__ == "__main__":
    model = build_model()
    model.summary()
    print("y", model.output_shape)
