"""a way from one framework to the other → what it gives, one JSON line a model; runs in the environment of the tools.

python -m benchmarks.conversions.routes ROUTE MODEL ...
"""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.conversions.data import batches

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Call = Callable[[Sequence[Any]], Any]
    Convert = Callable[[Any, Sequence[Any], Path], Call]

SAME = 1e-4
"""What single precision may be off by."""


def keras_backend(model: Any, shown: Sequence[Any], folder: Path) -> Call:
    """Keras's own way: a saved model, loaded by Keras on another backend, in a process of its own."""
    import subprocess

    file = folder / "model.keras"
    model.save(file)

    def call(arrays: Sequence[Any]) -> Any:
        np.savez(folder / "in.npz", *arrays)
        code = (
            "import sys, numpy as np, keras; stored = np.load(sys.argv[2]); "
            "found = keras.models.load_model(sys.argv[1])([stored[name] for name in stored.files]); "
            "np.save(sys.argv[3], keras.ops.convert_to_numpy(found))"
        )
        command = [sys.executable, "-c", code, str(file), str(folder / "in.npz")]
        environment = {**os.environ, "KERAS_BACKEND": "torch"}
        done = subprocess.run(
            [*command, str(folder / "out.npy")],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip().splitlines()[-1])
        return np.load(folder / "out.npy")

    return call


def keras_onnx(model: Any, shown: Sequence[Any], folder: Path) -> Call:
    """Keras's export to ONNX, which runs tf2onnx."""
    model.export(folder / "model.onnx", format="onnx", verbose=False)
    return _onnxruntime(folder / "model.onnx")


def keras_onnx_torch(model: Any, shown: Sequence[Any], folder: Path) -> Call:
    """The same, then onnx2torch."""
    import onnx2torch
    import torch

    model.export(folder / "model.onnx", format="onnx", verbose=False)
    module = onnx2torch.convert(str(folder / "model.onnx")).eval()

    def call(arrays: Sequence[Any]) -> Any:
        with torch.no_grad():
            return module(*map(torch.from_numpy, arrays)).numpy()

    return call


def seqdsl_torch(model: Any, shown: Sequence[Any], folder: Path) -> Call:
    """What this project does."""
    import torch

    import seqdsl

    module = seqdsl.port(model, "torch").build().eval()

    def call(arrays: Sequence[Any]) -> Any:
        with torch.no_grad():
            return module(*map(torch.from_numpy, arrays)).numpy()

    return call


def torch_onnx(module: Any, shown: Sequence[Any], folder: Path) -> Call:
    """PyTorch's export to ONNX."""
    _export(module, shown, folder / "model.onnx")
    return _onnxruntime(folder / "model.onnx")


def torch_onnx_tf(module: Any, shown: Sequence[Any], folder: Path) -> Call:
    """The same, then onnx2tf."""
    import onnx2tf

    _export(module, shown, folder / "model.onnx")
    model = onnx2tf.convert(
        input_onnx_file_path=str(folder / "model.onnx"),
        output_folder_path=str(folder / "tf"),
        keep_shape_absolutely_input_names=[f"x{at}" for at in range(len(shown))],
        non_verbose=True,
    )
    return lambda arrays: np.asarray(model(list(arrays) if len(arrays) > 1 else arrays[0]))


def torch_onnx_keras(module: Any, shown: Sequence[Any], folder: Path) -> Call:
    """The same, then onnx2keras."""
    import onnx
    from onnx2keras import onnx_to_keras

    _export(module, shown, folder / "model.onnx")
    names = [f"x{at}" for at in range(len(shown))]
    model = onnx_to_keras(onnx.load(folder / "model.onnx"), names)
    return lambda arrays: np.asarray(model(list(arrays) if len(arrays) > 1 else arrays[0]))


