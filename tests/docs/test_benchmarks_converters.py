"""What the page of other converters says of a model follows from its calls."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.conversions.page import cell, is_equal, plain, reasons
from benchmarks.conversions.tools import REQUIREMENTS, TOOLS

REFUSED = {"fails": "TypeError: no"}
SAME, OTHER = {"off": 1e-7}, {"off": 0.3}


def _attempt(shown: Any, samples: Any = SAME, steps: Any = SAME) -> dict[str, Any]:
    kinds = {"shown": shown, "samples": samples, "steps": steps}
    calls = [{"kind": kind, **call} for kind, call in kinds.items()]
    return {"level": "steps", "calls": calls}


@pytest.mark.parametrize(
    ("attempts", "said"),
    [
        ([_attempt(SAME)], "equal"),
        ([_attempt(SAME, steps=REFUSED)], "equal, length fixed"),
        ([_attempt(SAME, REFUSED, REFUSED)], "equal, samples and length fixed"),
        ([_attempt(SAME, steps=OTHER)], "equal, **wrong for other length**"),
        ([_attempt(SAME, {"shape": [[2, 3], [5, 3]]})], "equal, **wrong for other samples**"),
        ([_attempt(OTHER)], "**wrong**"),
        ([_attempt(REFUSED)], "–"),
        ([{"level": "steps", **REFUSED}], "–"),
        # The best attempt counts; a wrong one is told where no other works.
        ([_attempt(OTHER), _attempt(SAME, steps=REFUSED)], "equal, length fixed"),
        ([_attempt(SAME, steps=OTHER), _attempt(SAME, steps=REFUSED)], "equal, length fixed"),
        ([{"level": "steps", **REFUSED}, _attempt(OTHER)], "**wrong**"),
    ],
)
def test_what_the_table_says(attempts: list[dict[str, Any]], said: str) -> None:
    assert cell(attempts) == said
    assert is_equal(attempts) == said.startswith("equal")


def test_reasons_are_told_once_and_without_places() -> None:
    tool = TOOLS["keras"][1]
    exported = {"level": "steps", "fails": "NotExported: the export fails"}
    failing = [exported, {"level": "fixed", "fails": "IOError: /home/me/model.onnx is\n missing"}]
    models = {"gru": failing, "masked": failing, "stacked": [_attempt(OTHER)]}
    assert reasons(tool, {"models": models}) == [
        "- onnx2pytorch: gru, masked: `IOError: ... is missing`",
        "- onnx2pytorch: stacked: **no error, and values that are off by 0.3**",
    ]
    assert len(plain("x" * 400)) == 150


def test_every_environment_has_its_requirements() -> None:
    names = {tool.environment for tools in TOOLS.values() for tool in tools if tool.environment}
    assert names == {path.stem for path in REQUIREMENTS.glob("*.txt")}
    for path in REQUIREMENTS.glob("*.txt"):
        assert all("==" in line for line in path.read_text("utf-8").split())
