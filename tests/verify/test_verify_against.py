"""Somebody's own model is held to a picture, whatever its layers are called."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

import seqdsl
from seqdsl.cli.main import cli
from seqdsl.targets import TRAINED
from seqdsl.verify import perturb
from seqdsl.verify.against import factory_job, framework_of
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.lane import Lane
from seqdsl.verify.oracle_worker import job_with_expected

PICTURE = """
        Y   dense(2)
        |
H H H H H   lstm(4)
| | | | |
G G G G G   lstm(4)
| | | | |
X X X X X   input(4)
"""

TORCH = '''
import torch
from torch import nn


class Stack(nn.Module):
    """Both rows in one module, the head in another."""

    def __init__(self, at=-1, rows=2):
        super().__init__()
        self.deep = nn.LSTM(4, 4, num_layers=rows, batch_first=True)
        self.out = nn.Sequential(nn.Linear(4, 2))
        self.at = at

    def forward(self, x):
        return self.out(self.deep(x)[0][:, self.at])


class Single(Stack):
    """Insists on single precision."""

    def forward(self, x):
        return super().forward(x + torch.zeros(1, dtype=torch.float32)) if x.dtype == torch.float32 else 1 / 0


class Cells(nn.Module):
    """Taken step by step, and the upper cell is defined first."""

    def __init__(self):
        super().__init__()
        self.upper, self.lower = nn.LSTMCell(4, 4), nn.LSTMCell(4, 4)
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        low = high = None
        for step in x.unbind(1):
            low = self.lower(step, low)
            high = self.upper(low[0], high)
        return self.head(high[0])


class Named(Stack):
    """Gives its result a name."""

    def forward(self, x):
        return {"y": super().forward(x)}


class WithState(Stack):
    """Gives its state as well."""

    def forward(self, x):
        return super().forward(x), self.deep(x)[1]


class Many(nn.Module):
    """Has more layers of one shape than can all be tried."""

    def __init__(self):
        super().__init__()
        self.cells = nn.ModuleList(nn.LSTM(4, 4, batch_first=True) for _ in range(20))
        self.head = nn.Linear(4, 2)

    def forward(self, x):
        return self.head(self.cells[18](self.cells[19](x)[0])[0][:, -1])


def right():
    return Stack()


def early():
    return Stack(-2)


def shallow():
    return Stack(rows=1)


def nothing():
    return 3
'''

KERAS = """
import keras
from keras import layers


def build():
    x = keras.Input((5, 4))
    h = layers.LSTM(4, return_sequences=True, name="a")(x)
    h = layers.LSTM(4, return_sequences=True, name="b")(h)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(2))(h)[:, -1])


def distributed():
    x = keras.Input((None, 4))
    h = layers.LSTM(4, return_sequences=True)(x)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(2))(h))


def last_of_distributed():
    x = keras.Input((None, 4))
    h = layers.LSTM(4, return_sequences=True)(x)
    return keras.Model(x, layers.TimeDistributed(layers.Dense(2))(h)[:, -1])


def plain():
    x = keras.Input((None, 4))
    h = layers.LSTM(4, return_sequences=True)(x)
    return keras.Model(x, layers.Dense(2)(h))
"""

ANY_LENGTH = """
Y Y..n..Y   dense(2)
| |     |
H-H-...-H   lstm(4)
| |     |
X X..n..X   input(4)
"""


LAST_OF_ANY = """
        Y   dense(2)
        |
