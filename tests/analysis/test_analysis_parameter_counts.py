"""Parameter counts: the numbers of the frameworks' guides, and the formulas behind them."""

from __future__ import annotations

import pytest

from seqdsl.analysis.parameter_counts import count_weights
from seqdsl.size import Size
from tests.lowering.pictures import compiled

# Keras prints these in its guides and summaries; PyTorch's are `sum(p.numel() for p in parameters())`.
COUNTS = [
    ("dense", 784, 64, {}, 50_240, 50_240),
    ("dense", 64, 10, {}, 650, 650),
    ("dense", 64, 10, {"bias": False}, 640, 640),
    ("lstm", 64, 128, {}, 98_816, 99_328),
    ("lstm", 28, 64, {}, 23_808, 24_064),
    ("lstm", 64, 128, {"bias": False}, 98_304, 98_304),
    ("lstm", 128, 64, {"bidirectional": True}, 98_816, 99_328),
    ("gru", 64, 256, {}, 247_296, 247_296),
    ("gru", 64, 256, {"bias": False}, 245_760, 245_760),
    ("rnn", 256, 128, {}, 49_280, 49_408),
    ("rnn", 2, 3, {"bidirectional": True}, 36, 42),
    ("embedding", 1, 64, {"vocabulary": Size.of(1000)}, 64_000, 64_000),
    ("conv", 8, 16, {"kernel": 3}, 400, 400),
    ("conv", 8, 16, {"kernel": 3, "bias": False}, 384, 384),
    ("layernorm", 16, 16, {}, 32, 32),
    ("batchnorm", 16, 16, {}, 64, 32),
    ("dropout", 16, 16, {}, 0, 0),
    ("activation", 16, 16, {}, 0, 0),
    ("add", 16, 16, {}, 0, 0),
    ("attention", 16, 16, {}, 0, 0),
    ("attention", 8, 8, {"heads": 2, "memory": Size.of(8)}, 288, 288),
    ("attention", 8, 8, {"heads": 2, "memory": Size.of(6)}, 8 * 8 * 2 + 8 * 6 * 2 + 32, 256),
]


@pytest.mark.parametrize(("kind", "width", "units", "arguments", "keras", "torch"), COUNTS)
def test_counts(
    kind: str, width: int, units: int, arguments: dict[str, object], keras: int, torch: int
) -> None:
    found = count_weights(kind, Size.of(width), Size.of(units), arguments)
    assert {target: size.constant for target, size in found.items()} == {
        "keras": keras,
        "torch": torch,
    }


def test_counts_follow_the_parameters() -> None:
    found = count_weights("lstm", Size.of("features"), Size.of("units"), {})["keras"]
    for features, units in ((64, 128), (28, 64), (1, 1)):
        wanted = 4 * (units * (units + features) + units)
        assert found.value({"features": features, "units": units}) == wanted


def test_a_letter_is_counted_once() -> None:
    twice = compiled("Y\n|\nD\n|\nD\n|\nX", "X = input(4)", "D = dense(4)", "Y = dense(1)")
    assert twice.parameters == {"keras": 20 + 5, "torch": 20 + 5}


def test_anonymous_rows_are_counted_each() -> None:
    model = compiled("O   dense(4)\n|\nO   dense(4)\n|\nO   input(4)")
    assert model.parameters["keras"] == 40
