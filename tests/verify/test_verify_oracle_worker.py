"""A proof is made in a process of its own, with limits; what goes wrong there is the model's failure."""

from __future__ import annotations

import pickle
import zlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.api import Model
from seqdsl.sandbox.memory_limit import parse_size
from seqdsl.verify import oracle_worker, pool
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.lane import Lane
from seqdsl.verify.oracle.expand import expand
from seqdsl.verify.oracle_worker import OracleFailed, OracleWorker, job_with_expected

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
def oracle() -> Iterator[OracleWorker]:
    """A process with little time."""
    found = OracleWorker(2, parse_size("200MiB"))
    yield found
    found.close()


def model(text: str = PICTURE) -> Model:
    return seqdsl.compile(text, "picture.seq")


def test_it_is_the_same_proof(oracle: OracleWorker) -> None:
    assert oracle(model()) == compute_expected(model())


def test_a_framework_far_behind_the_others_has_nothing_computed_anew(
    oracle: OracleWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    models = [model(PICTURE.replace("4", str(units))) for units in range(1, 41)]
    first = [oracle(one) for one in models]

    def ask(_: Model) -> Any:
        raise AssertionError("it was computed before")

    monkeypatch.setattr(oracle, "_ask", ask)
    assert [oracle(one) for one in models] == first


def test_a_picture_is_drawn_out_once_for_each_length() -> None:
    drawing, same = (model(LONG.replace("n = 20000", "")).drawing for _ in range(2))
    found = expand(drawing, {"n": 5})
    assert expand(drawing, {"n": 5}) is found
    assert expand(drawing, {"n": 6}).counts != found.counts
    assert expand(same, {"n": 5}) == found
    assert expand(same, {"n": 5}) is not found


def test_the_cache_drops_the_oldest_results() -> None:
    models = [model(), model(), model()]
    size = len(zlib.compress(pickle.dumps(OracleFailed("0")), level=1))
    cache = oracle_worker._ResultCache(2 * size)
    for number, one in enumerate(models):
        cache.put(one, OracleFailed(str(number)))
    assert [str(cache.get(one)) for one in models] == ["None", "1", "2"]


def test_too_slow_is_unproven_and_the_next_is_proven(oracle: OracleWorker) -> None:
    with pytest.raises(OracleFailed, match=r"time limit of 2 s|memory limit of 200 MiB"):
        oracle(model(LONG))
    assert oracle(model()).outputs


class Exploding:
    """What cannot be proven."""

    @property
    def spec(self) -> Any:
        raise ZeroDivisionError

    def __reduce__(self) -> Any:
        return Exploding, ()


def test_an_error_of_the_interpreter_is_told(
    oracle: OracleWorker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", ".")
    with pytest.raises(OracleFailed, match="ZeroDivisionError"):
        oracle(Exploding())  # type: ignore[arg-type]
    assert oracle(model()).outputs


def test_unproven_is_a_failure_of_the_model() -> None:
    def never(_: Model) -> Any:
        raise OracleFailed("no")

    job = job_with_expected(model(), "torch", ["reference"], never)
    lane = Lane("torch")
    assert [(item.check, item.message) for item in lane.run(job)] == [("proof", "no")]
    assert not lane._workers, "no framework is imported for it"
    assert not job_with_expected(model(), "torch", ["shapes"], never).fault


def test_a_verify_with_no_time_for_the_proof() -> None:
    report = pool.verify([model(LONG), model()], ["torch"], timeout=2)
    assert [item.check for item in report.failures] == ["proof"]
    assert np.all([item.passed for item in report.results[1:]]) and len(report.results) > 2
