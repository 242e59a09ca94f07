"""Whatever is elided means what it means when it is drawn in full.

All examples, all pinned pictures and many random ones are drawn in full, for several lengths, by a tool that
shares no code with the compiler; then both texts are compiled, and computed by the reference interpreter.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from seqdsl.pipeline import analyze
from seqdsl.runtime.adapter import DOUBLE
from seqdsl.targets import runtime as load
from seqdsl.verify.build import build
from seqdsl.verify.ports import ports, results
from seqdsl.verify.spec_weights import layer_weights
from tests.delayed_nodes import has_delayed
from tests.drawn_out import Unclear, elided, selection
from tests.drawn_out.meaning import Array, Case
from tests.drawn_out.same import described
from tests.drawn_out.unroll import unroll
from tests.random_pictures import random_picture
from tests.random_pictures.padded import random_padded
from tests.random_pictures.pooled import random_pooled

ROOT = Path(__file__).parents[2]
FILES = sorted([*(ROOT / "examples").glob("*.seq"), *(ROOT / "tests" / "pinned").glob("*.seq")])
CHUNKS = 8
EACH = 2
"""Lengths for each random picture."""

BUILT = 4
"""Of so many random pictures the code of one is built, too."""

EXEMPT = {
    "a convolution over one step": 0.06,
    "one step that runs both ways": 0.01,
    "chains of one step side by side": 0.01,
    "a memory of one step": 0.01,
    "a named row of one step": 0.01,
    "a part that only elided steps read, of which there are none": 0.01,
}
"""What cannot be drawn in full, and how much of all at most: sequences of one step that are no vectors, and of none."""


def is_unread(text: str) -> bool:
    """Whether a text has delayed nodes, or a model that calls another one: the tool draws one picture out."""
    return has_delayed(text) or (
        text.count("model ") > 1 and any(model.spec.called for model in analyze(text).models)
    )


def cases(name: str, text: str, most: int) -> list[Case]:
    """A picture at several lengths; none if it has no ellipsis, or what the tool cannot read."""
    if ".." not in text or is_unread(text):
        return []
    try:
        drawing = elided(text)
        if not drawing.picture.is_elided:
            return []
        values = {key: int(value) for key, value in drawing.values.items() if value.isdigit()}
        found = [
            Case(drawing, text, lengths) for lengths in selection(drawing.picture, most, values)
        ]
    except Unclear as problem:
        pytest.fail(f"{name}: the tool cannot read it: {problem}\n\n{text}")
    assert found, f"{name}: the tool finds no lengths for it\n\n{text}"
    return found


def failing(name: str, case: Case, problem: Exception) -> None:
    """Fail, and show both pictures."""
    pytest.fail(
        f"{name}, {case.lengths} elided: {problem}\n\n{case.elided_text}\n\n{case.full_text}"
    )


def compare(name: str, case: Case) -> None:
    """Hold a picture with ellipses against the same in full, and the full text against what was to be drawn."""
    try:
        whole = replace(case.drawing, picture=unroll(case.drawing.picture, case.lengths))
        again = described(elided(case.full_text), letters=True)
        assert again == described(whole, letters=True), "the tool did not draw what it meant"
        case.check()
    except Exception as problem:
        failing(name, case, problem)


def compared(name: str, text: str, most: int) -> Counter[str]:
    """Compare a picture at several lengths; how many were compared, and how many could not be drawn, and why."""
    found: Counter[str] = Counter()
    for case in cases(name, text, most):
        why = case.drawing.undrawable(case.lengths)
        found[why or "compared"] += 1
        if not why:
            compare(name, case)
            found["padded"] += not case.is_refused() and case.knows_padding()
    return found


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_files(path: Path) -> None:
    text = path.read_text("utf-8")
    found = compared(path.name, text, 6)
    has_ellipsis = any(".." in line.partition("#")[0] for line in text.splitlines())
    assert bool(found["compared"]) == (has_ellipsis and not is_unread(text))


def test_most_kinds_of_ellipses_are_in_the_files() -> None:
    texts = {path.name: path.read_text("utf-8") for path in FILES}
    assert sum(bool(cases(name, text, 1)) for name, text in texts.items()) >= 24


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_random_pictures(chunk: int, pytestconfig: pytest.Config) -> None:
    size = pytestconfig.getoption("--drawn-out-pictures") // CHUNKS
    first = pytestconfig.getoption("--first-seed") + chunk * size
    found: Counter[str] = Counter()
    for seed in range(first, first + size):
        found += compared(f"seed {seed}", random_picture(seed), EACH)
    whole = found.total() - found["padded"]
    assert found["compared"] > size // 3
    assert found["padded"]
    for why in found.keys() - {"compared", "padded"}:
        assert found[why] <= max(2, EXEMPT[why] * whole), f"{why}: {found[why]} of {whole}"


def test_random_padded_pictures(pytestconfig: pytest.Config) -> None:
    size = pytestconfig.getoption("--drawn-out-pictures") // CHUNKS
    first = pytestconfig.getoption("--first-seed")
    found: Counter[str] = Counter()
    for seed in range(first, first + size):
        if text := random_padded(seed):
            found += compared(f"padded seed {seed}", text, EACH)
    assert found["padded"] > size // 20


def test_random_buses_beside_wires(pytestconfig: pytest.Config) -> None:
    first = pytestconfig.getoption("--first-seed")
    found: Counter[str] = Counter()
    for seed in range(first, first + 40):
        found += compared(f"pooled seed {seed}", random_pooled(seed), EACH)
    assert found["compared"] and found["padded"]


SHIFTED = """
  H-H-...-H-H
  | |     |
