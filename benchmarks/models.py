"""pictures → how fast the generated models are beside those that are written by hand, as ratios.

    python -m benchmarks.models torch [--compile] [NAME ...]
    python -m benchmarks.models keras [NAME ...]

Each picture of `benchmarks/pictures` is measured at its own small sizes and at honest ones (128 units, 100 steps where
the length can be set), with batches of 32: one call, and one whole training step. Both models have the same number of
weights and give the same shapes; one thread.
"""

from __future__ import annotations

import argparse
import gc
import inspect
import json
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from benchmarks.timing import least, short, table
from seqdsl import compile as compile_seq
from seqdsl.targets import write
from seqdsl.verify.build import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from seqdsl import Model

    Task = Callable[[], object]

PICTURES = Path(__file__).parent / "pictures"
BATCH = 32
SLICE = 0.002
"""Shorter than a turn of the scheduler: some slices run undisturbed, however busy the machine."""

SECONDS = 0.4
"""How long each task is measured at a time."""
HONEST = {"n": 100, "m": 100, "units": 128, "width": 128}
FREE_STEPS = 100
GOAL = 1.03
TRIES = 3


def sizes_of(model: Model, *, honest: bool) -> dict[str, int]:
    """The parameters of a picture, at its own sizes or at honest ones."""
    own = model.spec.defaults
    return {name: HONEST[name] for name in own} if honest else dict(own)


