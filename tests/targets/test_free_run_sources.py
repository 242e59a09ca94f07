"""What is written of models that feed themselves where they have states, loops or parameters of their own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

import seqdsl
from seqdsl.ir.called import held_layers, models_of
from tests.targets.called_runs import CALLED
from tests.targets.pictures import TARGETS

if TYPE_CHECKING:
    from seqdsl.ir.nodes import GraphData

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


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["called-heads", "called-states", "called-within-past"])
def test_each_block_goes_on_in_a_method_of_its_own(target: str, name: str) -> None:
    """However often it is called: what calls it names none of its layers."""
    model = seqdsl.compile(CALLED[name])
    source = model.source(target)
    blocks = {item.name: item for item in models_of(model.spec)}
    inner = {part.name: part for item in blocks.values() for part in models_of(item)}
    assert len(re.findall(r"def decode\w*\(", source)) == 1 + len(
        [item for item in (blocks | inner).values() if _keeps(item)]
    )
    decode = source[source.rindex("def decode(") : source.rindex("def generate")]
    assert not [
        item.name
        for body in (blocks | inner).values()
        for item in body.layers
        if item.name in decode
    ]


def _keeps(body: GraphData) -> bool:
    """Whether a block, or one that it calls, keeps anything of earlier steps."""
    return any(layer.kind in ("attention", "gru", "conv") for layer in held_layers(body))


@pytest.mark.parametrize("target", TARGETS)
@pytest.mark.parametrize("name", ["called-counted", "called-padded"])
def test_a_block_that_cannot_go_on_alone_is_written_out(target: str, name: str) -> None:
    source = seqdsl.compile(CALLED[name]).source(target)
    assert len(re.findall(r"def decode\w*\(", source)) == 1
    assert "block_r_attention_t" in source or "block_r_gru_h" in source


CALLED_LIKE_A_FUNCTION = """
model block

    A A ... A   gru(6)
    | |     |
    X X ... X   input(6)

model talk

    Y Y ... Y   dense(12, softmax)
    | |     |
    P P ... P   block
    | |     |
    V V ... V   embedding(6)
    | |     |
    Z Z ... Z

    Z = tokens(12, feedback=Y, name=decode_block)
"""


def test_keras_calls_no_variable_of_a_function_s_name() -> None:
    source = seqdsl.compile(CALLED_LIKE_A_FUNCTION).source("keras")
    decode = source[source.index("def decode(") :]
    assert "decode_block: keras.KerasTensor" in decode
    assert "def decode_block_2(" in source and "decode_block_2(" in decode
    assert "decode_block(" not in decode
