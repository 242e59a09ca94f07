"""A model that refuses some samples is compared with those that it takes; one that cannot be copied is built again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

import seqdsl
from seqdsl.porting.arguments import arguments, taken_by
from seqdsl.porting.checking import Original
from seqdsl.porting.origin import CannotRead
from seqdsl.porting.outcome import Taken
from seqdsl.runtime.named_weights import LayerWeights
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.jobs import Job

Array = Any

PICTURES = {
    "lengths": "H-H-H   lstm(4)\n| | |\nX X X   input(3, lengths=true)",
    "mask": "H-H-H   lstm(4)\n| | |\nX X X   input(3, mask=0)",
    "ids": "H-H-H   lstm(4)\n| | |\nE E E   embedding(4, mask=true)\n| | |\nX X X   tokens(9)",
}


def job(name: str) -> Job:
    return job_for(seqdsl.compile(PICTURES[name], "a.seq"), "torch")


def valid(arrays: Sequence[Array]) -> Array:
    """How many valid steps each sample has."""
    if len(arrays) > 1:
        return arrays[1]
    marked = arrays[0] == 0
    return (~(marked.all(2) if marked.ndim > 2 else marked)).sum(1)


@pytest.mark.parametrize("name", PICTURES)
def test_what_is_taken(name: str) -> None:
    def packed(arrays: Sequence[Array]) -> None:
        if not valid(arrays).all():
            raise RuntimeError("a length is 0")

    def in_order(arrays: Sequence[Array]) -> None:
        packed(arrays)
        if (np.diff(valid(arrays)) > 0).any():
            raise RuntimeError("not sorted")

    def never(arrays: Sequence[Array]) -> None:
        raise RuntimeError("never")

    case = job(name)
    assert taken_by(case, lambda arrays: None) is Taken.ALL
    assert taken_by(case, packed) is Taken.VALID
    assert taken_by(case, in_order) is Taken.SORTED
    with pytest.raises(RuntimeError, match="never"):
        taken_by(case, never)
    # What has no padding stays as it is.
    for one, other in zip(
        arguments(case, 0, Taken.ALL), arguments(case, 0, Taken.SORTED), strict=True
    ):
        assert np.array_equal(one, other)


def test_a_model_that_cannot_be_copied() -> None:
    written: list[Any] = []

    def copy(model: Any, precision: str) -> Any:
        raise ValueError("of a class of its own")

    framework: Any = SimpleNamespace(
        copy=copy,
        cast=lambda model, precision: (model, precision),
        read=lambda model, layers, *, copied=True: {layers[0].name: model},
        write=lambda model, layers, weights: written.append((model, weights)),
    )
    layers = [LayerWeights(name, "dense", ()) for name in "ab"]
    given = replace(job("mask"), places=(("a", "first.a"), ("b", "first.b")))
    model = Original("first", framework, given, layers, rebuild=lambda precision: "again")
    assert model._copy("float64") == (again := ("again", "float64"))
    # One layer after the other, as there may not be room for all.
    assert written == [(again, {"a": "first"}), (again, {"b": "first"})]
    with pytest.raises(CannotRead, match="of a class of its own"):
        Original("first", framework, job("mask"), ())._copy("float64")
