"""A projected LSTM is what Sak et al. 2014 wrote, what PyTorch has, and what goes between frameworks."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.verify.transfer import transfer
from tests.verify.own_models import own_models

ROW = """
H-H-H   lstm(4, projection=3)
| | |
X X X   input(2)
"""

BY_HAND = """
cell lstmp(units, size):
    i, f, g, o = split(dense(x, h, features=4 * units), 4)
    c = sigmoid(f) * c + sigmoid(i) * tanh(g)
    h = dense(sigmoid(o) * tanh(c), features=size, bias=false)

H-H-H   lstmp(4, 3)
| | |
X X X   input(2)
"""

# One value of 3 + 4 features at the left end of the chain: h, then c.
STARTED = """
+-H-H-H   lstm(4, projection=3)
| | | |
S X X X

X = input(2)
S = input(7)
"""

OWN = """
from torch import nn


class Row(nn.Module):
    def __init__(self, projection):
        super().__init__()
        self.lstm = nn.LSTM(2, 4, batch_first=True, proj_size=projection)
        # What takes the place of a projection: as many features, by a matrix above the row.
        self.above = nn.Identity() if projection else nn.Linear(4, 3, bias=False)

    def forward(self, x):
        return self.above(self.lstm(x)[0])


def projected():
    return Row(3)


def above():
    return Row(0)
"""


def built(picture: str) -> Any:
    return seqdsl.compile(picture).build("torch").double()


def test_a_cell_by_hand_is_the_built_in_one() -> None:
    torch = pytest.importorskip("torch")
    ours, by_hand = built(ROW), built(BY_HAND)
    w = ours.lstm_h.state_dict()
    by_hand.lstmp_h.load_state_dict(
        {
            "ifgo_x.weight": w["weight_ih_l0"],
            "ifgo_x.bias": w["bias_ih_l0"] + w["bias_hh_l0"],
            "ifgo_h.weight": w["weight_hh_l0"],
            "h_oc.weight": w["weight_hr_l0"],
        }
    )
    x = torch.randn(2, 3, 2, dtype=torch.float64)
    np.testing.assert_allclose(ours(x).detach(), by_hand(x).detach(), rtol=1e-12)


def test_a_value_as_wide_as_both_states_is_h_then_c() -> None:
    torch = pytest.importorskip("torch")
    model = built(STARTED)
    x, start = (torch.randn(*shape, dtype=torch.float64) for shape in ((2, 3, 2), (2, 7)))
    h, c = start[None, :, :3].contiguous(), start[None, :, 3:].contiguous()
    expected, _ = model.lstm_h(x, (h, c))
    arguments = {"x": x, "s": start}
    np.testing.assert_allclose(model(**arguments).detach(), expected.detach(), rtol=1e-12)


def test_against_a_model_written_by_hand(tmp_path: Path) -> None:
    with own_models(tmp_path, "projecting", {"torch": OWN}) as models:
        assert models.failures("torch", "projected", ROW) == {}
        # The recurrent matrices read the projection, not the memory's four features.
        assert models.failures("torch", "above", ROW)


def test_weights_go_to_keras_and_back(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    pytest.importorskip("keras")
    model = seqdsl.compile(ROW)
    weights = model.build("torch").state_dict()
    torch.save(weights, tmp_path / "there.pt")
    transfer(model, tmp_path / "there.pt", tmp_path / "model.keras")
    transfer(model, tmp_path / "model.keras", tmp_path / "back.pt")
    back = torch.load(tmp_path / "back.pt", weights_only=True)
    assert back.keys() == weights.keys()
    for name, value in weights.items():
        # Keras has one bias: their sum.
        if "bias" not in name:
            assert (back[name] == value).all(), name
    sums = [
        sum(value for name, value in given.items() if "bias" in name) for given in (weights, back)
    ]
    np.testing.assert_allclose(*sums, rtol=1e-6)


@pytest.mark.parametrize(
    ("call", "hint"),
    [
        ("lstm(4, projection=4)", "narrower than the units: at most 3"),
        ("lstm(1, projection=1)", "leave `projection=` out"),
    ],
)
def test_a_projection_narrows(call: str, hint: str) -> None:
    (found,) = analyze(ROW.replace("lstm(4, projection=3)", call)).diagnostics
    assert found.code == "SEQ304" and hint in found.hint
