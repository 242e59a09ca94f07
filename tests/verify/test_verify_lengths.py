"""`lengths=true`: the model takes how many steps of each sample are valid, from none to all."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

import seqdsl
from seqdsl.api import analyze
from seqdsl.verify.cases import cases
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.pool import verify
from seqdsl.verify.ports import ports
from tests.verify.padded_lengths import PICTURES
from tests.verify.test_verify_feedback import by_letter, compiled, rnn, values


def test_what_is_behind_a_length_is_as_if_it_were_not_there() -> None:
    model = compiled("H-H-H-H   rnn(3)\n| | | |\nX X X X   input(2, lengths=true)")
    x, lengths = np.random.default_rng(0).normal(size=(5, 4, 2)), np.arange(5)
    (found,) = values(model, [x, lengths])
    w, expected = by_letter(model)["H"], np.zeros((5, 4, 3))
    for sample, count in enumerate(lengths):
        h = np.zeros((1, 3))
        for step in range(count):
            h = expected[sample, step] = rnn(x[None, sample, step], h, w)
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("name", PICTURES)
def test_targets_skip_what_is_behind_a_length(name: str) -> None:
    model = seqdsl.compile(dedent(PICTURES[name]).strip("\n"), "lengths.seq")
    report = verify([model], ["torch", "numpy"])
    assert report.results and not [item.message for item in report.results if not item.passed]


def test_every_length_from_none_to_all_is_tried() -> None:
    spec = seqdsl.compile(dedent(PICTURES["stacked, and a mean of the valid steps"])).spec
    padded = [case for case in cases(spec) if case.padded]
    ids, lengths = arrays_for(ports(spec), padded[-1])
    assert sorted(lengths) == list(range(ids.shape[1] + 1))
    whole = next(case for case in cases(spec) if not case.padded)
    ids, lengths = arrays_for(ports(spec), whole)
    assert set(lengths) == {ids.shape[1]}


@pytest.mark.parametrize(
    ("source", "above", "message"),
    [
        ("tokens(9, lengths=true, mask=0)", "embedding(3)", "both say which steps are padding"),
        ("tokens(9, lengths=true)", "embedding(3, mask=true)", "`mask=true` in `W` above"),
        ("tokens(9, lengths=true, padding=any)", "embedding(3)", "count from the first step"),
    ],
)
def test_two_ways_to_tell_padding_are_refused(source: str, above: str, message: str) -> None:
    text = f"H-H   gru(4)\n| |\nW W   {above}\n| |\nX X   {source}"
    (found,) = (item for item in analyze(text).diagnostics if item.is_error)
    assert found.code == "SEQ304"
    assert message in found.message


def test_a_vector_and_what_is_fed_back_have_no_lengths() -> None:
    texts = (
        "Y   dense(2)\n|\nX   input(3, lengths=true)",
        "Y Y   dense(2)\n| |\nX X   input(2, feedback=Y, lengths=true)",
    )
    for text in texts:
        assert [item.code for item in analyze(text).diagnostics if item.is_error] == ["SEQ304"]
