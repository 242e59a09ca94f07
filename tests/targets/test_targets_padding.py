"""Generated PyTorch code skips padding wherever it stands, and refuses what `padding=end` excludes."""

from __future__ import annotations

from typing import Any

import pytest

import seqdsl

ROW = "      Y   dense(2)\n      |\n{}\n| | | |\nX X X X   input(3, mask=0{})\n"
CELLS = {
    "lstm": "H-H-H-H   lstm(5)",
    "gru": "H-H-H-H   gru(5)",
    "rnn": "H-H-H-H   rnn(5)",
    "right-to-left": "H<H<H<H   lstm(5)",
    "bidirectional": "H=H=H=H   gru(5)",
    "own-activation": "H-H-H-H   lstm(5, activation=relu)",
    "stacked": "H-H-H-H   gru(5)\n| | | |\nK-K-K-K   gru(5)",
}
PLACES = {"end": [0, 1], "front": [2, 3], "between": [0, 3], "mixed": [1, 2]}
"""Where two valid steps of four stand."""


def source(row: str, padding: str = "", target: str = "torch") -> str:
    return seqdsl.compile(ROW.format(row, padding), "row.seq").source(target)


def built(text: str) -> Any:
    module: dict[str, Any] = {"__name__": "row"}
    exec(text, module)
    return module["build_model"]()


@pytest.mark.parametrize("cell", CELLS)
def test_the_place_of_padding_makes_no_difference(cell: str) -> None:
    import torch

    torch.manual_seed(0)
    model, data = built(source(CELLS[cell])), torch.randn(3, 2, 3)
    results = []
    for steps in PLACES.values():
        x = torch.zeros(3, 4, 3)
        x[:, steps] = data
        results.append(model(x))
    for result in results[1:]:
        torch.testing.assert_close(result, results[0])
    assert not torch.allclose(results[0], model(torch.randn(3, 4, 3)))


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("padding", ["", ", padding=end"])
def test_a_sample_without_valid_steps_has_gradients(cell: str, padding: str) -> None:
    import torch

    model, x = built(source(CELLS[cell], padding)), torch.randn(2, 4, 3)
    x[1] = 0
    result = model(x)
    result.sum().backward()
    assert torch.equal(result[1], model.dense_y.bias)
    assert all(item.grad is not None and item.grad.isfinite().all() for item in model.parameters())


def test_padding_at_the_end_packs_right_away_and_checks() -> None:
    import torch

    lean, general = source(CELLS["lstm"], ", padding=end"), source(CELLS["lstm"])
    assert "true_first" not in lean and "run_valid" not in lean
    assert "true_first" in general and "check_padding" not in general
    model, x = built(lean), torch.randn(2, 4, 3)
    x[0, 2:] = 0
    model(x)
    x[1, 0] = 0
    with pytest.raises(ValueError, match="padding=end"):
        model(x)
    exact = built(general)
    assert exact(x).shape == (2, 2)


def test_keras_may_use_cudnn_only_where_its_kernels_take_the_mask() -> None:
    for cell in ("lstm", "gru", "bidirectional"):
        assert "use_cudnn=False" in source(CELLS[cell], target="keras")
        assert "use_cudnn" not in source(CELLS[cell], ", padding=end", target="keras")
    # These have no such kernels in any case.
    for cell in ("rnn", "own-activation"):
        assert "use_cudnn" not in source(CELLS[cell], target="keras")


def test_a_masked_mean_is_exported() -> None:
    import torch

    text = "M   mean\n|\n+-+-+-+\n| | | |\nX X X X   input(3, mask=0{})\n"
    for padding in ("", ", padding=end"):
        model = built(seqdsl.compile(text.format(padding), "mean.seq").source("torch"))
        x = torch.randn(2, 4, 3)
        x[0, 3] = 0
        program = torch.export.export(model.eval(), (x,))
        torch.testing.assert_close(program.module()(x), model(x))


DECODER = """
{top}
E-E-E-{row}
| | | {wires}
X X X {inputs}

X = input(3, mask=0)
Z = input(3, mask=0)
E = lstm(5)
D = lstm(5)
Y = dense(2)
"""


@pytest.mark.parametrize(
    ("top", "states"), [("      Y Y\n      | |", 1), ("        Y\n        |", 2)]
)
def test_a_masked_decoder_returns_its_state_only_where_it_is_read(top: str, states: int) -> None:
    """The encoder hands its state over; a decoder's end is its state, its steps are not."""
    text = DECODER.format(top=top, row="D-D", wires="| |", inputs="Z Z")
    code = seqdsl.compile(text, "decoder.seq").source("keras")
    assert code.count("return_state=True") == states
