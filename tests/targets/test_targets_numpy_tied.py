"""A tied matrix in the generated numpy module: a file of weights may have it under either name, or both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

import seqdsl
from seqdsl.verify.build import load

if TYPE_CHECKING:
    from pathlib import Path

TIED = "Y Y   dense(tied=M)\n| |\nM M   embedding(3)\n| |\nX X   tokens(5)\n"


@pytest.mark.parametrize("left_out", ["embedding_m.weight", "dense_y.weight", None])
def test_a_tied_matrix_is_found_under_either_name(left_out: str | None, tmp_path: Path) -> None:
    model = seqdsl.compile(TIED)
    module, x = model.build("torch").double(), np.array([[1, 4]])
    weights = {key: value.clone() for key, value in module.state_dict().items() if key != left_out}
    save_file(weights, tmp_path / "w.safetensors")
    found = load(model.source("numpy"), "tied").load(tmp_path / "w.safetensors").predict(x)
    np.testing.assert_allclose(found, module(torch.from_numpy(x)).detach().numpy(), rtol=1e-9)


def test_tied_matrices_that_differ_are_refused(tmp_path: Path) -> None:
    model = seqdsl.compile(TIED)
    weights = {
        key: value.clone() for key, value in model.build("torch").double().state_dict().items()
    }
    weights["dense_y.weight"][0, 0] += 1
    save_file(weights, tmp_path / "w.safetensors")
    said = r"^dense_y\.weight is not embedding_m\.weight, to which it is tied$"
    with pytest.raises(ValueError, match=said):
        load(model.source("numpy"), "tied").load(tmp_path / "w.safetensors")
