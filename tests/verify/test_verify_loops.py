"""Pictures with delayed nodes, or with an input that is fed back, are what they are drawn as, in every target."""

from __future__ import annotations

from pathlib import Path

import pytest

from seqdsl.api import Model, analyze
from seqdsl.targets import TARGETS
from seqdsl.verify.pool import verify
from seqdsl.verify.report import Report

FOLDER = Path(__file__).parent / "loop_pictures"
# Topology and N, worked out by hand.
EXPECTED = {
    "attention-state-before": ("encoder-decoder", (3,)),
    "char-sampled": ("graph", (4,)),
    "decoder-own-output": ("encoder-decoder", (4,)),
    "forecast-own-steps": ("many-to-many padded", (3,)),
    "forecast-sampled": ("many-to-many padded", (4,)),
    "forecast-two-fed-back": ("many-to-many aligned", (4, 4)),
}
MODELS: dict[str, Model] = {
    path.stem: analyze(path.read_text("utf-8"), path.name).models[0]
    for path in sorted(FOLDER.glob("*.seq"))
}


def test_every_picture_is_expected() -> None:
    assert MODELS.keys() == EXPECTED.keys()
    found = {name: (model.topology, model.n) for name, model in MODELS.items()}
    assert found == EXPECTED
    assert all("feedback" in model.qualifiers for model in MODELS.values())


def test_an_input_that_is_fed_back_is_one_as_any_other() -> None:
    text = """
        Y Y ... Y
        | |     |
        H-H-...-H
        | |     |
        W W ... W
        | |     |
        Z Z ... Z

        Z = tokens(9, feedback=Y)
        W = embedding(4)
        H = gru(5)
        Y = dense(9)
    """
    (model,) = analyze(text, "fed.seq").models
    report = verify([model], TARGETS)
    assert not [item.message for item in report.results if not item.passed]


WEIGHTS = {
    # 50 * 24 and 40 * 24 embedded, two GRUs (the second reads the answer as well), a vector of scores, 33 * 50
    "attention-state-before": (
        1200 + 960 + 3 * (24 * 32 + 32 * 32 + 64) + 3 * (56 * 32 + 32 * 32 + 64) + 32 + 1650,
        0,
    ),
    # an encoder of 3 features, a decoder that reads its own 2, and 9 * 2
    "decoder-own-output": (3 * (3 * 8 + 8 * 8 + 16) + 3 * (2 * 8 + 8 * 8 + 16) + 18, 0),
    # an LSTM of 32 units over a number; PyTorch has a second bias of 4 * 32
    "forecast-own-steps": (4 * (32 * 33 + 32) + 33, 4 * 32),
    # 6 * 8 + 8, 9 and 18
    "forecast-two-fed-back": (83, 0),
}


@pytest.mark.parametrize("name", sorted(WEIGHTS))
def test_weights_are_as_many_as_by_hand(name: str) -> None:
    keras, more = WEIGHTS[name]
    assert MODELS[name].parameters == {"keras": keras, "torch": keras + more}


@pytest.fixture(scope="module")
def report() -> Report:
    """All pictures in all targets, in one run."""
    return verify(list(MODELS.values()), TARGETS)


@pytest.mark.xdist_group("loops")
@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", sorted(MODELS))
def test_a_loop_is_what_it_is_drawn_as(report: Report, name: str, target: str) -> None:
    failed = [
        f"{item.check}: {item.message}" for item in report.of(name, target) if not item.passed
    ]
    assert report.of(name, target) and not failed, "\n".join(failed)