def torch_nobuco(module: Any, shown: Sequence[Any], folder: Path) -> Call:
    """Nobuco, which builds a model of Keras while the module runs."""
    import nobuco
    import torch

    model = nobuco.pytorch_to_keras(module, args=list(map(torch.from_numpy, shown)))
    return lambda arrays: np.asarray(model(list(arrays) if len(arrays) > 1 else arrays[0]))


def seqdsl_keras(module: Any, shown: Sequence[Any], folder: Path) -> Call:
    """What this project does."""
    import torch

    import seqdsl

    model = seqdsl.port(module, "keras", tuple(map(torch.from_numpy, shown))).build()
    return lambda arrays: np.asarray(model(list(arrays) if len(arrays) > 1 else arrays[0]))


def _export(module: Any, shown: Sequence[Any], file: Path) -> None:
    """Export a module with any number of samples."""
    import torch

    names = [f"x{at}" for at in range(len(shown))]
    arguments = tuple(map(torch.from_numpy, shown))
    samples = torch.export.Dim("samples", min=1, max=64)
    torch.onnx.export(
        module,
        arguments,
        str(file),
        input_names=names,
        output_names=["y"],
        dynamic_shapes=tuple({0: samples} for _ in names),
        verbose=False,
    )


def _onnxruntime(file: Path) -> Call:
    import onnxruntime

    session = onnxruntime.InferenceSession(str(file))
    names = [item.name for item in session.get_inputs()]
    return lambda arrays: session.run(None, dict(zip(names, arrays, strict=True)))[0]


ROUTES: dict[str, dict[str, Convert]] = {
    "keras": {
        "seqdsl": seqdsl_torch,
        "backend": keras_backend,
        "onnx": keras_onnx,
        "onnx2torch": keras_onnx_torch,
    },
    "torch": {
        "seqdsl": seqdsl_keras,
        "onnx": torch_onnx,
        "onnx2tf": torch_onnx_tf,
        "onnx2keras": torch_onnx_keras,
        "nobuco": torch_nobuco,
    },
}
"""The ways from each framework."""


def _model(framework: str, name: str) -> tuple[Any, Call]:
    """A model with random weights, and how it is called."""
    if framework == "torch":
        import torch

        from benchmarks.conversions.torch_models import model

        module = model(name)

        def run(arrays: Sequence[Any]) -> Any:
            with torch.no_grad():
                return module(*map(torch.from_numpy, arrays)).numpy()

        return module, run
    import keras

    from benchmarks.conversions import keras_models

    keras.utils.clear_session()
    keras.utils.set_random_seed(0)
    built = getattr(keras_models, name)()
    drawn = np.random.default_rng(1)
    # Biases are zeros at first, which hides where they are added.
    built.set_weights([drawn.normal(size=item.shape, scale=0.4) for item in built.get_weights()])
    return built, lambda arrays: np.asarray(built(list(arrays) if len(arrays) > 1 else arrays[0]))


def measured(framework: str, route: str, name: str) -> dict[str, Any]:
    """What comes of one model."""
    model, original = _model(framework, name)
    cases = batches(name, framework)
    expected = [original(case) for case in cases]
    try:
        with TemporaryDirectory() as folder:
            call = ROUTES[framework][route](model, cases[0], Path(folder))
            found = [np.asarray(call(case)) for case in cases]
    # Whatever a converter raises is reported.
    except (Exception, SystemExit) as problem:
        return {"fails": f"{type(problem).__name__}: {problem}".strip()}
    if any(one.shape != other.shape for one, other in zip(found, expected, strict=True)):
        return {"fails": f"gives {found[-1].shape} in place of {expected[-1].shape}"}
    off = max(np.abs(one - other).max() for one, other in zip(found, expected, strict=True))
    return {"off": float(off)}


def main() -> None:
    """Print what comes of each model."""
    framework, route, *names = sys.argv[1:]
    for name in names:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            found = measured(framework, route, name)
        print(json.dumps({"model": name, **found}), flush=True)


if __name__ == "__main__":
    main()
