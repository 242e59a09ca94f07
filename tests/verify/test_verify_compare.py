"""What two frameworks found of one model must be the same; layers find their places in other models."""

from __future__ import annotations

import numpy as np
import pytest

from seqdsl.runtime.named_weights import LayerWeights, draw, trainable
from seqdsl.runtime.weight_binding import NoSuchWeights
from seqdsl.verify.compare import compare
from seqdsl.verify.layer_matching import assignments
from seqdsl.verify.report import Result
from seqdsl.verify.tolerance import close


def result(target: str, *summary_values: float, model: str = "m") -> Result:
    return Result(model, target, "agreement", True, summary_values=summary_values)


def test_equal_summary_values_agree() -> None:
    results = [result("keras", 1.0, 2.0), result("torch", 1.0, 2.0 + 1e-9)]
    assert compare(results) == results


def test_other_summary_values_fail_the_second() -> None:
    first, second = compare([result("keras", 1.0, 2.0), result("torch", 1.0, 2.1)])
    assert first.passed
    assert not second.passed
    assert second.message == ("with the same weights, keras and torch differ: 2 and 2.1")


def test_other_models_are_not_compared() -> None:
    results = [result("keras", 1.0), result("torch", 2.0, model="n")]
    assert compare(results) == results


LOWER = LayerWeights("lower", "dense", (("kernel", (2, 2)),))
UPPER = LayerWeights("upper", "dense", (("kernel", (2, 2)),))


def places(*layers: LayerWeights, rooms: list[str]) -> list[tuple[str, ...]]:
    ways = assignments(layers, rooms, lambda layer: layer.place != "small")
    return [tuple(layer.place for layer in way) for way in ways]


def test_layers_take_the_places_in_order() -> None:
    assert places(LOWER, UPPER, rooms=["a", "small", "b"]) == [("a", "b"), ("b", "a")]


def test_a_place_of_the_same_name_comes_first() -> None:
    assert places(LOWER, UPPER, rooms=["upper", "b"])[0] == ("b", "upper")


def test_too_few_places() -> None:
    with pytest.raises(NoSuchWeights, match=r"several layers of the picture in one"):
        places(LOWER, UPPER, rooms=["a"])
    with pytest.raises(NoSuchWeights, match=r"no layer of the model matches `lower`"):
        places(LOWER, rooms=["small"])


def test_too_few_places_for_many_layers_are_seen_at_once() -> None:
    layers = [LayerWeights(f"l{number}", "dense", (("kernel", (2, 2)),)) for number in range(30)]
    with pytest.raises(NoSuchWeights, match=r"several layers of the picture in one"):
        places(*layers, rooms=[f"r{number}" for number in range(29)])


def test_dead_ends_are_seen_early() -> None:
    layers = [LayerWeights(f"l{number}", "dense", (("kernel", (2, 2)),)) for number in range(30)]
    rooms = [f"r{number}" for number in range(30)]

    def fits(layer: LayerWeights) -> bool:
        # The last layer has the first room alone, which all others would take as well.
        return layer.place == "r0" or layer.name != "l29"

    first = next(assignments(layers, rooms, fits))
    assert first[-1].place == "r0" and len({layer.place for layer in first}) == 30


def test_weights_are_the_same_in_every_process_and_scaled() -> None:
    norm = LayerWeights("n", "batchnorm", (("gamma", (2,)), ("moving_mean", (2,))))
    first, again, half = draw([norm]), draw([norm]), draw([norm], 0.5)
    assert all((first[name] == again[name]).all() for name in first)
    assert all((first[name] == 2 * half[name]).all() for name in first)
    assert trainable([norm]) == ["n/gamma"]


def test_nothing_is_close_to_an_infinity() -> None:
    expected = np.array([1.0, np.inf, 3.0])
    assert not close(np.array([1.0, 2.0, 3.0]), expected, 1e-6, 1e-9).any()
    assert not close(expected, np.array([1.0, 2.0, 3.0]), 1e-6, 1e-9)[1]
    assert close(expected[::2], expected[::2], 1e-6, 1e-9).all()
