"""``seqdsl import`` and ``seqdsl port``, end to end: what is written computes what the model computes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner, Result

import seqdsl
from seqdsl.cli.main import cli
from seqdsl.importers.reading import Difference, Reading, Unread
from seqdsl.porting import importing
from seqdsl.porting.grading import outcome_of
from seqdsl.porting.importing import Imported
from seqdsl.porting.origin import Origin
from seqdsl.porting.worker import Read
from seqdsl.verify.build import load

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def folder(monkeypatch: pytest.MonkeyPatch) -> None:
    # Functions are looked for in the working folder.
    monkeypatch.chdir(HERE)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments)


def test_a_module_is_ported_to_keras(tmp_path: Path) -> None:
    source, weights = tmp_path / "model.py", tmp_path / "model.weights.h5"
    words = ["models_torch:translator", "--to", "keras", "-o", str(source)]
    done = run("port", *words, "--weights", str(weights))
    assert done.exit_code == 0, done.output
    # Both biases of both cells are drawn at random.
    assert "`encoder/bias`, `decoder/bias`: the sum of the two biases" in done.stderr
    assert f"wrote {source}\nwrote {weights}\n" in done.stdout
    assert "initial_state" in source.read_text("utf-8")
    assert weights.stat().st_size > 0


def test_what_differs_is_named() -> None:
    done = run("import", "models_torch:StepsFirst", "--input", "*,B,3")
    assert done.exit_code == 0, done.stderr
    assert "6 weights of the model are not used" in done.stderr
    assert "(steps, samples, features)" in done.stderr


def test_a_vector_of_padding_that_is_not_trained_is_named() -> None:
    done = run("import", "models_torch:Reviews", "--input", "*:int64")
    assert done.exit_code == 0, done.stderr
    assert (
        "a vector that is not trained in the model, and is in the picture's: `words/embeddings`"
        in done.stderr
    )


def test_all_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    picture = tmp_path / "odd.seq"
    done = run("import", "models_torch:Odd", "--input", "5,3", "-o", str(picture))
    assert done.exit_code == 1, done.output
    assert "models_torch.py:" in done.stderr
    assert not picture.exists()


@pytest.mark.parametrize(
    ("function", "why"),
    [
        ("models_none:number", "int is neither"),
        ("models_none:failing", "no data here"),
        ("models_none:nothing", "has no function `nothing`"),
        ("no_such_module:build", "no module named `no_such_module`"),
        ("no_such.py:build", "write `no_such:build`"),
        ("models/no_such.py:build", "give MODULE:FUNCTION, as in `models.no_such:build`"),
        ("../no_such.py:build", "give MODULE:FUNCTION, as in `my_models:build`"),
        ("model.onnx", "not read yet"),
    ],
)
def test_what_cannot_run(function: str, why: str) -> None:
    done = run("import", function)
    assert done.exit_code == 2
    assert why in done.stderr


# What is wrong with --input, and what the message says to do.
INPUTS = {
    "features": (["*,4"], "20,4 is 20 steps of 4 features"),
    "a state without layers": (["x=5,3", "h0=4"], "h0=1,B,8"),
    "no state": (["x=5,3"], "an --input of its own"),
    "the same twice": (["x=5,3", "x=5,3"], "`x` is given twice"),
    "no such argument": (["y=5,3", "h0=1,B,4"], "choose from x, h0"),
}


@pytest.mark.parametrize("what", INPUTS)
def test_inputs_that_a_module_does_not_take(what: str) -> None:
    shapes, why = INPUTS[what]
    function = "models_torch:Tagger" if what == "features" else "models_torch:Begun"
    options = [item for shape in shapes for item in ("--input", shape)]
    done = run("import", function, *options)
    assert done.exit_code == 2, done.output
    assert why in done.stderr
    if what not in ("the same twice", "no such argument"):
        assert "return (module, example_inputs)" in done.stderr


def test_a_state_is_an_input_by_its_shape() -> None:
    done = run("import", "models_torch:Begun", "--input", "x=5,3", "--input", "h0=1,B,4")
    assert done.exit_code == 0, done.stderr


def test_lengths_are_an_input_by_its_shape() -> None:
    done = run("import", "models_torch:Packed", "--input", "x=*,3", "--input", "lengths=B:int64")
    assert done.exit_code == 0, done.stderr
    assert "lengths=true" in done.stdout


def test_a_name_is_told_once() -> None:
    assert run("import", "models_none:number").stderr.count("models_none:number") == 1


def test_an_input_that_changes_nothing_is_told() -> None:
    done = run("import", "models_torch:Deaf", "--input", "x=5,3", "--input", "z=5,3")
    assert done.exit_code == 1, done.output
    assert "no result depends on `z`" in done.stderr


def test_a_model_is_checked_as_a_picture_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """`check` compiles what was read, `--input` arrives, and what differs is told."""
    asked: list[Origin] = []

    def read(origin: Origin, **_: object) -> Imported:
        asked.append(origin)
        text = "model tagger\nY Y   dense(2)\n| |\nX X   input(3)\n"
        outcome = outcome_of([], [Difference("rnn", "it is frozen")], "torch", "")
        reading = Reading(None, unread=(Unread("a", "b", "c"),))
        return Imported(text, seqdsl.compile(text), Read(reading, "torch", "torch"), outcome)

    monkeypatch.setattr(importing, "import_model", read)
    done = run("check", "models_torch:translator", "-v", "--input", "n,3")
    assert (done.exit_code, "tagger" in done.stdout) == (0, True), done.output
    assert "Differs: `rnn`: it is frozen." in done.stderr
    assert asked[0].inputs[0].shape == ("n", 3)


def test_a_refused_model_is_a_problem(monkeypatch: pytest.MonkeyPatch) -> None:
    def read(origin: Origin, **_: object) -> Imported:
        raise importing.Refused(["no"], Reading(None, unread=(Unread("a", "b", "c"),)))

    monkeypatch.setattr(importing, "import_model", read)
    assert (run("draw", "a.b:c").exit_code, run("draw", "a.b:c").stderr) == (1, "no\n")


def test_a_live_model_stays_as_it_is(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")

    from tests.porting.models_torch import translator

    model, inputs = translator()
    model.train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    drawn: Any = torch.random.get_rng_state()
    with pytest.raises(seqdsl.ReadError, match="example_inputs"):
        seqdsl.read(model)
    port = seqdsl.port(model, "numpy", inputs)
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())
    assert torch.equal(torch.random.get_rng_state(), drawn)
    port.save(tmp_path / "weights.safetensors")
    ported = load(port.source, "again").load(tmp_path / "weights.safetensors")
    with torch.no_grad():
        expected = model.eval()(*inputs)
    np.testing.assert_allclose(
        ported.predict(*(item.numpy() for item in inputs)), expected, atol=1e-6
    )
    assert port.weights["encoder/kernel"].shape == (3, 20)
    assert "last bit" in port.report


def test_a_live_module_is_read_with_shapes_as_the_command_takes_them() -> None:
    torch = pytest.importorskip("torch")
    module = torch.nn.Sequential(torch.nn.Linear(4, 3))
    (x,) = seqdsl.read(module, "n,4").inputs
    assert [str(axis) for axis in x.shape] == ["n", "4"]
    (x,) = seqdsl.read(module, ["5,4"]).inputs
    assert [str(axis) for axis in x.shape] == ["5", "4"]
