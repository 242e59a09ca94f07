"""The block that shows a PyTorch model at work reads sizes off the model: a default is written in one place."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze

VALUES = "    Y   dense(2)\n    |\nH H H   gru(units)\n| | |\nX X X   input({features})\n\nunits = 5\n{set}\n"
IDS = "W W W   embedding(4)\n| | |\nX X X   tokens(words)\n\nwords = 9\n"
LENGTH = "Y Y ..n.. Y   dense(2)\n| |       |\nX X ..n.. X   input(3)\n\nn = 7\n"


def source(text: str) -> str:
    analysis = analyze(text)
    assert not analysis.diagnostics
    return analysis.models[0].source("torch")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (
            VALUES.format(features="features", set="features = 3"),
            "torch.randn(2, 3, model.features)",
        ),
        (VALUES.format(features="2 * units", set=""), "torch.randn(2, 3, 2 * model.units)"),
        (VALUES.format(features="code", set="code = 3"), "torch.randn(2, 3, model.code_)"),
        (VALUES.format(features="3", set=""), "torch.randn(2, 3, 3)"),
        (IDS, "torch.randint(model.words, (2, 3))"),
    ],
)
def test_sizes_of_inputs_are_read_off_the_model(text: str, line: str) -> None:
    written = source(text)
    assert f"    x = {line}\n" in written
    # With other defaults it still runs.
    exec(
        written.replace(": int = 3", ": int = 6").replace(": int = 9", ": int = 12"),
        {"__name__": "__main__"},
    )


def test_a_length_that_the_code_does_not_need_stays_a_number() -> None:
    written = source(LENGTH)
    assert "x = torch.randn(2, 7, 3)" in written and "self.n" not in written
    exec(written, {"__name__": "__main__"})
