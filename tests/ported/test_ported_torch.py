"""PyTorch models as tutorials, guides and reports have them: each is ported with equal numbers, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.ported.checks import (
    assert_enough,
    assert_other_weights_noticed,
    assert_ported,
    assert_refused,
)
from tests.ported.torch_catalog import TORCH

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", TORCH.named(ported=True))
def test_a_model_is_ported(name: str, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    in_full = pytestconfig.getoption("--ports-in-full")
    assert_ported(TORCH.entries[name], "keras", tmp_path, in_full=in_full)


@pytest.mark.parametrize("name", TORCH.named(ported=False))
def test_a_model_is_refused(name: str, tmp_path: Path) -> None:
    assert_refused(TORCH.entries[name], tmp_path)


def test_there_are_enough() -> None:
    assert_enough(TORCH)


def test_other_weights_are_noticed(tmp_path: Path) -> None:
    assert_other_weights_noticed(TORCH.entries["Passengers"], "keras", tmp_path)
