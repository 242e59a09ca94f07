"""Recurrent layers that run a class of the module's own, called for single steps by a loop."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqdsl.api import analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED

FOLDER = Path(__file__).parent / "cell_pictures"


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.seq")), ids=lambda path: path.stem)
def test_a_loop_runs_it(path: Path) -> None:
    """State comes from the step before, and what is dropped in training is the same at all steps."""
    (model,) = analyze(path.read_text("utf-8"), path.name).models
    report = verify([model], TARGETS, checks=UNSAVED)
    assert {item.target for item in report.results} == set(TARGETS)
    assert not [item.message for item in report.results if not item.passed]