def arrays(model: Model, sizes: dict[str, int]) -> list[Any]:
    """A batch for every input; of token ids, the last fifth of every other sample is padding."""
    import numpy as np

    random = np.random.default_rng(0)
    found = []
    for item in model.inputs:
        env = dict.fromkeys(model.spec.free, FREE_STEPS) | sizes
        shape = (BATCH, *(size.value(env) for size in item.shape))
        if item.vocabulary is None:
            values = random.standard_normal(shape).astype("float32")
        else:
            values = random.integers(1, item.vocabulary.value(env), shape, dtype="int32")
        if "masked" in model.qualifiers:
            values[::2, -(shape[1] // 5 or 1) :] = 0
        found.append(values)
    return found


def by_hand(target: str, name: str, sizes: dict[str, int]) -> Any:
    """The model that is written by hand for a picture."""
    wanted = name.replace("-", "_")
    for part in ("rows", "joined", "loops", "nested"):
        module = import_module(f"benchmarks.handwritten.{target}_{part}")
        if (build := getattr(module, wanted, None)) is not None:
            taken = inspect.signature(build).parameters
            return build(**{key: value for key, value in sizes.items() if key in taken})
    raise LookupError(f"nobody wrote {name} by hand")


def images_for(target: str, inputs: list[Any]) -> list[Any]:
    """The same batch, as a framework takes images: PyTorch has their channels before height and width."""
    import numpy as np

    if target != "torch":
        return inputs
    # (batch, steps, height, width, channels)
    return [np.moveaxis(item, -1, -3).copy() if item.ndim == 5 else item for item in inputs]


def tasks_torch(model: Any, inputs: list[Any]) -> Iterator[tuple[str, Task]]:
    """A call and a training step in PyTorch."""
    import torch

    tensors = [torch.from_numpy(item) for item in inputs]
    optimizer = torch.optim.SGD(model.parameters(), lr=1e-3)

    def call() -> None:
        with torch.inference_mode():
            model(*tensors)

    def step() -> None:
        optimizer.zero_grad(set_to_none=True)
        found = model(*tensors)
        results = found if isinstance(found, tuple) else (found,)
        sum((item.square().mean() for item in results), torch.zeros(())).backward()
        optimizer.step()

    yield "call", call
    yield "training step", step


def tasks_keras(model: Any, inputs: list[Any]) -> Iterator[tuple[str, Task]]:
    """An eager call, a compiled one and a compiled training step in Keras."""
    import numpy as np
    import tensorflow as tf

    tensors = [tf.constant(item) for item in inputs]
    given = tensors[0] if len(tensors) == 1 else tensors
    plain = inputs[0] if len(inputs) == 1 else inputs
    model.compile("sgd", "mse")
    first = model(given)
    goals = [
        np.zeros(item.shape, "float32") for item in (first if isinstance(first, list) else [first])
    ]
    goal = goals[0] if len(goals) == 1 else goals
    yield "eager call", lambda: model(given, training=False)
    yield "predict", lambda: model.predict_on_batch(plain)
    yield "training step", lambda: model.train_on_batch(plain, goal)


TASKS = {"torch": tasks_torch, "keras": tasks_keras}


def weights_of(target: str, model: Any) -> int:
    """How many weights a model has."""
    if target == "torch":
        return sum(item.numel() for item in model.parameters())
    return int(model.count_params())


def measure(target: str, name: str, *, honest: bool, compiled: bool) -> dict[str, list[float]]:
    """Seconds of each task: generated, by hand.

    A ratio beyond the goal is measured again with models built anew, for both sides: noise goes, slowness stays.
    """
    model = compile_seq((PICTURES / f"{name}.seq").read_text("utf-8"), f"{name}.seq")
    sizes = sizes_of(model, honest=honest)
    found: dict[str, list[float]] = {}
    for _ in range(TRIES):
        for what, seconds in _measured(target, name, model, sizes, compiled).items():
            known = found.get(what, seconds)
            found[what] = [min(pair) for pair in zip(known, seconds, strict=True)]
        if all(ours <= GOAL * theirs for ours, theirs in found.values()):
            break
    return found


def _measured(
    target: str, name: str, model: Model, sizes: dict[str, int], compiled: bool
) -> dict[str, list[float]]:
    module = write(model.spec, target)
    taken = {item.name for item in module.parameters}
    pair = [
        load(module.source, model.name).build_model(
            **{key: sizes[key] for key in sizes if key in taken}
        ),
        by_hand(target, name, sizes),
    ]
    counts = [weights_of(target, item) for item in pair]
    assert counts[0] == counts[1], f"{name}: {counts} weights"
    inputs = images_for(target, arrays(model, sizes))
    if compiled:
        import torch

        pair = [torch.compile(item) for item in pair]
    found = {}
    for (what, ours), (_, theirs) in zip(
        *(TASKS[target](item, inputs) for item in pair), strict=True
    ):
        for task in (ours, theirs) * 2:
            task()
        found[what] = least(ours, theirs, rounds=3, slice_=SLICE, budget=SECONDS)
    return found


def quiet(target: str) -> None:
    """One thread, no chatter."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")
    if target == "torch":
        import torch

        torch.set_num_threads(1)
        return
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(1)
    tf.config.threading.set_inter_op_parallelism_threads(1)


def section(results: dict[str, dict[str, list[float]]]) -> str:
    """The table of one framework and size."""
    whats = list(next(iter(results.values())))
    rows = []
    for name, found in results.items():
        ratios = [f"{found[what][0] / found[what][1]:.2f}" for what in whats]
        rows.append([f"`{name}`", *ratios, *(short(found[what][0]) for what in whats)])
    return table(["picture", *whats, *(f"{what} takes" for what in whats)], rows)


def main() -> None:
    """Measure, print tables, and keep the figures for the page."""
    parser = argparse.ArgumentParser()
    parser.add_argument("target", choices=TASKS)
    parser.add_argument("--compile", action="store_true", help="torch.compile both")
    parser.add_argument("--size", choices=("small", "honest"), help="only that size")
    parser.add_argument("--json", type=Path, help="write the figures there")
    parser.add_argument("names", nargs="*")
    chosen = parser.parse_intermixed_args()
    quiet(chosen.target)
    names = chosen.names or sorted(path.stem for path in PICTURES.glob("*.seq"))
    figures: dict[str, dict[str, dict[str, list[float]]]] = {}
    for size in ("small", "honest") if chosen.size is None else (chosen.size,):
        figures[size] = {}
        for name in names:
            found = measure(chosen.target, name, honest=size == "honest", compiled=chosen.compile)
            figures[size][name] = found
            ratios = ", ".join(f"{what} {a / b:.2f}" for what, (a, b) in found.items())
            print(f"{size}: {name}: {ratios}", file=sys.stderr, flush=True)
            gc.collect()
        print(f"\n{chosen.target}, {size} sizes\n\n{section(figures[size])}")
    if chosen.json:
        chosen.json.write_text(json.dumps(figures), "utf-8")


if __name__ == "__main__":
    main()