H-H-...-H   lstm(4)
| |     |
X X..n..X   input(4)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    tmp_path = tmp_path_factory.mktemp("against")
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "__init__.py").touch()
    (tmp_path / "mine" / "own.py").write_text(TORCH, "utf-8")
    (tmp_path / "mine" / "in_keras.py").write_text(KERAS, "utf-8")
    (tmp_path / "picture.seq").write_text(PICTURE, "utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path)
        yield tmp_path


Failures = Callable[..., dict[str, str]]


@pytest.fixture(scope="module")
def failures(folder: Path) -> Iterator[Failures]:
    """The checks that a factory's model fails."""
    lanes = {target: Lane(target) for target in TRAINED}

    def found(factory: str, target: str = "torch", picture: str = PICTURE) -> dict[str, str]:
        model = seqdsl.compile(picture, "picture.seq")
        results = lanes[target].run(factory_job(model, factory, target, CHECKS, compute_expected))
        return {item.check: item.message for item in results if not item.passed}

    yield found
    for lane in lanes.values():
        lane.close()


@pytest.mark.parametrize("factory", ["mine.own:right", "mine.own:Cells", "mine.own:Single"])
def test_a_right_model(failures: Failures, factory: str) -> None:
    found = failures(factory)
    found.pop("parameters", None)
    assert found == {}


def test_a_right_keras_model(failures: Failures) -> None:
    assert failures("mine.in_keras:build", "keras") == {}


def test_time_distributed_in_a_graph_for_any_length(failures: Failures) -> None:
    """Called directly it is right; as `fit` calls it, it gives as many steps as samples."""
    found = failures("mine.in_keras:distributed", "keras", ANY_LENGTH)
    assert "takes samples for steps" in found["shapes"]
    assert failures("mine.in_keras:plain", "keras", ANY_LENGTH) == {}


def test_a_graph_for_any_length_in_which_only_the_values_are_wrong(failures: Failures) -> None:
    found = failures("mine.in_keras:last_of_distributed", "keras", LAST_OF_ANY)
    assert "other values than if it is called directly" in found.pop("shapes")
    assert set(found.values()) == {"not tried, because the shapes are wrong"}


def test_a_model_that_reads_the_step_before_the_last(failures: Failures) -> None:
    found = failures("mine.own:early")
    assert found.keys() == {"reference", "dependence", "agreement", "training"}
    assert (
        "`y` does not depend on step 5 of `x`, but the picture connects them" in found["dependence"]
    )
    assert "x x x x -" in found["dependence"]


def test_a_model_without_a_layer(failures: Failures) -> None:
    found = failures("mine.own:shallow")
    assert "parameters" in found
    assert found["reference"].startswith("not verified, because the weights cannot be set")


@pytest.mark.parametrize(
    ("factory", "what"),
    [
        ("mine.own:Named", "returns dict"),
        ("mine.own:WithState", "returns a tuple of Tensor, tuple"),
    ],
)
def test_a_model_that_returns_no_tensors(failures: Failures, factory: str, what: str) -> None:
    found = failures(factory)
    assert "build" not in found
    assert what in found["shapes"] and "a tuple of tensors in the order" in found["shapes"]


def test_more_ways_than_are_tried(failures: Failures) -> None:
    found = failures("mine.own:Many")
    assert "more than the 200 ways that were tried" in found["reference"]


def test_no_model(failures: Failures) -> None:
    assert failures("mine.own:nothing") == {
        "build": "mine.own:nothing() returned int, which is not a torch model"
    }
    assert "ModuleNotFoundError" in failures("mine.lost:build")["build"]


def test_the_framework_is_read_off_the_imports(folder: Path) -> None:
    assert framework_of("mine.own:right") == "torch"
    assert framework_of("mine.in_keras:build") == "keras"
    assert framework_of("mine:build") is None
    assert framework_of("nowhere.at.all:build") is None


def command(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["verify", "picture.seq", *arguments])


def test_the_command(folder: Path) -> None:
    found = command("--against", "mine.own:early", "--check", "shapes", "--check", "dependence")
    assert found.exit_code == 1
    assert "picture, torch: dependence failed" in found.output
    assert "3 checks: 1 failed" in found.output
    assert command("--against", "mine.own:right", "--check", "dependence").exit_code == 0
    assert command("--against", "mine:build").exit_code == 2


FAR = """
        Y   dense(2)
        |
H H ... H   rnn(2)
| |     |
X X ... X   input(3)
"""


def test_single_precision_is_not_asked_for_what_it_cannot_see() -> None:
    base = np.full((4, 1, 1), 0.5)
    outputs = base + np.tile([[[0.0]], [[1e-7]], [[1e-3]], [[0.0]]], (perturb.DRAWS, 1, 1)).reshape(
        -1, 4, 1, 1
    )
    found = outputs.reshape(-1, 1, 1)
    assert perturb.moved([found], 3).tolist() == [[True, True, False]]
    assert perturb.moved([found.astype(np.float32)], 3).tolist() == [[False, True, False]]
    # However small all of a result is, what moves it is seen.
    assert perturb.moved([found * 1e-20], 3).tolist() == [[True, True, False]]


def test_what_nobody_can_see_is_told(lanes: dict[str, Lane]) -> None:
    model = seqdsl.compile(FAR, "far.seq")
    proof = compute_expected(model)
    assert "?" not in "".join(proof.reach)
    faint = replace(proof, reach=tuple(f"?{row[1:]}" for row in proof.reach))
    job = job_with_expected(model, "torch", ["dependence"], lambda _: faint)
    _, result = lanes["torch"].run(job)
    total = len("".join(proof.reach))
    assert result.passed and result.message.startswith(f"1 of the {total} pairs of steps")
