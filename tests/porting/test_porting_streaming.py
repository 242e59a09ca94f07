"""Large weights are in memory as few times as may be, and a model that is too large for all checks is ported."""

from __future__ import annotations

import weakref
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import torch
from torch import nn

from seqdsl.porting.streaming import copy_weights, is_close, save_weights, why_unwritten
from seqdsl.runtime import named_weights
from seqdsl.runtime.named_weights import LayerWeights, draw, in_pieces
from seqdsl.verify import jobs, set_aside
from seqdsl.verify.set_aside import drawn_aside, moved_aside, put_aside, read_aside, write_all
from tests.ported.catalog import Entry
from tests.ported.running import imported, ported

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDE = 1000
"""Numbers of a layer."""


class _Counting:
    """A framework of layers by name that counts how many arrays of weights are in memory at once."""

    def __init__(self) -> None:
        self.alive = self.most = 0
        self.written: dict[str, float] = {}

    def read(self, model: Any, layers: Sequence[str], *, copied: bool = True) -> dict[str, Any]:
        return {f"{layer}/kernel": self._array(float(layer)) for layer in layers}

    def write(self, model: Any, layers: Sequence[str], arrays: Mapping[str, Any]) -> None:
        self.written |= {layer: float(arrays[f"{layer}/kernel"][-1]) for layer in layers}

    def _array(self, value: float) -> Any:
        array = np.full(WIDE, value)
        self.alive += 1
        self.most = max(self.most, self.alive)
        weakref.finalize(array, self._gone)
        return array

    def _gone(self) -> None:
        self.alive -= 1


LAYERS: list[Any] = [str(number) for number in range(12)]


def test_large_arrays_wait_in_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_aside, "AT_ONCE", 5)
    wide, few = np.arange(6.0).reshape(1, 6), np.arange(12).reshape(6, 2).T
    before = {
        "kernel": np.arange(6.0).reshape(2, 3).T,
        "wide": wide,
        "ids": few,
        "bias": np.ones(3),
    }
    arrays = put_aside(before)
    assert all(isinstance(arrays[name], np.memmap) for name in ("kernel", "wide", "ids"))
    assert arrays["bias"] is before["bias"]
    for name, array in arrays.items():
        assert array.dtype == before[name].dtype
        assert np.array_equal(array, before[name])


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full")
def test_arrays_stay_in_memory_where_the_temporary_folder_is_full(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(set_aside, "AT_ONCE", 5)
    full = partial(open, "/dev/full", "w+b", buffering=0)
    monkeypatch.setattr(set_aside, "TemporaryFile", lambda prefix: full())
    array = np.arange(6.0)
    assert put_aside({"kernel": array})["kernel"] is array


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no file that is always full")
def test_weights_that_have_no_room_say_where_to_put_them() -> None:
    framework: Any = _Counting()
    with pytest.raises(OSError) as caught:
        save_weights(Path("/dev/full"), framework, None, LAYERS)
    assert "set TMPDIR" in why_unwritten(caught.value, "/tmp/seqdsl-x")
    assert not why_unwritten(ValueError("other"), "/tmp/seqdsl-x")


def test_weights_are_read_and_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a whole model there is never a second copy in memory."""
    monkeypatch.setattr(set_aside, "AT_ONCE", WIDE - 1)
    monkeypatch.setattr(set_aside, "in_pieces", lambda layers: ([layer] for layer in layers))
    framework: Any = _Counting()
    arrays = read_aside(framework, None, LAYERS)
    assert framework.most <= 2
    write_all(framework, None, LAYERS, arrays)
    assert framework.written == {layer: float(layer) for layer in LAYERS}


def test_pieces_hold_as_many_layers_as_are_copied_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(named_weights, "AT_ONCE", 10)
    sizes = {"a": 4, "b": 6, "c": 1, "d": 50, "e": 2}
    layers = [LayerWeights(name, "dense", (("bias", (size,)),)) for name, size in sizes.items()]
    pieces = ["".join(layer.name for layer in piece) for piece in in_pieces(layers)]
    assert pieces == ["ab", "c", "d", "e"]


def test_tables_are_drawn_some_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    shapes = (("embeddings", (11, 3)),)
    tables = [LayerWeights("table", "embedding", shapes), LayerWeights("few", "embedding", shapes)]
    whole = draw(tables, 0.5)
    monkeypatch.setattr(named_weights, "AT_ONCE", 12)
    monkeypatch.setattr(set_aside, "AT_ONCE", 12)
    found = drawn_aside(tables, 0.5)
    assert {name: array.tolist() for name, array in found.items()} == {
        name: array.tolist() for name, array in whole.items()
    }
    assert isinstance(found["table/embeddings"], np.memmap)


def test_weights_are_moved_some_rows_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(set_aside, "AT_ONCE", 5)
    # Of most rows of a table the gradient is zero, of the last ones, too.
    array, step = np.zeros((8, 3)), np.zeros((8, 3))
    array[2], step[3] = 1.0, 2.0
    moved = moved_aside(array, step, -0.5)
    assert isinstance(moved, np.memmap)
    assert moved.tolist() == (array - 0.5 * step).tolist()


def test_layers_are_saved_one_by_one(tmp_path: Path) -> None:
    framework: Any = _Counting()
    save_weights(tmp_path / "weights.npz", framework, None, LAYERS)
    # One that is written, and the next one that is read.
    assert framework.most <= 2
    with np.load(tmp_path / "weights.npz") as weights:
        assert set(weights) == {f"{layer}/kernel" for layer in LAYERS}
        assert all((weights[f"{layer}/kernel"] == float(layer)).all() for layer in LAYERS)


def test_layers_are_handed_over_one_by_one() -> None:
    framework: Any = _Counting()
    copy_weights(framework, (None, None), (LAYERS, LAYERS))
    assert framework.most <= 2
    assert framework.written == {layer: float(layer) for layer in LAYERS}


def test_arrays_are_compared_in_parts() -> None:
    one = np.linspace(-1, 1, 2**21 + 3).reshape(-1, 1)
    other = one.copy()
    assert is_close(one, other, 1e-6, 0.0)
    other[-1] += 1e-3
    assert not is_close(one, other, 1e-6, 0.0)
    assert not is_close(one, other[:-1], 1, 1)
    assert not is_close(one, np.full_like(one, np.nan), 1, 1)


def test_a_model_that_is_too_large_for_random_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is called with fewer samples, by the original as by the port."""
    monkeypatch.setattr(jobs, "LIMIT", 5)
    entry = Entry("small", lambda: (nn.Sequential(nn.Linear(3, 2)), (torch.zeros(4, 3),)))
    found = imported(entry, tmp_path)
    assert "not tried" in found.outcome.skipped
    own = ported(found, "keras", tmp_path, in_full=True)
    assert own.cases == 2
