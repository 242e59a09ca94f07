"""Layers in capital letters are calls; letters that are drawn as nodes stay nodes."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze

CALLS = {
    "GRU": "gru(16)",
    "LSTM": "lstm(16)",
    "RNN": "rnn(16)",
    "DENSE": "dense(10)",
    "LINEAR": "dense(10)",
    "DROPOUT": "dropout(0.5)",
}


@pytest.mark.parametrize("word", CALLS)
def test_a_word_at_the_right_of_a_row_is_its_layer(word: str) -> None:
    found = list(analyze(f"H H H   {word}\n| | |\nX X X   input(3)\n").diagnostics)
    assert [(item.code, item.message) for item in found] == [("SEQ301", f"unknown layer `{word}`")]
    assert found[0].hint.startswith(f"write `{CALLS[word]}`")


def test_a_layer_that_there_is_not_is_answered() -> None:
    (found,) = analyze("H H H   SOFTMAX\n| | |\nX X X   input(3)\n").diagnostics
    assert "softmax" in found.hint


@pytest.mark.parametrize(
    "picture",
    [
        "Y   ADD\n|   |||\nX   ZVW\n",
        "Y   ADD\n|\nX   \n\nA = input(3)\n",
        "Y   XYZ\n|\nX\n",
        "H H ADD\n| | |||\nX X XXX\n",
    ],
    ids=["wired", "defined", "unknown", "close"],
)
def test_nodes_that_are_drawn_close_to_each_other_stay_nodes(picture: str) -> None:
    found = analyze(picture).diagnostics
    assert not [item for item in found if item.code == "SEQ301"]
