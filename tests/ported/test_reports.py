"""Reports against other converters: the numbers that they are about, with data of their own.

All these models are ported in the tests beside this one as well, in double precision.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from seqdsl.targets import runtime
from tests.ported.keras_catalog import KERAS
from tests.ported.running import imported, live_port
from tests.ported.torch_catalog import TORCH

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.ported.catalog import Catalog

    Arrays = list[Any]
    Call = Callable[[Arrays], Arrays]

DRAWN = np.random.default_rng(15)


def _drawn(*shapes: tuple[int, ...]) -> Arrays:
    return [DRAWN.normal(size=shape).astype(np.float32) for shape in shapes]


IDS = np.array([[0, 0, 3, 7, 5], [4, 0, 2, 0, 8], [6, 1, 8, 0, 0], [1, 2, 3, 4, 5]], np.int32)
"""Padding in front, between, at the end, nowhere."""

REPORTS: dict[str, tuple[Catalog, str, Arrays]] = {
    "keras 15915: drift": (TORCH, "WideGru", _drawn((3, 7, 12))),
    "onnxscript 2852: reset": (TORCH, "ResetBehind", _drawn((3, 6, 4))),
    "tensorflow-onnx 2211: relu": (KERAS, "relu_both_ways", _drawn((3, 4, 3))),
    "keras-onnx 523: order": (KERAS, "backward_steps", _drawn((3, 4, 3))),
    "tensorflow-onnx 1871: mask": (KERAS, "masked_ids", [IDS]),
    "tensorflow-onnx 1871: both": (KERAS, "masked_both_ways", [IDS]),
    "keras-onnx 386: padding": (KERAS, "all_padding", [np.zeros((2, 3, 2), np.float32)]),
    "pytorch 171978: packed": (
        TORCH,
        "packed_series",
        [*_drawn((3, 5, 3)), np.array([2, 5, 3], np.int32)],
    ),
    "pytorch 112044: packed": (
        TORCH,
        "packed_sentiment",
        [np.array([[3, 1, 2, 0, 0], [5, 4, 3, 2, 1]], np.int32), np.array([3, 5], np.int32)],
    ),
    "keras-onnx 114: states": (KERAS, "states_in", _drawn((3, 4, 3), (3, 5))),
    "coremltools 698: states": (
        KERAS,
        "lstm_states_in_and_out",
        _drawn((3, 4, 3), (3, 5), (3, 5)),
    ),
    "onnx-tensorflow 409: both": (
        KERAS,
        "begun_both_ways",
        _drawn((3, 4, 3), *[(3, 2)] * 4),
    ),
    "keras-onnx 123: samples": (KERAS, "autoencoder", _drawn((6, 4, 2))),
    "onnx2torch 136: rows": (KERAS, "plain_rows", _drawn((3, 9, 3))),
    "coremltools 157: merged": (KERAS, "merged_by_sum", _drawn((3, 4, 3))),
}
"""What is reported, the model of it in a catalog, and what is fed to it."""


def _both(report: str, folder: Path) -> tuple[Call, Call]:
    """A model with random weights, and its port."""
    catalog, name, _ = REPORTS[report]
    built = catalog.entries[name].build()
    model = built[0] if isinstance(built, tuple) else built
    own, other = ("keras", "torch") if catalog is KERAS else ("torch", "keras")
    _randomize(model, own)
    found = imported(replace(catalog.entries[name], build=lambda: built), folder)
    framework = runtime(own)
    return lambda arrays: framework.call(model, arrays), live_port(found, other, folder)


def _randomize(model: Any, framework: str) -> None:
    """Weights that are all different: a bias of zeros hides where it is added."""
    weights = model.weights if framework == "keras" else [*model.parameters()]
    for weight in weights:
        shape = tuple(weight.shape)
        drawn = DRAWN.normal(size=shape, scale=min(0.5, 2 / np.sqrt(shape[-1]))).astype(np.float32)
        if framework == "keras":
            weight.assign(drawn)
        else:
            import torch

            weight.data = torch.from_numpy(drawn)


@pytest.mark.parametrize("report", REPORTS)
def test_a_report(report: str, tmp_path: Path) -> None:
    original, port = _both(report, tmp_path)
    arrays = REPORTS[report][2]
    expected, found = original(arrays), port(arrays)
    assert [item.shape for item in found] == [item.shape for item in expected]
    for one, other in zip(found, expected, strict=True):
        if "packed" in report and one.ndim > 2:
            # On padded steps the model gives its bias, and the picture zero: the report of the import says so.
            valid = np.arange(one.shape[1]) < arrays[1][:, None]
            one, other = one[valid], other[valid]  # noqa: PLW2901
        assert np.abs(other).max() > 0 or report == "keras-onnx 386: padding"
        np.testing.assert_allclose(one, other, atol=2e-5)


def test_a_sample_that_is_all_padding_gives_zeros(tmp_path: Path) -> None:
    """keras-onnx, change 386: the biases showed in it."""
    _, port = _both("keras-onnx 386: padding", tmp_path)
    (found,) = port(REPORTS["keras-onnx 386: padding"][2])
    assert not found.any()


def test_a_sample_is_the_same_alone_and_among_others(tmp_path: Path) -> None:
    """keras-onnx #123: right for a batch of one, wrong beyond."""
    _, port = _both("keras-onnx 123: samples", tmp_path)
    (arrays,) = REPORTS["keras-onnx 123: samples"][2]
    (whole,) = port([arrays])
    alone = [port([arrays[at : at + 1]])[0] for at in range(len(arrays))]
    np.testing.assert_allclose(whole, np.concatenate(alone), atol=1e-6)


def test_backward_steps_come_in_the_order_in_which_they_are_computed(tmp_path: Path) -> None:
    """keras-onnx #523: the first step that is given has read the last step alone."""
    _, port = _both("keras-onnx 523: order", tmp_path)
    (arrays,) = REPORTS["keras-onnx 523: order"][2]
    changed = arrays.copy()
    changed[:, 0] += 1.0
    (one,), (other,) = port([arrays]), port([changed])
    assert np.array_equal(one[:, :3], other[:, :3])
    assert not np.allclose(one[:, 3], other[:, 3])
