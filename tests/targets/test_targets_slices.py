"""Steps of a sequence whose length the generated code does not know are counted from its end."""

from __future__ import annotations

import pytest

import seqdsl
from seqdsl.size import Size
from seqdsl.targets.emit.indexing import index_text, slice_text

LAST = """
        Y Y ..m.. Y   dense(2)
        | |       |
H  ...  H H  ...  H   lstm(4)
| |     | |       |
X  ...  X X  ...  X   input(3)

m = 12
""".replace("| |     | |", "|       | |")


@pytest.mark.parametrize(("target", "text"), [("keras", "[:, -m:]"), ("torch", "[:, -self.m:]")])
def test_the_last_m_of_a_free_length(target: str, text: str) -> None:
    assert text in seqdsl.compile(LAST).source(target)


@pytest.mark.parametrize(
    ("start", "count", "steps", "text"),
    [
        (Size.of(0), Size.of("m"), Size.of("t") + Size.of("m"), ":m"),
        (Size.of("t"), Size.of("m"), Size.of("t") + Size.of("m"), "-m:"),
        (Size.of("t") + 1, Size.of("m"), Size.of("t") + Size.of("m") + 4, "-m - 3:-3"),
        (Size.of("m"), Size.of("t"), Size.of("t") + Size.of("m"), "m:"),
        (Size.of("m"), Size.of("t") - 2, Size.of("t") + Size.of("m"), "m:-2"),
        (Size.of("t") - 3, Size.of(3), Size.of("t"), "-3:"),
    ],
)
def test_slice(start: Size, count: Size, steps: Size, text: str) -> None:
    assert slice_text(start, count, 1, steps, ("t",)) == text


def test_index() -> None:
    steps = Size.of("t") + Size.of("m")
    assert index_text(Size.of("t"), steps, ("t",)) == "-m"
    assert index_text(Size.of("m"), steps, ("t",)) == "m"


@pytest.mark.parametrize("n", [4, 5])
def test_no_layer_crops_what_may_be_nothing(n: int) -> None:
    """``build_model(n=4)`` leaves no step of those before the last four, whatever the default is."""
    text = """
 ...  G    G    G    G     dropout(0.1)
      |\\   |\\   |\\   |\\
 ...  O |  O |  O |  O |   concat
      |/   |/   |/   |/
 ...  Q    Q    Q    Q     multiply
      |    |    |    |
      +----+----+----+
      |         |
..n.. K    K    K    K

K = input(6)
"""
    model = seqdsl.compile(f"{text}n = {n}")
    assert "Cropping1D" not in model.source("keras")
    assert "[:, :-4]" in model.source("keras")