X X X ... X

H = rnn(2)
X = input(2, mask=0)
"""


def test_all_but_the_first_steps_are_another_number_in_full() -> None:
    """Their number is known in full: they are the last valid ones there, and all but the first valid ones here."""
    found = compared("shifted", SHIFTED.strip("\n"), 5)
    assert (found["compared"], found["padded"]) == (5, 0)


ONE_STEP = {
    # One step of a grid is a grid, whatever the axes of steps and of the grid are.
    "grid": (
        """
              ... C   K
                  |   |
            ..n.. N   V

            N = input(1, 2)
            V = input(1, 2)
            C = layernorm
            K = layernorm
        """,
        {"compared": 5},
    ),
    # multiply(H) reads the steps of H; drawn as one node, H has none.
    "named row": (
        """
              ... H   U
                  |
            ..n.. N

            N = input(3)
            H = gru(4)
            U = multiply(H)
        """,
        {"compared": 4, "a named row of one step": 1},
    ),
}


@pytest.mark.parametrize("name", ONE_STEP)
def test_rows_of_one_step(name: str) -> None:
    text, expected = ONE_STEP[name]
    assert +compared(name, dedent(text), 6) == expected


# The generated code, too, at lengths that the full picture has.


def compare_built(name: str, case: Case) -> None:
    """Hold what the PyTorch source of the elided picture computes against the picture in full."""
    arrays = case.inputs(padded=case.knows_padding())
    try:
        case.compare(torch_results(case, arrays), case.expected(arrays))
    except Exception as problem:
        failing(f"{name} in PyTorch", case, problem)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_generated_source_of_files(path: Path) -> None:
    for case in buildable(path.name, path.read_text("utf-8"), 3):
        compare_built(path.name, case)


def test_generated_source_of_random_pictures(pytestconfig: pytest.Config) -> None:
    first = pytestconfig.getoption("--first-seed")
    built = 0
    for seed in range(first, first + pytestconfig.getoption("--drawn-out-pictures") // BUILT):
        for case in buildable(f"seed {seed}", random_picture(seed), 1):
            compare_built(f"seed {seed}", case)
            built += 1
    assert built


def buildable(name: str, text: str, most: int) -> list[Case]:
    """The lengths of a picture that can be drawn in full, and that it can have."""
    found = [case for case in cases(name, text, most) if not case.drawing.undrawable(case.lengths)]
    return [case for case in found if not case.is_refused()]


def torch_results(case: Case, arrays: list[Array]) -> list[Array]:
    """What the PyTorch source of the elided picture computes, with the weights of the case."""
    framework = load("torch")
    framework.reset(DOUBLE)
    model = framework.cast(build(case.elided.source("torch"), case.elided.name), DOUBLE)
    framework.write(model, layer_weights(case.elided.spec), case.weights)
    spec = case.elided.spec
    # Images have their channels last here, as in the picture; PyTorch's are turned by the adapter.
    ends = ([port.holds_images for port in side] for side in (ports(spec), results(spec)))
    framework.lay_out(model, *ends)
    # What is sampled comes from the numbers that the expected results are made of.
    with framework.sampled():
        return framework.call(model, arrays)
