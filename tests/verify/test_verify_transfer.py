"""Trained weights go from one framework's files to the other's, to the last bit, and mean the same there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from seqdsl.cli.main import cli
from seqdsl.runtime.weight_binding import NoSuchWeights

PICTURE = """
      Y   dense(2, softmax)
      |
    S S   lstm(3)
    | |
B=B=B=B   gru(3)
| | | |
N N N N   batchnorm
| | | |
W W W W
| | | |
T T T T   tokens(9)

W = embedding(6)
"""

TRAIN = """
import numpy as np, keras, seqdsl
model = seqdsl.compile(open("picture.seq").read()).build("keras")
x = np.random.default_rng(0).integers(9, size=(16, 4))
model.compile("adam", "mse")
model.fit(x, np.random.default_rng(1).random((16, 2)), epochs=2, verbose=0)
model.save("trained.keras")
np.savez("known.npz", x=x, y=model(x, training=False))
"""

OTHER = """
import keras, seqdsl
text = open("picture.seq").read().replace("softmax", "relu")
seqdsl.compile(text).build("keras").save("other.keras")
"""

SETTINGS = """
import keras, seqdsl
model = seqdsl.compile(open("picture.seq").read()).build("keras")
model.get_layer("batchnorm_n").{name} = {value}
model.save("set_{name}.keras")
"""

SET = {"epsilon": 1e-4, "momentum": 0.99}

DOUBLE = """
import keras, seqdsl, torch
keras.config.set_floatx("float64")
model = seqdsl.compile(open("picture.seq").read()).build("keras")
model.save("double.keras")
model.save_weights("double.weights.h5")
net = seqdsl.compile(open("picture.seq").read()).build("torch").double()
torch.save(net.state_dict(), "double.pt")
"""

COMPARE = """
import numpy as np, torch, keras, seqdsl
from safetensors.torch import load_file
known = np.load("known.npz")
for weights in (torch.load("weights.pt", weights_only=True), load_file("weights.safetensors")):
    net = seqdsl.compile(open("picture.seq").read()).build("torch")
    net.load_state_dict(weights)
    net.eval()
    assert abs(net(torch.from_numpy(known["x"])).detach().numpy() - known["y"]).max() < 1e-6
