"""A Keras model that is called again and again runs as one program, and gives what it gives operation by operation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from seqdsl.api import compile  # noqa: E402
from seqdsl.targets.keras import random, runtime, tracing  # noqa: E402

PICTURE = """
Y Y ..n.. Y   dense(2)
| |       |
H-H-..n..-H   lstm(4)
| |       |
X X ..n.. X   input(3, mask=0, padding=end)
"""


@pytest.fixture(autouse=True)
def double() -> Iterator[None]:
    """As `verify` has it; what comes after finds Keras as it was."""
    before = keras.config.floatx()
    runtime.reset()
    with pytest.MonkeyPatch.context() as patch:
        # However fast these small models are here, they are worth a program.
        patch.setattr(tracing, "_SHORT", 0.0)
        yield
    keras.config.set_floatx(before)


@pytest.fixture
def model() -> Any:
    return compile(PICTURE).build("keras")


def arguments(samples: int, steps: int) -> list[Any]:
    return [np.random.default_rng(samples).standard_normal((samples, steps, 3))]


def by_operation(model: Any, arrays: list[Any]) -> Any:
    return np.asarray(tracing.called(model, [keras.ops.convert_to_tensor(arrays[0])])[0])


def traced(model: Any) -> bool:
    known = tracing._CALLED.get(model)
    return known is not None and any(known.is_same.values())


def test_a_second_call_is_traced_and_is_the_same_for_any_shape(model: Any) -> None:
    runtime.call(model, arguments(2, 3))
    assert not traced(model)
    for samples, steps in ((2, 3), (1, 3), (1, 7), (5, 7), (2, 1), (4, 1)):
        arrays = arguments(samples, steps)
        (found,) = runtime.call(model, arrays)
        assert traced(model)
        np.testing.assert_allclose(found, by_operation(model, arrays), rtol=1e-12)


def test_short_calls_are_not_traced(model: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tracing, "_SHORT", 60.0)
    for _ in range(3):
        (found,) = runtime.call(model, arguments(2, 3))
        assert not traced(model)
    np.testing.assert_allclose(found, by_operation(model, arguments(2, 3)), rtol=1e-12)


def test_calls_that_do_not_come_again_are_not_traced(model: Any) -> None:
    for _ in range(3):
        (found,) = runtime.call_once(model, arguments(2, 3))
    assert tracing._CALLED.get(model) is None
    np.testing.assert_array_equal(found, by_operation(model, arguments(2, 3)))


def test_what_gives_something_else_for_so_many_samples_is_not_traced() -> None:
    """Keras adds a column to four features along the wrong axis if there are four samples."""
    one = keras.Input((4,))
    model = keras.Model(one, keras.layers.Add()([one, keras.layers.Dense(1)(one)]))
    for samples in (2, 2, 4, 4, 4):
        arrays = [np.random.default_rng(samples).standard_normal((samples, 4))]
        (found,) = runtime.call(model, arrays)
        np.testing.assert_allclose(found, by_operation(model, arrays), rtol=1e-12)
    assert list(tracing._CALLED[model].is_same.values()) == [True, False]


def test_steps_that_each_go_through_a_layer_of_images_are_not_taken_for_samples() -> None:
    """Where the number of steps is not known, `TimeDistributed` gives as many as there are samples."""
    one = keras.Input((None, 4, 4, 1))
    images = keras.layers.TimeDistributed(keras.layers.BatchNormalization())(one)
    model = keras.Model(one, keras.layers.TimeDistributed(keras.layers.Flatten())(images))
    for steps in (3, 5):
        for _ in range(2):
            assert runtime.call(model, [np.ones((2, steps, 4, 4, 1))])[0].shape == (2, steps, 16)


def test_weights_that_change_are_seen(model: Any) -> None:
    arrays = arguments(2, 3)
    before = [runtime.call(model, arrays)[0] for _ in range(2)]
    model.set_weights([weight + 0.1 for weight in model.get_weights()])
    (found,) = runtime.call(model, arrays)
    assert abs(found - before[1]).max() > 1e-3
    np.testing.assert_allclose(found, by_operation(model, arrays), rtol=1e-12)


def test_what_is_refused_is_told_as_it_is_by_itself(model: Any) -> None:
    good = arguments(2, 3)
    for _ in range(2):
        runtime.call(model, good)
    stray = [good[0].copy()]
    stray[0][0, 0] = 0
    with pytest.raises(Exception, match="a padded step comes before a valid step") as refused:
        runtime.call(model, stray)
    assert "Graph execution error" not in str(refused.value)


def test_what_is_drawn_is_not_traced(model: Any) -> None:
    with random.sampled():
        for _ in range(3):
            runtime.call(model, arguments(2, 3))
    assert not traced(model)


def test_what_keeps_its_state_is_not_traced() -> None:
    one = keras.Input((None, 3), batch_size=2)
    model = keras.Model(one, keras.layers.LSTM(4, stateful=True)(one))
    first, second = (runtime.call(model, arguments(2, 3))[0] for _ in range(2))
    assert abs(first - second).max() > 1e-3
    assert not traced(model)


def test_a_model_of_code_is_not_traced() -> None:
    class Own(keras.Model):  # type: ignore[misc]
        def call(self, x: Any) -> Any:
            return x * float(x.shape[0])

    model = Own()
    for samples in (1, 2, 3):
        arrays = arguments(samples, 2)
        np.testing.assert_allclose(runtime.call(model, arrays)[0], arrays[0] * samples)
    assert not traced(model)
