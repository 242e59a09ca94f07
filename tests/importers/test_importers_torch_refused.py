"""what only looks as if it moved values is never taken for wires; all that cannot be read is told, with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from seqdsl.importers.torch.read import read_torch

if TYPE_CHECKING:
    from collections.abc import Callable

    from seqdsl.importers.reading import Reading

X = (torch.zeros(2, 4, 3),)


class Between(nn.Module):
    """A function between two layers."""

    def __init__(self, function: Callable[[Tensor], Tensor]) -> None:
        super().__init__()
        self.gru = nn.GRU(3, 4, batch_first=True)
        self.function = function

    def forward(self, x: Tensor) -> Tensor:
        return self.function(self.gru(x)[0])


def _between(function: Callable[[Tensor], Any]) -> Reading:
    return read_torch(Between(function), X)


COMPUTED: dict[str, Callable[[Tensor], Any]] = {
    "abs": torch.abs,
    "sort": lambda h: torch.sort(h, dim=1).values,
    "cummax": lambda h: torch.cummax(h, dim=1).values,
    "cumsum": lambda h: h.cumsum(1),
    "clamp": lambda h: h.clamp(-2000.0, 2000.0),
    "round": torch.round,
    "sign": torch.sign,
    "topk": lambda h: h.topk(2, dim=1).values,
    "norm": lambda h: F.normalize(h, dim=-1),
    "sub": lambda h: h - h.flip(1),
    "threshold": lambda h: h * (h > 0),
    "half": lambda h: 0.5 * h,
    "shift": lambda h: h + 1,
    "item": lambda h: h if h[0, 0, 0].item() > 0 else h.flip(1),
    "noise": lambda h: h + torch.randn_like(h),
}


@pytest.mark.parametrize("name", COMPUTED)
def test_what_computes_is_not_taken_for_a_mover(name: str) -> None:
    reading = _between(COMPUTED[name])
    assert reading.wirings is None
    (fault, *_) = reading.unread
    assert fault.reason and (fault.line == "" or f"{__name__.rpartition('.')[2]}.py:" in fault.line)


def _written(h: Tensor) -> Tensor:
    out = torch.zeros(h.shape[0], 3, 4)
    for step in range(2):
        out[:, step] = h[:, step + 1]
    return out


MOVED: dict[str, Callable[[Tensor], Tensor]] = {
    "slice": lambda h: h[:, 1:3],
    "flip": lambda h: h.flip(1),
    "pad": lambda h: F.pad(h, (0, 0, 2, 1)),
    "roll": lambda h: h.roll(1, 1),
    "chunk": lambda h: torch.cat(h.chunk(2, 1)[::-1], 1),
    "index": lambda h: h[:, [3, 0, 0]],
    "gather": lambda h: h.index_select(1, torch.tensor([2, 1])),
    "repeat": lambda h: h.repeat_interleave(2, 1),
    "fold": lambda h: h.reshape(-1, 4).view(h.size(0), -1, 4),
    "transposed": lambda h: h.permute(2, 0, 1).permute(1, 2, 0).contiguous(),
    "unbind": lambda h: torch.stack(list(h.unbind(1))[::2], 1),
    "written": _written,
    "neutral": lambda h: h * 1 + 0.0,
}


@pytest.mark.parametrize("name", MOVED)
def test_what_moves_is_run_and_needs_no_table(name: str) -> None:
    reading = _between(MOVED[name])
    assert reading.unread == ()
    assert reading.wirings is not None
    wiring = reading.wirings.at[0]
    # Numbers tell: what the function gives of steps that are told apart by their numbers.
    steps = torch.arange(1.0, 5).reshape(1, 4, 1).expand(2, 4, 4)
    expected = MOVED[name](steps)[0, :, 0].tolist()
    (output,) = wiring.outputs
    block = wiring.blocks[output]
    rows = block.operands[0].of if block.call == "output" else None  # type: ignore[union-attr]
    found = (
        [1.0, 2.0, 3.0, 4.0] if rows is None else [row[0].step + 1 if row else 0 for row in rows]
    )  # type: ignore[union-attr]
    assert found == expected


class Several(nn.Module):
    """Three things that the language lacks, and one that it has."""

    def __init__(self) -> None:
        super().__init__()
        self.conv = nn.Conv1d(4, 4, 3, groups=2, padding=1)
        self.gru = nn.GRU(4, 4, batch_first=True)
        self.act = nn.Hardtanh()

    def forward(self, x: Tensor) -> Tensor:
        h = self.act(self.conv(x.transpose(1, 2)).transpose(1, 2))
        out, _ = self.gru(h)
        return torch.cumsum(out, 1)


def test_all_that_cannot_be_read_is_told_at_once() -> None:
    reading = read_torch(Several(), (torch.zeros(2, 5, 4),))
    assert reading.wirings is None
    told = [(fault.name, fault.kind) for fault in reading.unread]
    assert told == [("conv", "Conv1d"), ("act", "Hardtanh"), ("forward", "cumsum")]
    assert "groups" in reading.unread[0].reason
    assert [fault.line.rpartition("/")[2].split(":")[0] for fault in reading.unread] == [
        "test_importers_torch_refused.py"
    ] * 3
    assert reading.operations == 4


def test_a_model_is_not_changed() -> None:
    model = Between(lambda h: h[:, -1])
    model.train()
    before = {name: value.clone() for name, value in model.state_dict().items()}
    read_torch(model, X)
    assert model.training
    assert all(torch.equal(value, before[name]) for name, value in model.state_dict().items())


@pytest.mark.parametrize(
    ("example", "reason"),
    [
        (
            torch.zeros(2, 5, 3, 4, dtype=torch.long),
            "its shape (2, 5, 3, 4), of ids, is neither that of sequences nor of vectors",
        ),
        (torch.zeros(2, 1, 1, 1, 1, 3), "its shape (2, 1, 1, 1, 1, 3), of numbers, is neither"),
    ],
)
def test_an_input_that_cannot_be_read_is_named(example: Tensor, reason: str) -> None:
    # The other input can be read, and is not told.
    reading = read_torch(Both(), {"x": X[0], "frames": example})
    (fault,) = reading.unread
    assert reading.wirings is None
    assert fault.name == "frames" and reason in fault.reason and fault.way


@pytest.mark.parametrize(
    "function", [lambda h: h if h.sum() > 0 else h.flip(1), lambda h: h + h.mean().item()]
)
def test_a_branch_by_a_number_is_told_with_its_line(function: Callable[[Tensor], Tensor]) -> None:
    """Of a branch that depends on data one run sees only one side."""
    reading = _between(function)
    assert reading.wirings is None
    (fault,) = reading.unread
    assert "test_importers_torch_refused.py:" in fault.reason
    assert "a single number that depends on the input" in fault.reason


class Both(nn.Module):
    """A sequence, and something else."""

    def forward(self, x: Tensor, frames: Tensor) -> Tensor:
        return x + frames.mean()


@pytest.mark.parametrize(
    ("function", "reason", "way"),
    [
        (lambda h: 0.5 * h + h.flip(1), "multiplied by a number", "multiply the weights"),
        (lambda h: (h[:, 0] - h[:, 1]).abs(), "it computes", "multiplied by -1"),
        (lambda h: h[:, 0].abs(), "it computes", "torch.cat"),
        (lambda h: h[:, 0].exp(), "it computes", "softplus"),
        (lambda h: -h, "it computes", "the identity times -1"),
        (lambda h: F.normalize(h[:, 0], dim=-1), "it computes", "compare them behind the model"),
        (
            lambda h: h.sum(-1),
            "the sum of features",
            "Linear(4, 1, bias=False) whose weights are all 1,",
        ),
        (lambda h: h.amax(-1), "the max of features", "train it again"),
    ],
    ids=[
        "a factor",
        "a difference",
        "an absolute value",
        "an exponential",
        "a negative",
        "a normal",
        "a sum",
        "a maximum",
    ],
)
def test_what_to_do_is_told(function: Callable[[Tensor], Any], reason: str, way: str) -> None:
    fault = _between(function).unread[0]
    assert reason in fault.reason and way in fault.way


@pytest.mark.parametrize(
    ("refused", "way", "followed"),
    [
        (
            nn.Conv2d(2, 3, (1, 3), stride=2, padding=(0, 1)),
            "kernel_size=3, padding=1:",
            nn.Conv2d(2, 3, 3, stride=2, padding=1),
        ),
        (nn.Conv2d(2, 3, 2, dilation=2), "kernel_size=3 and the same padding", nn.Conv2d(2, 3, 3)),
        (nn.MaxPool2d((2, 1)), "use 2 for both", nn.MaxPool2d(2)),
    ],
    ids=["kernel", "gaps", "tiles"],
)
def test_what_to_do_makes_windows_readable(
    refused: nn.Module, way: str, followed: nn.Module
) -> None:
    images = (torch.zeros(2, 2, 4, 6),)
    assert way in read_torch(refused, images).unread[0].way
    assert read_torch(followed, images).wirings is not None


def test_a_log_softmax_over_steps_is_a_vector_of_all() -> None:
    reading = _between(lambda h: h[..., :1].log_softmax(1).squeeze(-1))
    assert reading.wirings is not None
    assert "activation(log_softmax)" in [block.call for block in reading.wirings.at[0].blocks]


def test_a_factor_is_left_out_as_told() -> None:
    """The positions of a language model are added to vectors that are multiplied by the root of their width."""

    class Scaled(nn.Module):
        def __init__(self, factor: float) -> None:
            super().__init__()
            self.table, self.places = nn.Embedding(9, 4), nn.Parameter(torch.zeros(5, 4))
            self.factor = factor

        def forward(self, ids: Tensor) -> Tensor:
            return self.table(ids) * self.factor + self.places

    ids = (torch.zeros(2, 5, dtype=torch.long),)
    assert "leave out the number" in read_torch(Scaled(2.0), ids).unread[0].way
    assert read_torch(Scaled(1.0), ids).wirings is not None


def test_a_module_whose_weights_have_no_shape_yet_is_to_be_called_once() -> None:
    module = Between(nn.LazyLinear(2))
    (unread,) = read_torch(module, X).unread
    assert "`function.weight` is not known" in unread.reason and "call it once" in unread.way


def test_a_module_that_was_called_has_weights() -> None:
    module = nn.LazyLinear(2)
    module(*X)
    assert read_torch(module, X).wirings is not None
