"""A model that feeds itself has ``generate``, or its module and the command line say that it has none."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

import seqdsl
from seqdsl.cli.main import cli
from tests.targets.loop_runs import LOOPS
from tests.targets.past_runs import PAST
from tests.targets.test_free_run_sources import DELAYED

_SENTENCE = "It has no `generate`"


@pytest.mark.parametrize("target", ["torch", "keras", "numpy"])
@pytest.mark.parametrize("text", [PAST["heads"], LOOPS["asked"], DELAYED])
def test_what_has_no_generate_says_so(text: str, target: str, tmp_path: Path) -> None:
    source = seqdsl.compile(text).source(target)
    told = _SENTENCE in source.split('"""')[1]
    assert told != ("def generate(" in source)
    (tmp_path / "model.seq").write_text(text)
    done = CliRunner().invoke(
        cli, ["generate", str(tmp_path / "model.seq"), "--to", target], catch_exceptions=False
    )
    assert (_SENTENCE in done.stderr) == told


def test_a_model_without_feedback_is_told_nothing() -> None:
    text = PAST["heads"].replace(", feedback=Y", "")
    assert _SENTENCE not in seqdsl.compile(text).source("keras")
