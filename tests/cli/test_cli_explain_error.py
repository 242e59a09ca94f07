"""``seqdsl explain --error``: a pasted message, the shapes of data, text and JSON, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.api import analyze
from seqdsl.cli.main import cli

TRACEBACK = """Traceback (most recent call last):
  File "train.py", line 12, in <module>
    model.add(LSTM(32))
ValueError: Input 0 of layer "lstm_1" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape \
received: (None, 64)
"""
"""As Keras words it until 3.12."""


def explain(*arguments: str, text: str = TRACEBACK) -> Result:
    return CliRunner().invoke(cli, ["explain", "--error", "-", *arguments], input=text)


def test_a_message_is_explained_with_both_pictures() -> None:
    done = explain()
    assert done.exit_code == 0
    assert done.output.startswith(
        "Keras: a layer on top of a recurrent one that gives its last step only\n"
    )
    assert "return_sequences=True" in done.output
    wrong, right = done.output.index("Wrong:"), done.output.index("Right:")
    assert wrong < done.output.index("A A A   lstm(32)") and right < done.output.index("A A A")
    assert "Keras: LSTM(32, return_sequences=True) → LSTM(32) → Dense(2)" in done.output
    assert "It may also be: one vector a sample, where a sequence is read" in done.output
    assert "Your data" not in done.output


def test_lines_are_as_wide_as_explanations() -> None:
    lines = explain("--data", "1000,20,4", "--target", "1000,25,1").output.splitlines()
    assert max(map(len, lines)) <= 92


def test_data_is_in_the_pictures() -> None:
    output = explain("--data", "1000,5,7", "--target", "1000,3").output
    assert "X X X X X   input(7)" in output
    assert "Your data fits the right picture" in output


def test_data_of_other_shapes_gets_another_picture() -> None:
    output = explain("--data", "1000,20,4", "--target", "1000,25,1").output
    assert "Your data does not fit the right picture:" in output
    assert "A picture for your data (`seqdsl new encoder-decoder`):" in output


def test_a_file_is_read_from_its_end(tmp_path: Path) -> None:
    file = tmp_path / "error.txt"
    file.write_text("epoch 1\n" * 2_000_000 + TRACEBACK, "utf-8")
    done = CliRunner().invoke(cli, ["explain", "--error", str(file)])
    assert done.exit_code == 0 and done.output == explain().output


def test_json_has_all_of_it() -> None:
    done = explain("--format", "json", "--data", "1000,20,4", "--target", "1000,25,1")
    report = json.loads(done.output)
    first, other = report["explanations"]
    assert report["known"] is True
    assert (first["kind"], other["kind"]) == ("keras-stacked-on-last", "keras-vector-for-steps")
    assert analyze(first["right"]).models and analyze(first["data"]["instead"]["picture"]).models
    assert first["data"]["fits"] is False
    assert set(first) == {
        *(
            "kind",
            "framework",
            "title",
            "message",
            "meaning",
            "fix",
            "wrong",
            "right",
            "layers",
            "data",
        )
    }


def test_an_unknown_message_gets_the_nearest_and_says_so() -> None:
    done = explain(
        text="RuntimeError: the last input axis, input.size(-1), must equal input_size: 4 is not 5"
    )
    assert done.exit_code == 1
    assert done.output.startswith("This message is not known. The nearest known one is below")
    assert "input.size(-1) must be equal to input_size. Expected 4, got 5" in done.output


def test_a_text_without_a_message() -> None:
    done = explain(text="hello")
    assert done.exit_code == 1
    assert done.output.startswith("This message is not known, and none of the")
    assert json.loads(explain("--format", "json", text="").output) == {
        "known": False,
        "explanations": [],
    }


@pytest.mark.parametrize(
    "arguments",
    [
        ("--error", "-", "SEQ202"),
        ("--error", "-", "--free-run"),
        ("--data", "1000,4", "SEQ202"),
        ("--format", "json", "SEQ202"),
        ("--error", "gone.txt"),
        ("--error", "."),
        (),
    ],
)
def test_what_cannot_be_done_ends_the_run(arguments: tuple[str, ...]) -> None:
    done = CliRunner().invoke(cli, ["explain", *arguments])
    assert done.exit_code == 2
    assert done.stderr.splitlines()[-1].startswith("Error: ")
