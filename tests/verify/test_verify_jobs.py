"""A specification becomes plain numbers, and they come back from JSON as they were."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from typing import Any, cast

import pytest

from seqdsl.api import Model, analyze
from seqdsl.ir.expressions import Value
from seqdsl.ir.graph import Input, Output, Parameter
from seqdsl.ir.operations import Attend, Placeholder
from seqdsl.model.spec import Block, ModelSpec
from seqdsl.size import Size
from seqdsl.targets.notes import Module
from seqdsl.verify import generated_job
from seqdsl.verify.generated_job import job_for
from seqdsl.verify.jobs import LIMIT, Case, Job, Port, from_dict, refusal

N, UNITS = Size.of("n"), Size.of("units")


@pytest.fixture(autouse=True)
def _no_alternate(monkeypatch: pytest.MonkeyPatch) -> None:
    """These specifications come from no picture that could be compiled for other parameters."""
    monkeypatch.setattr(generated_job, "alternate_build_for", lambda *_: None)
    monkeypatch.setattr(generated_job, "write", lambda _, target: Module(f"# {target}", (), ()))


@dataclass
class Compiled:
    """A compiled model as far as a job needs it."""

    spec: ModelSpec
    file: str = "a.seq"
    lines: tuple[int, int] = (3, 5)
    gives_logits: bool = False


def block(index: int, kind: str, steps: Size | None, features: Size) -> Block:
    nowhere = cast(Any, None)
    name = f"b{index}"
    return Block(index, name, None, kind, steps, features, Placeholder(), letter="X", span=nowhere)


def spec(**changes: Any) -> ModelSpec:
    parts: dict[str, Any] = {
        "name": "last",
        "class_name": "Last",
        "picture": "",
        "parameters": (Parameter("units", 16),),
        "free": ("n",),
        "minimum": {"n": 4},
        "multiple": {"n": 1},
        "order": (0, 1, 2),
        "layers": (),
        "nodes": (
            block(0, "input", N, Size.of(2)),
            block(1, "lstm", N - 1, UNITS),
            block(2, "output", Size.of(3), UNITS),
        ),
        "inputs": (Input("x", 0, (N, Size.of(2)), "float32"),),
        "outputs": (Output("y", 2, (Size.of(3), UNITS), Size.of(3)),),
        "pairs": (),
        "topology": "many-to-many last N",
        "qualifiers": (),
        "depth": 1,
        "counts": {"keras": 10, "torch": 20},
        "graph": None,
    }
    return ModelSpec(**{**parts, **changes})


def job(target: str = "torch", **changes: Any) -> Job:
    return job_for(cast(Model, Compiled(spec(**changes))), target)


def test_ports_are_declared_as_the_code_must() -> None:
    found = job()
    assert found.inputs == (Port("x", (None, 2)),)
    assert found.outputs == (Port("y", (3, 16)),)
    assert (found.model, found.file, found.target) == ("last", "a.seq", "torch")
    assert (found.source, found.parameters) == ("# torch", 20)
    assert job("keras").parameters == 10


def test_three_batches_with_three_lengths() -> None:
    assert [(case.inputs, case.outputs) for case in job().cases] == [
        (((1, 4, 2),), ((1, 3, 16),)),
        (((3, 8, 2),), ((3, 3, 16),)),
        (((7, 12, 2),), ((7, 3, 16),)),
    ]
    assert str(job().cases[1]) == "batch 3, n = 8"


def test_fixed_lengths() -> None:
    found = job(
        free=(),
        parameters=(Parameter("units", 16), Parameter("n", 100)),
    )
    assert found.inputs == (Port("x", (100, 2)),)
    assert [case.inputs for case in found.cases] == [((b, 100, 2),) for b in (1, 3, 7)]


def test_free_names_never_share_a_length() -> None:
    cases = job(
        free=("n", "m", "k"), minimum={"n": 4, "m": 1, "k": 2}, multiple=dict.fromkeys("nmk", 1)
    ).cases
    for case in cases:
        assert len({value for _, value in case.lengths}) == 3
    for name in range(3):
        assert len({case.lengths[name] for case in cases}) > 1
    first, *_, last = ([value for _, value in case.lengths] for case in cases)
    assert first == sorted(first) and last == sorted(last, reverse=True)


def test_lengths_start_at_the_smallest_and_avoid_larger_batches() -> None:
    for least in range(1, 9):
        first, *others = job(minimum={"n": least}).cases
        assert dict(first.lengths) == {"n": least}
        assert all(dict(case.lengths)["n"] > case.batch for case in others)


def test_tokens_have_a_vocabulary() -> None:
    vocabulary = Size.of("words") * 2
    found = job(
        parameters=(Parameter("words", 50), Parameter("units", 16)),
        inputs=(Input("ids", 0, (N,), "int32", vocabulary),),
    )
    assert found.inputs == (Port("ids", (None,), "int32", 100),)


def test_values_count_every_block() -> None:
    assert job().cases[0].values == 4 * 2 + 3 * 16 + 3 * 16
    assert job().cases[2].values == 7 * (12 * 2 + 11 * 16 + 3 * 16)


def test_attention_counts_its_scores() -> None:
    attends = replace(
        block(1, "attention", Size.of(3), Size.of(2)), operation=Attend(Value(0), Value(0))
    )
    blocks = (block(0, "input", N, Size.of(2)), attends)
    outputs = (Output("y", 1, (Size.of(3), Size.of(2)), Size.of(3)),)
    assert job(nodes=blocks, outputs=outputs).cases[0].values == 4 * 2 + 3 * (2 + 4)


def test_refusal() -> None:
    right = job()
    assert refusal(right) is None
    assert refusal(replace(right, parameters=LIMIT)) is None
    assert "200,000,001 weights" in (refusal(replace(right, parameters=LIMIT + 1)) or "")
    large = replace(right, cases=(Case(1, (), (), values=10**30),))
    assert "values in one call" in (refusal(large) or "")


def test_huge_model_is_refused_without_being_made() -> None:
    assert refusal(job(parameters=(Parameter("units", 10**12),)))


def test_unknown_target() -> None:
    with pytest.raises(ValueError, match="unknown target 'theano'"):
        job("theano")


def test_job_survives_json() -> None:
    found = job()
    again = from_dict(json.loads(json.dumps(asdict(found))))
    assert again == found
    assert hash(again) == hash(found)


@pytest.mark.parametrize("stride", [2, 3, 5])
def test_a_stride_is_tried_with_every_remainder(stride: int) -> None:
    lower = " ".join("X" * stride)
    upper = "F" + " " * (2 * stride - 2)
    wire = upper.replace("F", "|")
    text = f"{upper} ... F\n{wire}     |\n{lower} ... {lower}\n\nX = input(2)\nF = gru(3)\n"
    (model,) = analyze(text, "stride.seq").models
    lengths = [dict(case.lengths)[model.spec.free[0]] for case in job_for(model, "torch").cases]
    assert {length % stride for length in lengths} == set(range(stride))
    assert len(lengths) == max(3, stride)
