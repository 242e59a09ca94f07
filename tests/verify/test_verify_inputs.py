"""Random inputs have padding where a case asks for it, in each input elsewhere."""

from __future__ import annotations

import numpy as np
import pytest

from seqdsl.verify.inputs import PLACES, arrays_for, stray_arrays, valid_steps
from seqdsl.verify.jobs import Case, Port

PORTS = (
    Port("x", (6, 3), padding=True),
    Port("y", (6, 3), padding=True),
    Port("z", (6, 3), padding=True, at_end=True),
)
SHAPES = ((5, 6, 3),) * 3


def places(array: np.ndarray) -> set[str]:
    """Where padding stands in some sample."""
    found = set()
    for sample in (array != 0).any(-1):
        (valid,) = np.nonzero(sample)
        if len(valid):
            found |= {"front"} if valid[0] else set()
            found |= {"end"} if valid[-1] + 1 < len(sample) else set()
            found |= {"between"} if len(valid) <= valid[-1] - valid[0] else set()
    return found


@pytest.mark.parametrize("place", PLACES)
def test_padding_stands_in_each_place(place: str) -> None:
    valid = valid_steps(np.random.default_rng(0), (7, 6), place)
    assert sorted({int(count) for count in valid.sum(1)})[:2] == [0, 1]
    assert valid.all(1).any()
    found = places(valid[..., None])
    assert place in found
    assert place == "between" or found == {place}


@pytest.mark.parametrize("place", PLACES)
def test_inputs_have_different_padding(place: str) -> None:
    x, y, z = arrays_for(PORTS, Case(5, SHAPES, (), padded=place))
    assert place in places(x)
    assert PLACES[(PLACES.index(place) + 1) % 3] in places(y)
    assert places(z) == {"end"}
    assert not np.array_equal(x != 0, y != 0)


def test_without_a_place_there_is_no_padding() -> None:
    assert all(array.all() for array in arrays_for(PORTS, Case(5, SHAPES, ())))


def test_a_stray_batch_is_padded_in_front_in_one_input_only() -> None:
    case = Case(5, SHAPES, (), padded="end")
    right, stray = arrays_for(PORTS, case), stray_arrays(PORTS, case, 2)
    assert all(np.array_equal(*pair) for pair in zip(right[:2], stray[:2], strict=True))
    assert "front" in places(stray[2])
