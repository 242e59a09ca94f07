"""Pictures that strain the layout of generated code; the examples are tested beside them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import seqdsl
from seqdsl.api import analyze
from seqdsl.syntax.names import LONGEST
from tests.compiled import compiled as models_of
from tests.random_pictures import random_picture

ROOT = Path(__file__).parents[2]
TARGETS = ("keras", "torch", "numpy")
RANDOM = 400


def _long(start: str) -> str:
    """A name of the greatest length."""
    return (start + "_of_a_name_that_is_as_long_as_it_may_be")[:LONGEST].rstrip("_")


def _handed_on() -> str:
    length = f"..{_long('source_steps')}.."
    gap = " " * len(length)
    return f"""
    {gap}   Y Y
    {gap}   | |
E=E={length}=E=D=D
| | {gap} | | |
X X {length} X Z Z

X = tokens(30, name={_long("source")})
Z = input(6, name={_long("target")})
E = lstm(16, name={_long("encoder")})
D = lstm(16, name={_long("decoder")})
M = embedding(8)
""".replace("| | |\nX", "| | |\nM M " + length + " M | |\n| | " + gap + " | | |\nX")


def _many_inputs(count: int) -> str:
    letters = "ABCDEFGHIJKLMNPQRSTUVW"[:count]
    bars = " ".join("|" * count)
    bus = "-".join("+" * count)
    return f"Y   dense(2)\n|\n{bus}\n{bars}\n{' '.join(letters)}\n" + "\n".join(
        f"{letter} = input({number + 1})" for number, letter in enumerate(letters)
    )


def _many_outputs(count: int) -> str:
    letters = "ABCDEFGHIJKLMNPQRSTUVW"[:count]
    bars = " ".join("|" * count)
    bus = "-".join("+" * count)
    return f"{' '.join(letters)}\n{bars}\n{bus}\n|\nX\n\nX = input(4)\n" + "\n".join(
        f"{letter} = dense({number + 1}, tanh)" for number, letter in enumerate(letters)
    )


def _chain(count: int) -> str:
    rows = ["O O O   lstm(16)", "| | |     "] * count
    return "\n".join([*rows, "O O O   input(8)"])


PICTURES = {
    "long-names": f"""
Y Y Y
| | |
H=H=H
| | |
X X X

{_long("features")} = 3
{_long("hidden_units")} = 4
{_long("classes")} = 5
{_long("probability")} = 0.25
X = input({_long("features")}, name={_long("input")})
H = lstm({_long("hidden_units")}, dropout={_long("probability")}, name={_long("recurrent")})
Y = dense({_long("classes")}, log_softmax, name={_long("logarithms")})
""",
    "long-names-handed-on": _handed_on(),
    "x" * 40: "O O O\n| | |\nO O O",
    "many-inputs": _many_inputs(22),
    "many-outputs": _many_outputs(22),
    "a-long-chain": _chain(30),
    "backslashes": """
Y Y Y
|\\|\\|
X X X

Y = dense(2)
""",
    "quotes-in-comments": '''
Y   # \"\"\" \\
|   # """ + exit(1)
X   # {{ x }} {% y %} \\N{dagger} \'\'\'
''',
    "names-that-stand-already": """
y x
""".replace("y x", "K L I\n| | |\nT S P\n")
    + "T = input(2, name=x)\nS = input(2, name=y)\nP = input(3, name=inputs)\n"
    + "K = dense(2, name=layer)\nL = dense(2, name=kernel)\nI = dense(2, name=i)\n",
    "gathered": """
  Y Y Y Y Y Y Y
  | | | | | | |
  | | | | | | +-----------+
  | | | | | +---------+   |
  | | | | +-------+   |   |
  | | | +-----+   |   |   |
  | | |       |   |   |   |
X X X X X X X X X X X X X X

X = input(2)
Y = dense(3)
""",
}


def compiled() -> dict[str, seqdsl.Model]:
    """Every example and every picture of this page, by name."""
    examples = [model for path in sorted(ROOT.glob("examples/*.seq")) for model in models_of(path)]
    drawn = [
        model
        for name, text in PICTURES.items()
        for model in seqdsl.compile_all(text, f"{name}.seq")
    ]
    return {model.name: model for model in examples + drawn}


@cache
def everything() -> tuple[seqdsl.Model, ...]:
    """The examples, the pictures that strain the layout, and random pictures: compiled once for all who go through."""
    drawn = [
        model
        for seed in range(RANDOM)
        for model in analyze(random_picture(seed), f"random-{seed}.seq").models
    ]
    return (*compiled().values(), *drawn)


@cache
def written(target: str) -> tuple[tuple[seqdsl.Model, str], ...]:
    """All of them, each with its source."""
    return tuple((model, model.source(target)) for model in everything())
