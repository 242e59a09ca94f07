"""Padded steps of a loop are skipped, wherever they are: as if they were not there."""

from __future__ import annotations

from textwrap import dedent

import numpy as np
import pytest

import seqdsl
from seqdsl.verify.pool import verify
from tests.unsaved import UNSAVED
from tests.verify.padded_loops import PICTURES
from tests.verify.test_verify_feedback import by_letter, compiled, dense, rnn, values

PADDING = np.array(
    [[1, 1, 1, 1], [1, 1, 0, 0], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0, 0, 0, 0]], bool
)
"""Which steps of each sample are valid: none is padding, at the end, in front, between, everywhere."""


@pytest.mark.parametrize("padding", ["", ", padding=end"])
def test_a_loop_does_what_it_does_without_the_padded_steps(padding: str) -> None:
    text = PICTURES["a start, which the first valid step reads"].replace(
        "mask=0", f"mask=0{padding}"
    )
    model = compiled(text)
    random = np.random.default_rng(1)
    valid = PADDING[:2] if padding else PADDING
    s, z = random.normal(size=(len(valid), 2)), random.normal(size=(len(valid), 4, 3))
    (found,) = values(model, [s, z * valid[..., None]])
    w = by_letter(model)
    expected = np.zeros_like(found)
    for sample, steps in enumerate(valid):
        h, y = np.zeros((1, 4)), s[None, sample]
        for step in np.flatnonzero(steps):
            h = rnn(np.concatenate([y, z[None, sample, step]], -1), h, w["D"])
            y = dense(h, w["Y"])
            expected[sample, step] = y[0]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("name", PICTURES)
def test_targets_skip_padded_steps_of_loops(name: str) -> None:
    model = seqdsl.compile(dedent(PICTURES[name]).strip("\n"), "padded.seq")
    report = verify([model], ["torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


@pytest.mark.parametrize(
    "name",
    [
        "members that read delayed nodes alone",
        "rows that begin later",
        "rows that end earlier",
        "a warm-up, from whose end on Y is there",
    ],
)
def test_lengths_are_padding_of_all_rows_of_a_loop(name: str) -> None:
    text = dedent(PICTURES[name]).strip("\n").replace("mask=0", "lengths=true")
    report = verify([seqdsl.compile(text, "lengths.seq")], ["torch", "numpy"], checks=UNSAVED)
    assert report.results and not [item.message for item in report.results if not item.passed]


@pytest.mark.parametrize("padding", ["", ", padding=end"])
def test_what_is_padding_for_one_row_of_a_loop_is_for_all_at_that_time(padding: str) -> None:
    text = PICTURES["rows that begin later"].replace("mask=0", f"mask=0{padding}")
    model = compiled(text)
    random = np.random.default_rng(2)
    valid = PADDING[:2] if padding else PADDING
    s, z = random.normal(size=(len(valid), 2)), random.normal(size=(len(valid), 4, 3))
    (found,) = values(model, [s, z * valid[..., None]])
    w = by_letter(model)
    expected = np.zeros_like(found)
    for sample, steps in enumerate(valid):
        # Nothing is there before Y but at the first step, where S is drawn.
        h, y = np.zeros((1, 4)), np.zeros((1, 2))
        for step in np.flatnonzero(steps):
            read = s[None, sample] if step == 0 else y
            h = rnn(np.concatenate([read, z[None, sample, step]], -1), h, w["D"])
            if step:
                y = dense(h, w["Y"])
                expected[sample, step - 1] = y[0]
    np.testing.assert_allclose(found, expected)


def test_padding_in_front_of_delayed_nodes_is_padding_of_the_loop() -> None:
    model = compiled(PICTURES["padding in front of delayed nodes"].replace("gru", "rnn"))
    random = np.random.default_rng(3)
    x, z = random.normal(size=(2, 3, 2)), random.normal(size=(2, 6, 3))
    x[1, 1] = 0
    (found,) = values(model, [x, z])
    assert not found[1, 1].any()
    assert np.abs(found[1, [0, 2, 3, 4, 5]]).min() > 0


@pytest.mark.parametrize("known", [3, 4])
def test_rows_may_begin_a_free_number_of_steps_later(known: int) -> None:
    picture = PICTURES["rows that begin a free number of steps later"]
    model = compiled(picture.replace("gru", "rnn"))
    random = np.random.default_rng(4)
    valid = np.concatenate([np.ones((2, known), bool), PADDING[2:4]], 1)
    valid[1, known - 1] = False
    x, z = random.normal(size=(2, known, 2)), random.normal(size=(2, 4, 3))
    lengths = dict(zip(model.spec.free, (known, 4), strict=True))
    given = [x * valid[:, :known, None], z * valid[:, known:, None]]
    (found,) = values(model, given, lengths)
    w = by_letter(model)
    expected = np.zeros_like(found)
    for sample, steps in enumerate(valid):
        h, y = np.zeros((1, 3)), np.zeros((1, 2))
        for step in np.flatnonzero(steps):
            h = rnn(x[None, sample, step] if step < known else y, h, w["D"])
            if step >= known:
                y = dense(np.concatenate([z[None, sample, step - known], h], -1), w["Y"])
                expected[sample, step - known] = y[0]
    np.testing.assert_allclose(found, expected)


@pytest.mark.parametrize("start", ["S", "y"])
def test_a_bus_of_padded_steps_is_combined_with_what_is_fed_back(start: str) -> None:
    name = "a bus of padded steps beside a start, in padded steps"
    text = PICTURES[name].replace("gru", "rnn")
    if start == "y":
        text = text.replace("S     y", "y     y").replace("S = input(2)\n", "")
    model = compiled(text)
    random = np.random.default_rng(6)
    valid, there = PADDING[:, :3], PADDING[::-1, 1:]
    s, x, z = (random.normal(size=(len(valid), *of)) for of in ((2,), (3, 2), (3, 2)))
    given = {"s": s, "x": x * there[..., None], "z": z * valid[..., None]}
    (found,) = values(model, [given[item.name] for item in model.spec.inputs])
    w = by_letter(model)
    expected = np.zeros_like(found)
    for sample, steps in enumerate(valid):
        h, y = np.zeros((1, 2)), s[None, sample] if start == "S" else np.zeros((1, 2))
        for step in np.flatnonzero(steps):
            # What is fed back is a value before there is one, too: zero.
            mean = np.concatenate([x[sample][there[sample]], y]).mean(0, keepdims=True)
            h = rnn(z[None, sample, step] + mean, h, w["D"])
            y = dense(h, w["Y"])
            expected[sample, step] = y[0]
    np.testing.assert_allclose(found, expected)


def test_keras_divides_all_that_a_step_of_a_loop_sums() -> None:
    source = compiled(PICTURES["a bus of padded steps beside what is fed back"]).source("keras")
    assert "(y + pooled) * share" in source


@pytest.mark.parametrize("start", ["y", "S"])
@pytest.mark.parametrize("layer", ["mean", "max", "multiply"])
def test_a_loop_that_reads_a_bus_of_padded_steps_is_whole(layer: str, start: str) -> None:
    name = "a bus of padded steps beside a start, in padded steps"
    text = PICTURES[name].replace("M = mean", f"M = {layer}").replace("S     y", f"{start}     y")
    if start == "y":
        text = text.replace("S = input(2)\n", "")
    source = compiled(text).source("torch")
    # One loop over all three steps, nothing of which is computed before it.
    assert "range(3)" in source and "_known" not in source
