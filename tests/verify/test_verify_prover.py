"""A proof is made in a process of its own, with limits; what goes wrong there is the model's failure."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.api import Model
from seqdsl.verify import pool
from seqdsl.verify.memory import parse
from seqdsl.verify.prove import prove
from seqdsl.verify.prover import Prover, Unproven, proven_job

PICTURE = """
    Y   dense(2)
    |
H H H   lstm(4)
| | |
X X X   input(3)
"""

LONG = """
             Y   dense(2)
             |
H H ..n.. H  H   lstm(4)
| |       |  |
X X ..n.. X  X   input(3)

n = 20000
"""


@pytest.fixture
def prover() -> Iterator[Prover]:
    """A process with little time."""
    found = Prover(2, parse("200MiB"))
    yield found
    found.close()


def model(text: str = PICTURE) -> Model:
    return seqdsl.compile(text, "picture.seq")


def test_it_is_the_same_proof(prover: Prover) -> None:
    assert prover(model()) == prove(model())


def test_too_slow_is_unproven_and_the_next_is_proven(prover: Prover) -> None:
    with pytest.raises(Unproven, match=r"time limit of 2 s|memory limit of 200 MiB"):
        prover(model(LONG))
    assert prover(model()).outputs


class Exploding:
    """What cannot be proven."""

    @property
    def spec(self) -> Any:
        raise ZeroDivisionError

    def __reduce__(self) -> Any:
        return Exploding, ()


def test_an_error_of_the_interpreter_is_told(
    prover: Prover, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ".")
    with pytest.raises(Unproven, match="ZeroDivisionError"):
        prover(Exploding())  # type: ignore[arg-type]
    assert prover(model()).outputs


def test_unproven_is_a_failure_of_the_model() -> None:
    def never(_: Model) -> Any:
        raise Unproven("no")

    job = proven_job(model(), "torch", ["reference"], never)
    lane = pool.Lane("torch")
    assert [(item.check, item.message) for item in lane.run(job)] == [("proof", "no")]
    assert not lane._workers, "no framework is imported for it"
    assert not proven_job(model(), "torch", ["shapes"], never).fault


def test_a_verify_with_no_time_for_the_proof() -> None:
    report = pool.verify([model(LONG), model()], ["torch"], timeout=2)
    assert [item.check for item in report.failures] == ["proof"]
    assert np.all([item.passed for item in report.results[1:]]) and len(report.results) > 2
