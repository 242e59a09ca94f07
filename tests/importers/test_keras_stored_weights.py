"""The weights of a `.keras` file are those of the model, and a hostile file of them is refused."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any
from zipfile import ZIP_DEFLATED, ZipFile

import h5py
import keras
import numpy as np
import pytest
from click.testing import CliRunner

from seqdsl.cli.main import cli
from seqdsl.importers.keras.archive import model_of_file
from seqdsl.importers.keras.refusals import Refused
from seqdsl.importers.keras.stored_weights import load_weights
from seqdsl.verify.build import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_WEIGHTS = "model.weights.h5"


def _saved(folder: Path) -> tuple[keras.Model, Path]:
    x = keras.Input((5, 3), name="x")
    h = keras.layers.LSTM(4, return_sequences=True)(x)
    model = keras.Model(x, keras.layers.Dense(2)(h), name="saved")
    path = folder / "saved.keras"
    model.save(path)
    return model, path


def test_weights_are_those_of_the_file(tmp_path: Path) -> None:
    model, path = _saved(tmp_path)
    made = model_of_file(path)
    load_weights(made, path)
    for one, other in zip(model.get_weights(), made.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_port_of_a_file_computes_what_was_saved(tmp_path: Path) -> None:
    model, path = _saved(tmp_path)
    source, weights = tmp_path / "ported.py", tmp_path / "ported.safetensors"
    words = ["port", str(path), "--to", "numpy", "-o", str(source), "--weights", str(weights)]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 0, done.output
    ported = load(source.read_text("utf-8"), "ported").load(str(weights))
    x = np.random.default_rng(0).normal(size=(2, 5, 3)).astype("float32")
    np.testing.assert_allclose(ported.predict(x), model(x), atol=1e-5)


def _changed(path: Path, change: Callable[[Any], None], method: int = 0) -> Path:
    """The file with other weights."""
    stored = path.with_name("weights.h5")
    made = path.with_name("changed.keras")
    with ZipFile(path) as old:
        stored.write_bytes(old.read(_WEIGHTS))
        with h5py.File(stored, "a") as weights:
            change(weights)
        with ZipFile(made, "w", method) as new:
            for name in old.namelist():
                new.writestr(name, stored.read_bytes() if name == _WEIGHTS else old.read(name))
    return made


def _outside(weights: Any) -> None:
    group = weights["layers/dense/vars"]
    del group["0"]
    group["0"] = h5py.ExternalLink("other.h5", "/secret")


def _elsewhere(weights: Any) -> None:
    del weights["layers/dense/vars/1"]
    weights["layers/dense/vars/1"] = h5py.SoftLink("/layers/dense/vars/0")


def _virtual(weights: Any) -> None:
    layout = h5py.VirtualLayout((4, 2), "float32")
    layout[:] = h5py.VirtualSource("other.h5", "secret", (4, 2))
    del weights["layers/dense/vars/0"]
    weights.create_virtual_dataset("layers/dense/vars/0", layout)


def _stored_outside(weights: Any) -> None:
    del weights["layers/dense/vars/0"]
    weights.create_dataset(
        "layers/dense/vars/0", (4, 2), "float32", external=[("other.bin", 0, 32)]
    )


def _claimed(weights: Any) -> None:
    weights.create_dataset("bomb", (2**40,), "float32", chunks=(1024,))


def _twice(weights: Any) -> None:
    weights["layers/again"] = weights["layers/dense"]


def _other(weights: Any) -> None:
    del weights["layers/dense/vars/0"]
    weights["layers/dense/vars/0"] = np.zeros((4, 3), "float32")


HOSTILE: dict[str, tuple[Callable[[Any], None], str]] = {
    "a link to another file": (_outside, "links to somewhere else"),
    "a link within the file": (_elsewhere, "links to somewhere else"),
    "a part of another file": (_virtual, "links to somewhere else"),
    "bytes of another file": (_stored_outside, "links to somewhere else"),
    "more than there is": (_claimed, "larger than the file"),
    "an object twice": (_twice, "an object twice"),
    "another shape": (_other, "not those of the model"),
}


@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_weights_are_refused(what: str, tmp_path: Path) -> None:
    change, why = HOSTILE[what]
    _, path = _saved(tmp_path)
    made = _changed(path, change)
    with pytest.raises(Refused, match=why):
        load_weights(model_of_file(made), made)


def test_a_bomb_in_the_archive_is_refused(tmp_path: Path) -> None:
    _, path = _saved(tmp_path)

    def grow(weights: Any) -> None:
        weights["zeros"] = np.zeros(2**23, "float32")

    made = _changed(path, grow, ZIP_DEFLATED)
    assert made.stat().st_size < 2**20
    with pytest.raises(Refused, match="far more than those of the model"):
        load_weights(model_of_file(made), made)


def test_missing_weights_end_with_the_code_of_what_cannot_run(tmp_path: Path) -> None:
    _, path = _saved(tmp_path)
    made = tmp_path / "bare.keras"
    with ZipFile(path) as old, ZipFile(made, "w") as new:
        for name in set(old.namelist()) - {_WEIGHTS}:
            new.writestr(name, old.read(name))
    done = CliRunner().invoke(cli, ["import", str(made)])
    assert done.exit_code == 2, done.output
    assert "its weights cannot be read" in done.stderr


def test_weights_beside_the_model_are_told_apart(tmp_path: Path) -> None:
    """What an optimizer keeps is no weight, and is allowed."""
    model, path = _saved(tmp_path)
    model.compile("adam", "mse")
    model.fit(np.zeros((2, 5, 3)), np.zeros((2, 5, 2)), verbose=0)
    model.save(path)
    copy = shutil.copy(path, tmp_path / "copy.keras")
    made = model_of_file(copy)
    load_weights(made, copy)
    np.testing.assert_array_equal(model.get_weights()[0], made.get_weights()[0])
