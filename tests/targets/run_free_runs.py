"""Runs ``generate`` of generated Keras modules, and feeds what it gave to the models as trained.

A script, as Keras is not imported by the tests themselves: pictures as JSON come in, a report goes out.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import keras
import numpy as np

import seqdsl
from seqdsl.targets.keras import weights
from seqdsl.verify.spec_weights import layer_weights
from tests.targets.called_runs import CALLED
from tests.targets.free_runs import PICTURES as STATES
from tests.targets.free_runs import Case, arrays_for, case_of, free_steps
from tests.targets.loop_runs import BEGUN, LOOPS
from tests.targets.past_runs import PAST
from tests.targets.refused_runs import SAMPLED, told

PICTURES = STATES | PAST | CALLED | LOOPS | {"begun": BEGUN}

MANY = 20_000


class Running:
    """A picture's module and its model, with weights that are those of other targets."""

    def __init__(self, name: str, length: int) -> None:
        """Build the model, and data with a prompt of some steps."""
        compiled = seqdsl.compile(PICTURES[name])
        self.module = _module(PICTURES[name])
        self.model = self.module["build_model"]()
        layers = layer_weights(compiled.spec)
        weights.write(self.model, layers, arrays_for(layers))
        self.case: Case = case_of(PICTURES[name], length)
        self.others = [item for item in self.case.arrays if item is not None]

    def generated(self, **options: Any) -> Any:
        """What is generated."""
        options = {"start": self.case.prompt, **options}
        made = self.module["generate"](self.model, *self.others, **options)
        return keras.ops.convert_to_numpy(made)

    def given(self, fed: Any) -> Any:
        """What the model as trained gives for the steps that are fed."""
        whole = np.eye(self.case.width)[fed] if self.case.is_one_hot else fed
        inputs = [whole if item is None else item for item in self.case.arrays]
        return keras.ops.convert_to_numpy(self.model(inputs if len(inputs) > 1 else inputs[0]))


def again(name: str, length: int) -> list[Any]:
    """What is generated, if the model as trained gives the same when it is fed with that; else an empty list."""
    run = Running(name, length)
    made = run.generated(steps=free_steps(PICTURES[name], length))
    whole = np.concatenate([run.case.prompt, made], 1)
    # Steps before the first one of what is fed are those of an image, or of the other half of one row.
    given = run.given(whole)[:, -whole.shape[1] :][:, length - 1 : -1]
    is_same = (given.argmax(-1) == made).all() if run.case.is_id else np.allclose(given, made, 1e-4)
    return made.tolist() if is_same else []


def stopped(name: str) -> bool:
    """Whether a sample is filled with the id behind which it stops, and one that ends early has all its steps."""
    run = Running(name, 2)
    free = run.generated(steps=6)
    stop, expected = int(free[0, 1]), free.copy()
    for row in expected:
        if (row == stop).any():
            row[np.argmax(row == stop) :] = stop
    alone = run.generated(start=run.case.prompt[:1], steps=9, stop=int(free[0, 0]))
    same = np.array_equal(run.generated(steps=6, stop=stop), expected)
    return bool(same and not np.array_equal(free, expected) and alone.shape == (1, 9))


def drawn(name: str, temperature: float) -> list[float]:
    """How far what is drawn is from the distribution of its temperature, and from that of another."""
    run = Running(name, 1)
    first = run.case.prompt[:1]
    run.others = [np.repeat(item[:1], MANY, 0) for item in run.others]
    start = np.repeat(first, MANY, 0)
    made = run.generated(start=start, steps=1, temperature=temperature, seed=1)
    counted = np.bincount(made[:, 0], minlength=run.case.width) / MANY
    run.case = run.case._replace(
        arrays=tuple(None if x is None else x[:1] for x in run.case.arrays)
    )
    given = run.given(first)[0, -1].astype("float64")
    logits = np.log(given) if name == "one-hot" else given
    return [float(np.abs(counted - _softmax(logits / at)).max()) for at in (temperature, 1.0)]


def _softmax(logits: Any) -> Any:
    odds = np.exp(logits - logits.max())
    return odds / odds.sum()


def seeded(name: str) -> bool:
    """Whether the same seed draws the same ids, and another one others."""
    run = Running(name, 1)
    first, same, other = (
        run.generated(steps=9, temperature=5.0, seed=seed).tolist() for seed in (1, 1, 2)
    )
    return bool(first == same != other)


def without_start(name: str) -> bool:
    """Whether the first word is the one that the step before it gives, if there is no start."""
    run = Running(name, 1)
    made = run.generated(start=None, steps=3)
    return bool((run.given(made)[:, :-1].argmax(-1) == made).all())


def without_axis(name: str) -> bool:
    """Whether the first id needs no axis of steps."""
    run = Running(name, 1)
    one = run.generated(start=run.case.prompt[:, 0], steps=4)
    return bool(np.array_equal(one, run.generated(steps=4)))


def too_long(name: str) -> str:
    """What is said of a prompt that is longer than the model, before any of its steps is computed."""
    run = Running(name, 15)
    try:
        run.generated(steps=1)
    except ValueError as error:
        return str(error)
    return "nothing"


def refused() -> list[str]:
    """What is said of calls that are refused, and of a builder with a temperature below zero."""

    def run(text: str, inputs: tuple[Any, ...], options: dict[str, Any]) -> None:
        module = _module(text)
        module["generate"](module["build_model"](), *inputs, **options)

    try:
        _module(SAMPLED)["build_model"](heat=-1)
    except ValueError as error:
        return [*told(run), str(error)]
    return told(run)


def _module(text: str) -> dict[str, Any]:
    module: dict[str, Any] = {"__name__": "generated"}
    exec(seqdsl.compile(text).source("keras"), module)
    return module


def main(names: list[str]) -> None:
    """Write the report, of these pictures or of all."""
    report: dict[str, Any] = {
        "backend": keras.backend.backend(),
        "again": {name: [again(name, length) for length in (1, 2)] for name in names or PICTURES},
    }
    if not names:
        report["stopped"] = {name: stopped(name) for name in ("char-rnn", "one-hot")}
        report["drawn"] = {
            name: drawn(name, 2.0) for name in ("char-rnn", "one-hot", "translation")
        }
        report["seeded"] = {name: seeded(name) for name in ("char-rnn", "one-hot")}
        report["without start"] = without_start("caption")
        report["too long"] = too_long("heads")
        report["refused"] = refused()
        report["without axis"] = without_axis("char-rnn")
    json.dump(report, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
