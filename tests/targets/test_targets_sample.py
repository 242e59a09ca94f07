"""What is sampled has the frequencies that the picture says, and each sample and step is drawn by itself."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
import pytest
import torch

import seqdsl

COUNT, TEMPERATURE = 4000, 0.5
IDS = f"S S\n| |\nX X   input(3)\n\nS = sample({TEMPERATURE})\n"
VALUES = "S S\n| |\nX X   input(4)\n\nS = sample(normal)\n"
LOGITS = np.array([0.0, 0.5, -0.5])
MOMENTS = np.array([1.0, -2.0, 0.5, 3.0])


def drawn(text: str, target: str, row: np.ndarray, tmp_path: Path) -> np.ndarray:
    """What a model draws of one row of features, at two steps of many samples."""
    module: dict[str, object] = {"__name__": "generated"}
    exec(seqdsl.compile(text).source(target), module)
    x = np.broadcast_to(row, (COUNT, 2, len(row))).astype("float32")
    if target == "numpy":
        file = tmp_path / "empty.safetensors"
        file.write_bytes(b"\x02\0\0\0\0\0\0\0{}")
        model = module["load"](file)  # type: ignore[operator]
        model.random = np.random.default_rng(0)
        return np.asarray(model.predict(x))
    if target == "torch":
        torch.manual_seed(0)
        return module["build_model"]()(torch.from_numpy(x)).numpy()  # type: ignore[operator]
    keras.utils.set_random_seed(0)
    return np.asarray(module["build_model"]()(x))  # type: ignore[operator]


@pytest.mark.parametrize("target", ["torch", "numpy", "keras"])
def test_ids_have_the_frequencies_of_the_softmax(target: str, tmp_path: Path) -> None:
    ids = drawn(IDS, target, LOGITS, tmp_path)
    assert ids.shape == (COUNT, 2)
    weights = np.exp(LOGITS / TEMPERATURE)
    chances = weights / weights.sum()
    # Four deviations of a frequency of so many draws.
    far = 4 * np.sqrt(chances * (1 - chances) / COUNT)
    for step in (0, 1):
        assert (abs(np.bincount(ids[:, step], minlength=3) / COUNT - chances) < far).all()
    # One draw for both steps would make them equal.
    both = (chances**2).sum()
    assert abs((ids[:, 0] == ids[:, 1]).mean() - both) < 4 * np.sqrt(both * (1 - both) / COUNT)


@pytest.mark.parametrize("target", ["torch", "numpy", "keras"])
def test_values_have_their_mean_and_deviation(target: str, tmp_path: Path) -> None:
    values = drawn(VALUES, target, MOMENTS, tmp_path)
    assert values.shape == (COUNT, 2, 2)
    mean, deviation = np.split(MOMENTS, 2)
    assert (abs(values.mean(axis=(0, 1)) - mean) < 4 * deviation / np.sqrt(2 * COUNT)).all()
    assert np.allclose(values.std(axis=(0, 1)), deviation, rtol=0.04)
    standard = ((values - mean) / deviation).reshape(COUNT, -1)
    # Steps and features are drawn by themselves.
    assert (abs(np.corrcoef(standard.T) - np.eye(4)) < 4 / np.sqrt(COUNT)).all()
