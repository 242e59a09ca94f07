"""Keras hands masks on by itself where that means what the picture means, and is given them by name elsewhere."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

import seqdsl
from seqdsl.targets.code import Assign, Binary, Code, Text, call, listing
from seqdsl.targets.keras.mask_flow import Flow, Mask
from tests.targets.masked_pictures import ALIKE, BY_NAME, PICTURES

MASK = Text("mask")


def source(name: str) -> str:
    return seqdsl.compile(PICTURES[name], "model.seq").source("keras")


@pytest.mark.parametrize("name", ALIKE)
def test_usual_models_pass_no_masks(name: str) -> None:
    text = source(name)
    assert "mask=mask" not in text
    assert ("mask_zero=True" in text) == ("tokens" in PICTURES[name])
    assert ("layers.Masking(mask_value=0.0)(x)" in text) == ("input(4, mask=0)" in PICTURES[name])
    # Nothing is left of what nobody reads.
    assert "not_equal" not in text


@pytest.mark.parametrize("name", BY_NAME)
def test_a_mask_that_keras_loses_or_changes_is_passed(name: str) -> None:
    text = source(name)
    for part in BY_NAME[name]:
        assert part in text


def test_a_mask_is_begun_where_it_is_of_use_only() -> None:
    # All that reads the mask is a mean, which needs it in another form.
    text = source("mean of embeddings")
    assert "mask_zero" not in text
    assert "mask=some_valid(mask)" in text


def test_one_embedding_in_two_rows_begins_masks_in_both_or_in_none() -> None:
    assert source("one embedding twice").count("mask_zero=True") == 1
    # A vector of the same letter would be given a mask, which no vector has.
    assert "mask_zero" not in source("one embedding, once for a vector")


def joined(*names: str) -> Code:
    """A mask that Keras makes of others, for which the code has no variable."""
    return Binary("|", tuple(map(Text, names)))


# What Keras does, layer by layer.
WIDE = call("layers.Dense", 3)
STEPS = call("layers.GRU", 3, return_sequences=True)
TWO_WAY = call("layers.Bidirectional", STEPS)


@pytest.mark.parametrize(
    ("value", "carried"),
    [
        (call(WIDE, "x"), "mask"),
        (call(call("layers.Dropout", 0.5), call(WIDE, "x")), "mask"),
        (call(STEPS, "x"), "mask"),
        (call(TWO_WAY, "x"), "mask"),
        (call(STEPS, "x", mask="other"), "other"),
        (call(call("layers.GRU", 3), "x"), None),
        (call(call("layers.Bidirectional", call("layers.GRU", 3)), "x"), None),
        (call(call("layers.Conv1D", 3, 2), "x"), None),
        (call(call("layers.Cropping1D", "(1, 0)"), "x"), None),
        (call(call("layers.GlobalAveragePooling1D"), "x"), None),
        (call(call("layers.Add"), listing("x", "x")), "mask"),
        (call(call("layers.Add"), listing("x", "z")), None),
        (call(call("layers.Add"), listing("x", "y")), joined("mask", "mask_2")),
        (call(call("layers.Concatenate"), listing("x", "x")), "mask"),
        (call(call("layers.Concatenate"), listing("x", "z")), joined("mask")),
        (call(call("layers.Concatenate", axis=1), listing("x", "x")), joined("mask", "mask")),
        (call(call("layers.Attention"), listing("x", "y")), "mask"),
        (call(call("layers.Attention"), listing("x", "y"), mask=listing(None, "mask")), None),
        (call(call("ZeroMasked"), "x"), "mask"),
        (call(call("ZeroMasked"), "z", mask="mask"), "mask"),
        (call("ops.copy", "x"), None),
        (call("ops.where", "x", "x", "0.0"), None),
    ],
)
def test_what_a_value_carries(value: Code, carried: str | Code | None) -> None:
    flow = Flow({}, {"x": Mask(MASK), "y": Mask(Text("mask_2"))})
    flow.run(Assign((Text("result"),), value))
    found = flow.carried.get("result")
    assert (None if found is None else found.code) == (
        Text(carried) if isinstance(carried, str) else carried
    )


@pytest.mark.parametrize(
    ("value", "found"),
    [
        (call(STEPS, "x"), [MASK]),
        (call(STEPS, "x", mask="other"), [Text("other")]),
        # Beside an initial state Keras does not look at the mask of the sequence.
        (call(STEPS, "x", initial_state="state"), [None]),
        (call(WIDE, "x"), []),
        (call(call("layers.Multiply"), listing("x", "z")), [MASK, None]),
        (call(call("layers.Conv1D", 3, 2), "x"), [MASK]),
        (call(call("layers.Conv1D", 3, 2), call("ops.copy", "x")), [None]),
        (call(call("layers.GlobalAveragePooling1D"), "x", mask="mask"), []),
        (call(call("layers.MultiHeadAttention", 2, 4), "x", "z"), [MASK, None]),
    ],
)
def test_what_a_layer_looks_at(value: Code, found: list[Code | None]) -> None:
    flow = Flow({}, {"x": Mask(MASK)})
    flow.run(Assign((Text("result"),), value))
    masks = [mask for reading in flow.readings for mask in reading.masks]
    assert [None if mask is None else mask.code for mask in masks] == found


def test_attention_with_heads_takes_masks_off_what_it_reads() -> None:
    flow = Flow({}, {"x": Mask(MASK)})
    flow.run(Assign((Text("y"),), call(call("layers.MultiHeadAttention", 2, 4), "x", "x")))
    assert flow.carried == {"y": Mask(MASK)}


def test_a_returned_state_has_no_mask() -> None:
    flow = Flow({}, {"x": Mask(MASK), "state": Mask(MASK)})
    flow.run(Assign((Text("y"), Text("state")), call(STEPS, "x")))
    assert set(flow.carried) == {"x", "y"}


@pytest.mark.slow
def test_keras_brings_masks_where_the_picture_has_them() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.targets.run_masks"],
        input=json.dumps(PICTURES),
        env={**os.environ, "CUDA_VISIBLE_DEVICES": "-1", "TF_CPP_MIN_LOG_LEVEL": "3"},
        capture_output=True,
        text=True,
        check=True,
    )
    report = json.loads(done.stdout.splitlines()[-1])
    assert report["wrong"] == []
    # Most values of these pictures have masks, and most come without being passed.
    assert report["masked values"] > 40
    assert report["loss"] == pytest.approx(report["loss of valid steps"])
    assert report["statistics"] == pytest.approx(report["statistics of all steps"])
