"""Generated models that take and give state: in pieces as in the whole, and Keras's layers that keep it themselves."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.verify.build import load

EXAMPLES = Path(__file__).parents[2] / "examples"
STREAMS = (
    "truncated-backpropagation",
    "keyword-spotting-stream",
    "stream-denoiser",
    "stream-dilated",
    "stream-positions",
    "stream-own-tags",
    "stream-narx",
)


def module(name: str, target: str) -> Any:
    text = (EXAMPLES / f"{name}.seq").read_text("utf-8")
    return load(
        seqdsl.compile(text, f"{name}.seq").source(target), f"{name}_{target}".replace("-", "_")
    )


def inputs(name: str, steps: int) -> Any:
    random = np.random.default_rng(0)
    model = seqdsl.compile((EXAMPLES / f"{name}.seq").read_text("utf-8"), f"{name}.seq")
    (item,) = model.inputs
    if item.dtype == "int32":
        return random.integers(0, 100, (3, steps)).astype("int32")
    features = model.length(item.shape[1])
    assert isinstance(features, int)
    return random.standard_normal((3, steps, features)).astype("float32")


@pytest.mark.parametrize("name", STREAMS)
def test_torch_in_pieces_as_in_the_whole(name: str) -> None:
    import torch

    model = module(name, "torch").build_model().eval()
    x = torch.as_tensor(inputs(name, 9))
    with torch.no_grad():
        whole, *last = model(x)
        pieces, states = [], []
        for part in (x[:, :1], x[:, 1:5], x[:, 5:]):
            piece, *states = model(part, *states)
            pieces.append(piece)
    torch.testing.assert_close(torch.cat(pieces, 1), whole, rtol=1e-5, atol=1e-6)
    for state, expected in zip(states, last, strict=True):
        torch.testing.assert_close(state, expected, rtol=1e-5, atol=1e-6)


def test_in_torch_a_state_may_be_left_out_alone() -> None:
    import torch

    model = module("truncated-backpropagation", "torch").build_model().eval()
    x = torch.as_tensor(inputs("truncated-backpropagation", 4))
    h, c = model.zero_states(3)
    with torch.no_grad():
        torch.testing.assert_close(model(x, h_state_h=h)[0], model(x, h, c)[0])
        assert not torch.allclose(model(x, h_state_c=c + 1)[0], model(x)[0])


def test_layers_keep_their_states_only_where_they_are_keras_s_own() -> None:
    # A convolution on the way keeps steps, which no layer of Keras does by itself.
    source = seqdsl.compile(
        (EXAMPLES / "keyword-spotting-stream.seq").read_text("utf-8"), "k.seq"
    ).source("keras")
    assert "reset_states" not in source
    # What runs in a loop keeps nothing by itself either.
    source = seqdsl.compile(
        (EXAMPLES / "truncated-feedback.seq").read_text("utf-8"), "t.seq"
    ).source("keras")
    assert "reset_states" not in source


def test_rows_that_take_state_are_no_stack_and_no_batch() -> None:
    stack = "  H-H-H   gru(4)\n  | | |\n*-G-G-G   gru(4)\n  | | |\n  X X X   input(4)"
    source = seqdsl.compile(stack, "stack.seq").source("torch")
    assert "num_layers" not in source and "self.gru_g(x, g_state.unsqueeze(0))" in source
    chains = "  Y   Y\n  |   |\n*-H-H H-H\n  | | | |\n  X X X X\n\nX = input(3)\nH = gru(4)\nY = dense(1)"
    assert "as one batch" not in seqdsl.compile(chains, "two.seq").source("torch")


def test_a_class_for_own_activations_takes_the_state() -> None:
    text = "*-H-H-H-*   lstm(4, activation=softmax)\n  | | |\n  X X X     input(3)"
    model = load(seqdsl.compile(text, "own.seq").source("torch"), "own").build_model()
    import torch

    x, (h, c) = torch.randn(2, 3, 3), model.zero_states(2)
    assert not torch.allclose(model(x, h + 1, c)[0], model(x)[0])


def test_a_free_run_begins_with_no_call_before() -> None:
    rows = [
        "    Y   Y   ...   Y     dense(9, softmax)",
        "    |   |         |",
        "  *-H---H---...---H-*   gru(6)",
        "   /|  /|        /|",
        "  y | y |   ... y |",
        "    |   |         |",
        "    E   E   ...   E     embedding(4)",
        "    |   |         |",
        "    X   X   ...   X     tokens(9, feedback=Y)",
    ]
    import torch

    carried = "\n".join(rows)
    plain = carried.replace("*-H", "  H").replace("H-*", "H  ")
    found = []
    for number, text in enumerate((carried, plain)):
        source = seqdsl.compile(text, "free.seq").source("torch")
        torch.manual_seed(0)
        model = load(source, f"free_{number}").build_model().eval()
        found.append(model.generate(start=torch.tensor([3, 5]), steps=6))
    assert torch.equal(*found)
