"""One feature beside several is spread over them, also where samples or steps are as many as features."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import seqdsl
from seqdsl.ir.spreads import spreads
from seqdsl.targets import write
from seqdsl.verify.cases import MOST_SPREAD, cases
from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.lane import Lane
from seqdsl.verify.oracle_worker import job_with_expected
from tests.verify.own_models import failures, own_models

MERGES = ("add", "mean", "multiply", "max", "min")

VECTOR = """
Y
|\\
| D
|/
X

Y = KIND
D = dense(1)
X = input(4)
"""

SEQUENCE = """
Y   ...  Y
|\\       |\\
| D ...  | D
|/       |/
X   ...  X

Y = KIND
D = dense(1)
X = input(5)
"""

# The first node combines two values, the others have one each: a row is put together of both.
UNEVEN = """
Y    Y    Y
|\\   |    |
| D  |    |
|/   |    |
X    X    X

Y = KIND
D = dense(1)
X = input(3)
"""

PARAMETER = """
Y
|\\
D E
|/
X

Y = KIND
D = dense(4)
E = dense(units)
X = input(2)
units = 1
"""

OWN = """
import keras
from keras import layers


def column():
    x = keras.Input((4,))
    return keras.Model(x, layers.Add()([x, layers.Dense(1)(x)]))


def columns():
    x = keras.Input((None, 5))
    return keras.Model(x, layers.Average()([x, layers.Dense(1)(x)]))


def right():
    x = keras.Input((4,))
    return keras.Model(x, layers.Add()([layers.Dense(1)(x), x]))
"""


def picture(text: str, kind: str) -> str:
    return text.replace("KIND", kind)


@pytest.fixture(scope="module")
def keras() -> Iterator[Lane]:
    lane = Lane("keras")
    yield lane
    lane.close()


@pytest.mark.parametrize("kind", MERGES)
@pytest.mark.parametrize("text", [VECTOR, SEQUENCE, UNEVEN, PARAMETER])
def test_every_merge_gives_what_it_is_drawn_as(text: str, kind: str, keras: Lane) -> None:
    model = seqdsl.compile(picture(text, kind), "a.seq")
    job = job_with_expected(model, "keras", CHECKS, compute_expected)
    assert not failures(keras.run(job))


@pytest.mark.parametrize("kind", MERGES)
def test_as_many_samples_and_steps_as_features_are_tried(kind: str) -> None:
    vector, sequence = (
        seqdsl.compile(picture(text, kind), "a.seq").spec for text in (VECTOR, SEQUENCE)
    )
    assert 4 in [case.batch for case in cases(vector)]
    assert 5 in [case.batch for case in cases(sequence)]
    # The length that the picture does not name is as long as there are features.
    assert (1, [5]) in [(case.batch, list(dict(case.lengths).values())) for case in cases(sequence)]


@pytest.mark.parametrize("text", [VECTOR, SEQUENCE])
def test_what_is_equally_wide_needs_no_further_case(text: str) -> None:
    spec = seqdsl.compile(
        picture(text, "add").replace("dense(1)", "dense(4)").replace("input(5)", "input(4)"),
        "a.seq",
    ).spec
    assert not spreads(spec)
    assert [case.batch for case in cases(spec)] == [1, 3, 7]


def test_a_case_too_large_is_not_tried() -> None:
    spec = seqdsl.compile(picture(VECTOR, "add").replace("4", "3000"), "a.seq").spec
    assert spreads(spec)
    assert [case.batch for case in cases(spec)] == [1, 3, 7]
    assert max(case.values for case in cases(spec)) < MOST_SPREAD


def test_equally_wide_values_stay_as_drawn() -> None:
    drawn = picture(PARAMETER, "add").replace("units = 1\n", "").replace("(units)", "(4)")
    source = write(seqdsl.compile(drawn, "a.seq").spec, "keras").source
    assert "layers.Add()([dense_d, dense_e])" in source


@pytest.mark.parametrize("default", [1, 4])
def test_a_width_that_may_be_set_to_1_is_added_first(default: int) -> None:
    drawn = picture(PARAMETER, "add").replace("units = 1", f"units = {default}")
    source = write(seqdsl.compile(drawn, "a.seq").spec, "keras").source
    assert "layers.Add()([dense_e, dense_d])" in source


@pytest.mark.parametrize(
    ("function", "text", "kind", "where"),
    [
        ("column", VECTOR, "add", "batch 4"),
        ("columns", SEQUENCE, "mean", "= 5)"),
        ("right", VECTOR, "add", ""),
    ],
)
def test_a_model_that_adds_to_the_wrong_axis_is_found(
    function: str, text: str, kind: str, where: str, tmp_path: Path
) -> None:
    with own_models(tmp_path, f"spread_{function}", {"keras": OWN}) as own:
        wrong = own.failures("keras", function, picture(text, kind))
    assert where in wrong.get("reference", "")
    assert bool(wrong) == bool(where)