there, back = (keras.saving.load_model(name).get_weights() for name in ("trained.keras", "back.keras"))
assert len(there) == len(back) and all((a == b).all() for a, b in zip(there, back))
h5 = seqdsl.compile(open("picture.seq").read()).build("keras")
h5.load_weights("back.weights.h5")
assert all((a == b).all() for a, b in zip(there, h5.get_weights()))
"""


def run(code: str, folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def transfer(source: str, destination: str) -> Result:
    arguments = ["transfer", "picture.seq", "--from", source, "--to", destination]
    return CliRunner().invoke(cli, arguments)


def carry_all(*pairs: tuple[str, str]) -> None:
    for source, destination in pairs:
        found = transfer(source, destination)
        assert found.exit_code == 0, found.output


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("transfer")
    (found / "picture.seq").write_text(PICTURE, "utf-8")
    # Keras is imported once for these; a process that has built in single precision goes on in it.
    settings = [SETTINGS.format(name=name, value=value) for name, value in SET.items()]
    run("".join([TRAIN, OTHER, *settings]), found)
    return found


@pytest.mark.slow
def test_there_and_back(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    carry_all(
        ("trained.keras", "weights.pt"),
        ("trained.keras", "weights.safetensors"),
        ("weights.pt", "back.keras"),
        ("weights.safetensors", "back.weights.h5"),
    )
    run(COMPARE, folder)


def test_what_is_wrong_is_said(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    (folder / "rubbish.pt").write_bytes(b"no weights")
    found = transfer("rubbish.pt", "out.keras")
    assert found.exit_code == 1
    assert found.output.startswith("rubbish.pt: does not hold the weights of picture: ")
    assert found.output.count("\n") == 1
    assert not (folder / "out.keras").exists()
    unknown = transfer("trained.keras", "weights.bin")
    assert unknown.exit_code == 2 and "the suffix must be one of" in unknown.output
    assert transfer("trained.keras", "trained.keras").exit_code == 2
    assert transfer("nowhere.pt", "out.keras").exit_code == 2


def test_a_bare_weight_of_a_layers_name_is_taken() -> None:
    import torch

    from seqdsl.targets.torch.state_files import matched

    own = {"start.weight": torch.zeros(1, 2), "gru_h.bias_ih_l0": torch.zeros(6)}
    bare = {"start": torch.ones(2), "gru_h.bias_ih_l0": torch.zeros(6)}
    assert torch.equal(matched(bare, own)["start.weight"], torch.ones(1, 2))
    # Of another name or shape, it is named.
    with pytest.raises(NoSuchWeights, match=r"no `start\.weight`; the picture has no `first` "):
        matched({"first": bare.pop("start"), **bare}, own)
    with pytest.raises(NoSuchWeights, match="the picture has no `start` "):
        matched({"start": torch.ones(3), **bare}, own)
    with pytest.raises(NoSuchWeights, match=r"`start\.weight` should be \(1, 2\), it is \(1, 3\)"):
        matched({"start.weight": torch.ones(1, 3), **bare}, own)


class Unsafe:
    """What is called when a file that holds it is loaded by pickle."""

    def __reduce__(self) -> Any:
        return os.mkdir, ("called",)


BAD: dict[str, Any] = {
    "unsafe.pt": {"dense_y.weight": Unsafe()},
    "module.pt": lambda torch: torch.nn.Linear(2, 2),
    "list.pth": lambda torch: [torch.zeros(2)],
    "number.pt": {"dense_y.weight": 1},
    "nothing.pt": b"",
    "junk.pt": b"junk junk",
    "text.pt": b"no weights",
}
"""What files hold; what is made of PyTorch is made late, as tests are collected without it."""
NOT_TENSORS = "the file holds something other than named tensors, and is not loaded"


def write_bad(file: Path) -> None:
    import torch

    held = BAD[file.name]
    if isinstance(held, bytes):
        file.write_bytes(held)
    else:
        torch.save(held(torch) if callable(held) else held, file)


@pytest.mark.parametrize("name", list(BAD))
def test_files_of_more_than_tensors_are_not_loaded(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import torch

    from seqdsl.targets.torch.runtime import file_precision, load_file

    monkeypatch.chdir(tmp_path)
    write_bad(tmp_path / name)
    for read in (file_precision, lambda file: load_file(lambda: torch.nn.Linear(2, 2), file)):
        with pytest.raises(NoSuchWeights, match=f"^{NOT_TENSORS}$"):
            read(tmp_path / name)
    assert not (tmp_path / "called").exists()


def test_transfer_gives_no_advice_to_run_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "picture.seq").write_text("Y   dense(2)\n|\nX   input(3)\n", "utf-8")
    write_bad(tmp_path / "unsafe.pt")
    found = transfer("unsafe.pt", "out.safetensors")
    assert found.exit_code == 1
    words = "unsafe.pt: does not hold the weights of picture: "
    assert found.output == f"{words}{NOT_TENSORS}\n"
    assert sorted(item.name for item in tmp_path.iterdir()) == ["picture.seq", "unsafe.pt"]


COMPARE_DOUBLE = """
import numpy as np, torch, keras
there = keras.saving.load_model("double.keras").get_weights()
for name in ("one.keras", "two.keras"):
    back = keras.saving.load_model(name).get_weights()
    assert all(a.dtype == b.dtype == "float64" and (a == b).all() for a, b in zip(there, back))
one, two = (torch.load(name, weights_only=True) for name in ("double.pt", "three.pt"))
one = {k: v for k, v in one.items() if v.is_floating_point() and not ("lstm" in k and "bias" in k)}
assert all(two[k].dtype == torch.float64 and (two[k] == v).all() for k, v in one.items())
"""


@pytest.mark.slow
def test_no_digit_is_lost(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    run(DOUBLE, folder)
    carry_all(
        ("double.keras", "one.pt"),
        ("one.pt", "one.keras"),
        ("double.weights.h5", "two.safetensors"),
        ("two.safetensors", "two.keras"),
        ("double.pt", "three.weights.h5"),
        ("three.weights.h5", "three.pt"),
    )
    run(COMPARE_DOUBLE, folder)


def test_a_model_that_is_not_the_picture(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    found = transfer("other.keras", "other.pt")
    assert found.exit_code == 1 and "computes different values than the picture" in found.output
    assert "`dense_y` has activation=relu, expected softmax" in found.output
    assert not (folder / "other.pt").exists()


@pytest.mark.parametrize(
    ("name", "what"),
    [("epsilon", "0.0001, expected 1e-05"), ("momentum", "0.99, expected 0.9")],
)
def test_another_setting_is_said(
    name: str, what: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    found = transfer(f"set_{name}.keras", "other.pt")
    assert found.exit_code == 1
    assert (
        f"its settings differ from the picture's: `batchnorm_n` has {name}={what}" in found.output
    )
    assert not (folder / "other.pt").exists()


def test_what_was_there_stays_until_it_is_replaced(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    (folder / "kept.pt").write_text("kept", "utf-8")
    before = set(folder.iterdir())
    assert transfer("rubbish.keras", "kept.pt").exit_code == 2
    (folder / "rubbish.keras").write_bytes(b"no model")
    assert transfer("rubbish.keras", "kept.pt").exit_code == 1
    assert (folder / "kept.pt").read_text("utf-8") == "kept"
    assert transfer("trained.keras", "kept.pt").exit_code == 0
    assert (folder / "kept.pt").read_bytes()[:4] == b"PK\x03\x04"
    assert set(folder.iterdir()) - before == {folder / "rubbish.keras"}
