"""One model on two devices, by Keras on JAX: each device takes its half of each batch.

    python examples/trained/devices_keras.py

JAX makes two devices of the processor; with two accelerators, the two lines below are not needed. The same is then done
on one device: the losses are the same.
"""

from __future__ import annotations

import os
from collections.abc import Sequence

# Both are read when the packages are imported.
os.environ["KERAS_BACKEND"] = "jax"
os.environ["XLA_FLAGS"] = "--xla_force_host_platform_device_count=2"

import figures
import keras
import numpy as np
import words
from keras.distribution import DataParallel, list_devices, set_distribution
from models.keras import number_words

BATCH = 32


class Losses(keras.callbacks.Callback):
    """The losses of all batches: Keras shows the mean of an epoch so far."""

    def on_train_begin(self, logs: dict[str, float] | None = None) -> None:
        """Nothing was shown yet."""
        self.means: list[float] = []

    def on_train_batch_end(self, batch: int, logs: dict[str, float]) -> None:
        """Keep what is shown after a batch."""
        self.means.append(float(logs["loss"]))


def assert_that_each_has_its_part(model: keras.Model, devices: DataParallel, count: int) -> None:
    """All weights are on each device, and of each batch a part."""
    for weight in model.weights:
        assert len(weight.value.sharding.device_set) == count
        assert weight.value.sharding.is_fully_replicated
    texts = np.full((BATCH, 8), words.START)
    texts = keras.distribution.distribute_tensor(texts, devices.get_data_layout(texts.shape))
    logits = model([texts, texts])
    assert [part.data.shape[0] for part in logits.addressable_shards] == [BATCH // count] * count


def train(count: int, batches: int, rate: float) -> list[float]:
    """Train on some devices, and give the losses."""
    devices = DataParallel(devices=list_devices()[:count])
    set_distribution(devices)
    keras.utils.set_random_seed(0)
    model = number_words.build_model()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True, ignore_class=words.PADDING)
    model.compile(keras.optimizers.Adam(rate), loss)
    source, target = words.numbers(BATCH * batches)
    inputs, wanted = [source, target[:, :-1]], target[:, 1:]
    losses = Losses()
    model.fit(inputs, wanted, batch_size=BATCH, epochs=2, shuffle=False, callbacks=[losses])
    assert_that_each_has_its_part(model, devices, count)
    return losses.means


def main(arguments: Sequence[str] | None = None) -> None:
    """Train on two devices, and on one, and save the losses of both."""
    chosen = figures.options(__doc__, rate=3e-3).parse_args(arguments)
    batches = 5 if chosen.tiny else 50
    two, one = (train(count, batches, chosen.rate) for count in (2, 1))
    figures.plot(
        chosen.output, "devices_keras", "two devices", "batch", "mean loss", two=two, one=one
    )
    figures.save(
        chosen.output,
        "devices_keras",
        loss={"first batch": two[0], "last epoch": two[-1]},
        largest_difference_to_one_device=max(abs(a - b) for a, b in zip(two, one, strict=True)),
        minutes=figures.minutes(),
    )
    np.testing.assert_allclose(two, one, atol=1e-4)
    figures.reach("what was learned", two[0] - two[-1], 0.1)


if __name__ == "__main__":
    main()
