"""Each message that is known is what the installed frameworks say, and is explained by the record that is about it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from seqdsl.diagnosis.diagnose import diagnose
from seqdsl.diagnosis.find import find, one_line
from seqdsl.diagnosis.kinds import BY_NAME, KINDS

HERE = Path(__file__).parent

OLDER = {
    'ValueError: Input 0 of layer "lstm" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape '
    "received: (None, 20)": "keras-vector-for-steps",
    'ValueError: Input 0 of layer "gru_1" is incompatible with the layer: expected ndim=3, found ndim=2. Full shape '
    "received: (None, 64)": "keras-stacked-on-last",
    'ValueError: Input 0 of layer "model" is incompatible with the layer: expected shape=(None, 20, 4), found '
    "shape=(None, 20, 7)": "keras-other-features",
    "ValueError: Shapes (None, 1) and (None, 10) are incompatible": "keras-loss-classes",
    "ValueError: Computed output size would be negative. Received `inputs shape=(None, 2, 4)`, `kernel shape=(3, 4, "
    "8)`, `dilation_rate=[1]`.": "keras-window-too-long",
    "RuntimeError: input has inconsistent input_size: got 5 expected 4": "torch-input-size",
    "RuntimeError: Expected hidden size (1, 2, 32), got [1, 2, 16]": "torch-state-width",
    "TypeError: linear(): argument 'input' (position 1) must be Tensor, not tuple": "torch-result-tuple",
    "IndexError: index out of range in self": "torch-id-too-large",
}
"""Messages of earlier versions, or other words of the same kind."""


@cache
def said(framework: str) -> dict[str, str]:
    """What a framework says of all that it refuses, by the kind that it is of."""
    script = str(HERE / f"raise_{framework}.py")
    done = subprocess.run(
        [sys.executable, script], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr[-2000:]
    result: dict[str, str] = json.loads(done.stdout.splitlines()[-1])
    return result


FRAMEWORKS = {"Keras": "keras", "PyTorch": "torch"}


@pytest.mark.parametrize("name", BY_NAME)
def test_the_framework_says_it(name: str) -> None:
    kind = BY_NAME[name]
    text = said(FRAMEWORKS[kind.framework])[name]
    assert kind.message in one_line(text)
    assert [item.kind.name for item in find(text)][:1] == [name]


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_all_that_is_raised_is_known(framework: str) -> None:
    names = {kind.name for kind in KINDS if kind.framework == framework}
    assert set(said(FRAMEWORKS[framework])) == names
    assert len(names) >= 30


@pytest.mark.parametrize("text", OLDER)
def test_other_words_of_a_kind(text: str) -> None:
    assert find(text)[0].kind.name == OLDER[text]


def test_a_message_is_found_in_a_frame_with_colors_and_line_breaks() -> None:
    text = "│ \x1b[31mRuntimeError\x1b[0m: input.size(-1) must be equal to   │\n│ input_size. Expected 4, got 5 │"
    (found,) = find(text)
    assert found.kind.name == "torch-input-size"
    assert (found.groups["wrong_features"], found.groups["features"]) == ("4", "5")


def test_the_last_of_several_messages_is_explained() -> None:
    first, last = BY_NAME["torch-id-too-large"], BY_NAME["torch-input-size"]
    text = f"IndexError: {first.message}\n\nDuring handling ...\n\nRuntimeError: {last.message}"
    assert find(text)[0].kind is last
    assert find(f"{last.message}\n{first.message}")[0].kind is first


def test_what_is_not_known_gets_the_nearest() -> None:
    # A change of wording, as the next version may have it.
    text = "RuntimeError: the size of the last input axis has to be equal to input_size: expected 4 but got 5"
    diagnosis = diagnose(text)
    assert not diagnosis.known
    assert diagnosis.explanations[0].found.kind.name == "torch-input-size"


@pytest.mark.parametrize(
    "text", ["", "\n", "KeyError: 'loss'", "ZeroDivisionError: division by zero"]
)
def test_what_nothing_is_near_to_is_not_explained(text: str) -> None:
    diagnosis = diagnose(text)
    assert (diagnosis.known, diagnosis.explanations) == (False, ())


def test_a_long_text_is_read_from_its_end() -> None:
    text = "x" * 5_000_000 + "\nIndexError: index out of range in self"
    assert find(text)[0].kind.name == "torch-id-too-large"
