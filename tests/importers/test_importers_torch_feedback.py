"""PyTorch modules whose outputs become inputs → pictures with delayed nodes that compute the same."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from click.testing import CliRunner

import seqdsl
from seqdsl.cli.main import cli
from seqdsl.importers.torch.read import read_torch
from seqdsl.layout.of_wirings import draw_wirings
from seqdsl.targets.torch.weights import read, write
from seqdsl.verify.spec_weights import layer_weights
from tests.importers import torch_feedback
from tests.importers.wires import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from torch import Tensor

EXPECTED = {
    "own": """
        x: input(3)
        encoder = gru(8) x[5]
        cell = gru(8) 0 out.0 out.1 out.2 begins encoder
        out = dense(2) cell[4]
        -> out
    """,
    "sine": """
        x: input(1)
        cell = lstm(6) x.0 x.1 x.2 x.3 head.3 head.4 head.5
        head = dense(1) cell[7]
        -> head
    """,
    "start": """
        v: input(6)
        hidden = dense(7, tanh) v.0
        start = learned(5)
        lstm = lstm(7) start.0 out.0 out.1 out.2 begins hidden.0
        out = dense(5) lstm[4]
        -> out
    """,
    "bahdanau": """
        source: tokens(10)
        words = embedding(6) source[5]
        encoder = gru(8) words[5]
        key = dense(5) encoder[5]
        ask = dense(5) encoder.4 decoder.0 decoder.1
        score = attention(score=additive) ask[3] & of encoder[5] & of key[5]
        decoder = gru(8) 0+score.0 out.0+score.1 out.1+score.2 begins encoder
        out = dense(4) decoder[3]
        -> out
    """,
    "residual": """
        x: input(3)
        past = gru(5) x[5]
        past_1 = gru(5) past[5]
        future = gru(5) x.4 add.0 add.1 begins past
        future_1 = gru(5) future[3] begins past_1
        out = dense(3) future_1[3]
        add = add x.4 add.0 add.1 & out[3]
        -> add
    """,
    "top": """
        x: input(3)
        encoder = lstm(8) x[5]
        words = embedding(6) 0 argmax.0 argmax.1 argmax.2
        cell = lstm(8) words[4] begins encoder
        out = dense(9) cell[4]
        argmax = argmax out[3]
        result = output out[4]
        -> result
    """,
}
"""The wires of models, worked out by hand: each idiom once."""


@pytest.fixture(autouse=True)
def _single_precision() -> Iterator[None]:
    """Let no test change the precision for others."""
    yield
    torch.set_default_dtype(torch.float32)


@pytest.mark.parametrize("name", EXPECTED)
def test_the_wires_of_a_loop(name: str) -> None:
    make, example = torch_feedback.MODELS[name]
    reading = read_torch(make(), example)
    assert reading.unread == ()
    assert reading.wirings is not None
    wanted = [line.strip() for line in EXPECTED[name].split("\n") if line.strip()]
    assert lines(reading.wirings.at[0]) == wanted


@pytest.mark.parametrize("name", torch_feedback.MODELS)
def test_the_picture_computes_the_same(name: str) -> None:
    torch.manual_seed(0)
    make, example = torch_feedback.MODELS[name]
    original = make()
    reading = read_torch(original, example)
    assert reading.wirings is not None, reading.unread
    (model,) = seqdsl.compile_all(draw_wirings(reading.wirings))
    original, generated = original.double().eval(), model.build("torch").double().eval()
    own = layer_weights(model.spec)
    placed = [replace(item, place=reading.places[item.name]) for item in own]
    write(generated, own, read(original, placed))
    given = [_random(value) for value in example]
    torch.set_default_dtype(torch.double)
    with torch.no_grad():
        expected, found = original(*given), generated(*given)
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-9)


def _random(value: Tensor) -> Tensor:
    if value.dtype.is_floating_point:
        return torch.randn(value.shape, dtype=torch.double)
    return torch.randint(1, 9, value.shape)


def test_a_live_decoder_is_read_and_checked() -> None:
    """With gradients and all: attention, a start of zeros, outputs that become inputs."""
    torch.manual_seed(1)
    picture = seqdsl.read(torch_feedback.Luong(), inputs=torch_feedback.X)
    assert "feedback" in picture.qualifiers
    assert "XXXXXyyyyinput(3)" in picture.spec.picture.replace(" ", "")


def test_the_command_imports_a_decoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parent)
    picture = tmp_path / "decoder.seq"
    words = ["torch_feedback:OwnOutput", "--input", "5,3", "-o", str(picture)]
    done = CliRunner().invoke(cli, ["import", *words])
    assert done.exit_code == 0, done.output
    text = picture.read_text("utf-8")
    assert "y y y y" in text
    assert "E-E-E-E-E" in text


@pytest.mark.parametrize(
    ("module", "word", "reason", "way"),
    [
        (torch_feedback.Sampled(), "multinomial", "samples at random", "as it is trained"),
        (torch_feedback.Greedy(start=2), "embedding", "begins with the id 2", "an input"),
    ],
    ids=["sampled", "a start that is a number of the code"],
)
def test_what_cannot_be_fed_back_is_refused(
    module: torch.nn.Module, word: str, reason: str, way: str
) -> None:
    reading = read_torch(module, (torch_feedback.X,))
    assert reading.wirings is None
    faults = [item for item in reading.unread if item.reason.startswith(f"`{word}`")]
    assert faults and all(reason in item.reason and way in item.way for item in faults)
