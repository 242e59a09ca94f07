"""Features on the second axis: PyTorch's convolutions take them there, and nothing is turned only to be turned back."""

from __future__ import annotations

import re

import pytest

from seqdsl.api import analyze, compile_all
from tests.random_pictures import random_picture
from tests.targets.pictures import compiled

TURNED = ".transpose(1, 2)"
RANDOM = 300


def sources() -> dict[str, str]:
    found = {name: model.source("torch") for name, model in compiled().items()}
    for seed in range(RANDOM):
        for model in analyze(random_picture(seed), f"random-{seed}.seq").models:
            found[f"random-{seed} {model.name}"] = model.source("torch")
    return found


def turned_for_nothing(source: str) -> list[str]:
    """The variables that are turned where they are assigned, and again wherever they are read."""
    forward = source.partition("def forward")[2].partition("def build_model")[0]
    found = []
    for name in re.findall(r"^ +(\w+) = .*\.transpose\(1, 2\)$", forward, re.MULTILINE):
        reads = re.findall(rf"(?<![\w.]){name}\b(?! = )([^\n]{{0,{len(TURNED)}}})", forward)
        found += [name] * (bool(reads) and all(read == TURNED for read in reads))
    return found


def test_what_is_looked_for_is_found() -> None:
    before = f"def forward\n    a = f(x){TURNED}\n    b = g(a{TURNED})\n    a_2 = f(x){TURNED}\n    c = h(a_2)\n"
    assert turned_for_nothing(before) == ["a"]


def test_nothing_is_turned_to_be_turned_back() -> None:
    convolutions = 0
    for name, source in sources().items():
        assert TURNED * 2 not in source, name
        assert turned_for_nothing(source) == [], f"{name}\n{source}"
        convolutions += source.count("nn.Conv1d(")
    assert convolutions > 50


PICTURES = {
    # The sum computes in either order: turned once, for what reads it.
    "a sum": (
        [
            "Y   Y   dense(2)", "|   |", "A   A   add", "|\\  |\\", "G | G | conv(4, 3)", "|/  |/",
            "F   F   conv(4, 3)", "|   |", "X   X   input(4)",
        ],
        "add_a = (conv_g + conv_f).transpose(1, 2)",
    ),
    "a maximum over time": (
        ["Y     dense(2)", "|", "M     max", "|", "+-+", "| |", "F F   conv(4, 3, relu)", "| |", "X X   input(4)"],
        "max_m = conv_f.amax(dim=-1)",
    ),
    # A softmax looks at all features of a step.
    "a softmax": (
        ["Y     dense(2)", "|", "M     max", "|", "+-+", "| |", "F F   conv(4, 3, softmax)", "| |", "X X   input(4)"],
        "max_m = conv_f.amax(dim=1)",
    ),
    "padded steps": (
        ["Y     dense(2)", "|", "M     max", "|", "+-+", "| |", "F F   conv(4, 3, relu)", "| |",
         "X X   input(4, mask=0)"],
        ".amax(dim=1)",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_values_are_turned_where_a_reader_needs_it(name: str) -> None:
    rows, wanted = PICTURES[name]
    (model,) = compile_all("\n".join(rows), "model.seq")
    assert wanted in model.source("torch"), model.source("torch")
