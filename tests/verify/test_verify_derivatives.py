"""Derivatives of large models, which are made one array at a time, are those of small ones."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import seqdsl
from seqdsl.runtime import loss
from seqdsl.runtime.named_weights import draw
from seqdsl.verify import directional_derivatives as module
from seqdsl.verify.cases import cases
from seqdsl.verify.expected import MAIN_CASE
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.interpreted_picture import InterpretedPicture
from seqdsl.verify.ports import ports
from seqdsl.verify.spec_weights import layer_weights

EXAMPLES = Path(__file__).parents[2] / "examples"


@pytest.mark.parametrize("shape", [(7, 3), (4,), (1, 9), (2, 3, 4), ()])
def test_a_direction_is_made_in_rows(
    shape: tuple[int, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loss, "_AT_ONCE", 5)
    made = np.full(shape, np.nan)
    for rows, part in loss.direction_in_rows("lstm/kernel", made):
        made[rows] = part
    assert np.array_equal(made, loss.direction("lstm/kernel", shape))


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.seq"))[::12], ids=lambda path: path.stem)
def test_derivatives_of_one_array_at_a_time(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only that array is complex then, and all others are as they were drawn."""
    model = seqdsl.compile_all(path.read_text("utf-8"))[0]
    picture, case = InterpretedPicture(model), cases(model.spec)[MAIN_CASE]
    arguments = arrays_for(ports(model.spec), case)
    given = (picture, MAIN_CASE, case, arguments, draw(layer_weights(model.spec), 0.25))
    together = module.directional_derivatives(*given)
    monkeypatch.setattr(module, "MOST_NUMBERS", 1)
    alone = module.directional_derivatives(*given)
    monkeypatch.setattr(module, "AT_ONCE", 5)
    in_files = module.directional_derivatives(*given)
    assert in_files == alone
    assert [name for name, _ in alone.values] == [name for name, _ in together.values]
    values = [[value for _, value in item.values] for item in (alone, together)]
    assert np.allclose(*values, rtol=1e-9, atol=1e-12)
