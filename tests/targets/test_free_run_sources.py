"""What is written of models that feed themselves where they have states, loops or parameters of their own."""

from __future__ import annotations

import pytest

import seqdsl
from tests.targets.pictures import TARGETS

STATES = """
   Y Y ... Y   dense(20)
   | |     |
*--H-H-...-H--*   gru(8)
   | |     |
   E E ... E   embedding(8)
   | |     |
   Z Z ... Z   tokens(20, feedback=Y)
"""

OUTER_STATES = """
             Y Y Y   dense(5)
             | | |
*--E-E-E-----D-D-D
   | | |     | | |
   X X X     Z Z Z

X = input(3)
Z = input(5, feedback=Y)
E = gru(8)
D = gru(8)
"""

DELAYED = """
      Y Y Y   dense(5)
      | | |
E-E-E-D-D-D
| | | | | |
S e e Z Z Z

S = input(3)
E = gru(3)
D = gru(3)
Z = input(5, feedback=Y)
"""

SIZES = """
Y   Y   Y   dense(steps)
|   |   |
J   J   J   concat
|\\  |\\  |\\
H-|-H-|-H |
|/  |/  |/
Z   Z   Z

steps = 9
H = gru(6)
Z = input(steps, feedback=Y, choose=true)
"""


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("text", [STATES, OUTER_STATES], ids=["own", "outer"])
def test_states_of_the_model_are_none_of_generate(target: str, text: str) -> None:
    source = seqdsl.compile(text).source(target)
    compile(source, "generated", "exec")
    generate = source[source.index("def generate") :]
    assert "e_state" not in generate[: generate.index('"""')]


@pytest.mark.parametrize("target", TARGETS)
def test_delayed_nodes_before_the_run_are_not_written_step_by_step(target: str) -> None:
    assert "def generate" not in seqdsl.compile(DELAYED).source(target)


def test_keras_takes_the_parameters_that_it_reads() -> None:
    """By another name, where `generate` has an argument of that name; in each step, operations and no new layers."""
    source = seqdsl.compile(SIZES).source("keras")
    assert "steps_2: int = 9" in source
    assert "prompt = ops.one_hot(prompt, steps_2)" in source
    decode = source[source.index("def decode") : source.index("def generate")]
    assert "ops.concatenate([gru_h[:, None], z], axis=-1)" in decode
    assert "layers." not in decode
