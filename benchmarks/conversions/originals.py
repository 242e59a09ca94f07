"""models with random weights → files that every tool reads: the model, what it gives, and its exports to ONNX.

    python -m benchmarks.conversions.originals FRAMEWORK FOLDER MODEL ...

Beside `NAME.npz` with all calls and their results: `NAME.keras` or `NAME.pt`, and `NAME-LEVEL.onnx` for each level of
`LEVELS` at which the framework's own export works; why it does not stands in `NAME-LEVEL.txt`.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.conversions.data import VECTORS, Case, cases

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

LEVELS = ("steps", "samples", "fixed")
"""What is left free in an export: lengths and numbers of samples, numbers of samples, nothing."""

SCRIPT = "-script"
"""Ends the name of a level at which PyTorch's older exporter writes the file, by TorchScript."""


def levels(name: str, framework: str = "") -> tuple[str, ...]:
    """The levels of a model: a vector has no length; of a framework with two exporters, those of both."""
    found = LEVELS[1:] if name in VECTORS else LEVELS
    return (*found, *(level + SCRIPT for level in found)) if framework == "torch" else found


def stored(folder: Path, name: str) -> tuple[list[Case], list[Any]]:
    """The calls of a model, and what it gave."""
    with np.load(folder / f"{name}.npz") as arrays:
        results = [arrays[f"result{at}"] for at in range(len(arrays.files))]
    return cases(name, folder.name), results


def torch_originals(name: str, folder: Path) -> None:
    """A module: its weights, its results, its exports."""
    import torch

    from benchmarks.conversions.torch_models import model

    module = model(name)
    torch.save(module.state_dict(), folder / f"{name}.pt")
    calls = cases(name, "torch")
    with torch.no_grad():
        results = [module(*map(torch.from_numpy, call.arrays)).numpy() for call in calls]
    _keep(folder, name, results)
    shown = calls[0].arrays
    names = [f"x{at}" for at in range(len(shown))]
    for level in levels(name, "torch"):
        options: dict[str, Any] = {"dynamic_shapes": dynamic(shown, level)}
        if level.endswith(SCRIPT):
            axes = dynamic(shown, level.removesuffix(SCRIPT)) or ()
            named = [{axis: f"n{at}_{axis}" for axis in free} for at, free in enumerate(axes)]
            options = {"dynamic_axes": dict(zip(names, named, strict=False)), "dynamo": False}
        with _noted(folder / f"{name}-{level}") as file:
            torch.onnx.export(
                module,
                tuple(map(torch.from_numpy, shown)),
                str(file),
                input_names=names,
                output_names=["y"],
                verbose=False,
                **options,
            )


def dynamic(shown: Sequence[Any], level: str) -> tuple[dict[int, Any], ...] | None:
    """What `torch.export` is told to leave free: samples, and the axis after them where it counts steps."""
    from torch.export import Dim

    if level == "fixed":
        return None
    axes: list[dict[int, Any]] = [{0: Dim.DYNAMIC} for _ in shown]
    if level == "steps":
        for axis, array in zip(axes, shown, strict=True):
            if array.ndim > 1:
                axis[1] = Dim.DYNAMIC
    return tuple(axes)


def keras_originals(name: str, folder: Path) -> None:
    """A model of Keras: for any length, as the original, and of one length for exports."""
    from benchmarks.conversions import keras_models

    build = getattr(keras_models, name)
    calls = cases(name, "keras")
    shown = calls[0].arrays
    steps = shown[0].shape[1]
    original = build(None)
    drawn = np.random.default_rng(1)
    # Biases are zeros at first, which hides where they are added.
    weights = [drawn.normal(size=item.shape, scale=0.4) for item in original.get_weights()]
    original.set_weights(weights)
    original.save(folder / f"{name}.keras")
    results = [np.asarray(original(one_or_list(call.arrays))) for call in calls]
    _keep(folder, name, results)
    for level in levels(name):
        with _noted(folder / f"{name}-{level}") as file:
            if level == "steps":
                model = original
            else:
                model = build(steps)
                model.set_weights(weights)
                # An export asks for a model that was called.
                model(one_or_list(shown))
            signature = None
            if level == "fixed":
                import keras

                signature = [keras.InputSpec(shape=a.shape, dtype=str(a.dtype)) for a in shown]
                signature = [signature] if len(signature) > 1 else signature
            model.export(file, format="onnx", verbose=False, input_signature=signature)


def one_or_list(arrays: Sequence[Any]) -> Any:
    """What a model of Keras is called with."""
    return list(arrays) if len(arrays) > 1 else arrays[0]


def _keep(folder: Path, name: str, results: Sequence[Any]) -> None:
    named = {f"result{at}": result for at, result in enumerate(results)}
    np.savez(folder / f"{name}.npz", **named)


class _noted:  # used like a function
    """Where an export goes; if it raises, why is kept instead."""

    def __init__(self, stem: Path) -> None:
        self.stem = stem

    def __enter__(self) -> Path:
        return Path(f"{self.stem}.onnx")

    def __exit__(self, kind: type | None, problem: BaseException | None, trace: object) -> bool:
        if problem is None or kind is None:
            return False
        Path(f"{self.stem}.onnx").unlink(missing_ok=True)
        Path(f"{self.stem}.txt").write_text(f"{kind.__name__}: {problem}", "utf-8")
        return isinstance(problem, Exception)


def exported(folder: Path, name: str) -> Iterator[tuple[str, Path | str]]:
    """The levels of a model: the file of each, or why there is none."""
    for level in levels(name, folder.name):
        file = folder / f"{name}-{level}.onnx"
        yield level, file if file.exists() else file.with_suffix(".txt").read_text("utf-8")


def main() -> None:
    """Write the files."""
    framework, folder, *names = sys.argv[1:]
    for name in names:
        originals = keras_originals if framework == "keras" else torch_originals
        originals(name, Path(folder))


if __name__ == "__main__":
    main()
