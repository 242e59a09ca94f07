"""a way from one framework to the other → what it gives, one JSON line a model; runs in the environment of the tool.

    python -m benchmarks.conversions.routes ROUTE FOLDER MODEL ...

A way is tried at each level of what may stay free (`originals.LEVELS`), as some tools ask for fixed shapes.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import numpy as np

from benchmarks.conversions import originals
from benchmarks.conversions.originals import one_or_list

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    Call = Callable[[Sequence[Any]], Any]
    Convert = Callable[[Path, str, Sequence[Any], str], Call]


def onnx_runtime(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """The exported file itself."""
    import onnxruntime

    session = onnxruntime.InferenceSession(str(_onnx(folder, name, level)))
    names = [item.name for item in session.get_inputs()]
    return lambda arrays: session.run(None, dict(zip(names, arrays, strict=True)))[0]


def keras_backend(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """Keras's own way: the saved model, loaded by Keras with `KERAS_BACKEND=torch`."""
    import keras

    assert keras.backend.backend() == "torch"
    model = keras.models.load_model(folder / f"{name}.keras")
    return lambda arrays: keras.ops.convert_to_numpy(model(one_or_list(arrays)))


def onnx2torch(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """As its README says."""
    from benchmarks.conversions.vision import have_vision

    have_vision()
    from onnx2torch import convert

    return _module(convert(str(_onnx(folder, name, level))).eval())


def onnx2pytorch(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """As its README says."""
    from benchmarks.conversions.vision import have_vision

    have_vision()
    import onnx
    from onnx2pytorch import ConvertModel

    return _module(ConvertModel(onnx.load(_onnx(folder, name, level))).eval())


def onnx2tf(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """As its README says: `-kat` for inputs that are not images."""
    import onnx2tf

    with TemporaryDirectory() as output:
        model = onnx2tf.convert(
            input_onnx_file_path=str(_onnx(folder, name, level)),
            output_folder_path=output,
            keep_shape_absolutely_input_names=[f"x{at}" for at in range(len(shown))],
            non_verbose=True,
        )
    return lambda arrays: np.asarray(model(one_or_list(arrays)))


def onnx2keras(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """As its README says."""
    import onnx
    from onnx2keras import onnx_to_keras

    names = [f"x{at}" for at in range(len(shown))]
    model = onnx_to_keras(onnx.load(_onnx(folder, name, level)), names)
    return lambda arrays: np.asarray(model(one_or_list(arrays)))


def nobuco(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """As its README says: shapes with None, traced shapes where they are to stay free, and features last as given."""
    from benchmarks.conversions.vision import have_vision

    have_vision()
    from nobuco import ChannelOrder, pytorch_to_keras

    tensors = _tensors(shown)
    free = None
    if level != "fixed":
        axes = 2 if level == "steps" else 1
        free = {
            one: (*(None,) * min(axes, one.ndim), *one.shape[min(axes, one.ndim) :])
            for one in tensors
        }
    model = pytorch_to_keras(
        _original(folder, name),
        args=tensors,
        input_shapes=free,
        trace_shape=free is not None,
        inputs_channel_order=ChannelOrder.PYTORCH,
        outputs_channel_order=ChannelOrder.PYTORCH,
    )
    return lambda arrays: np.asarray(model(one_or_list(arrays)))


def litert_torch(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """As its README says: a file for LiteRT."""
    import litert_torch

    model = litert_torch.convert(
        _original(folder, name),
        tuple(_tensors(shown)),
        dynamic_shapes=originals.dynamic(shown, level),
    )
    # LiteRT has ids of 32 bits.
    return lambda arrays: model(
        *(array.astype(np.int32) if array.dtype.kind == "i" else array for array in arrays)
    )


def seqdsl_torch(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """What this project does."""
    import keras

    import seqdsl

    model = keras.models.load_model(folder / f"{name}.keras")
    return _module(seqdsl.port(model, "torch").build().eval())


def seqdsl_keras(folder: Path, name: str, shown: Sequence[Any], level: str) -> Call:
    """What this project does."""
    import seqdsl

    shapes = []
    for at, array in enumerate(shown):
        if name == "masked" and at:
            return _seqdsl_keras_shown(folder, name, shown)
        steps = () if name in originals.VECTORS else ("*",)
        axes = (*steps, *map(str, array.shape[1 + len(steps) :]))
        kind = "int64" if array.dtype.kind == "i" else "float32"
        shapes.append(f"{','.join(axes)}:{kind}")
    model = seqdsl.port(_original(folder, name), "keras", shapes).build()
    return lambda arrays: np.asarray(model(one_or_list(arrays)))


def _seqdsl_keras_shown(folder: Path, name: str, shown: Sequence[Any]) -> Call:
    """With arrays in place of shapes: lengths are no shape."""
    import seqdsl

    model = seqdsl.port(_original(folder, name), "keras", tuple(_tensors(shown))).build()
    return lambda arrays: np.asarray(model(one_or_list(arrays)))


ROUTES: dict[str, Convert] = {
    "onnx": onnx_runtime,
    "backend": keras_backend,
    "onnx2torch": onnx2torch,
    "onnx2pytorch": onnx2pytorch,
    "onnx2tf": onnx2tf,
    "onnx2keras": onnx2keras,
    "nobuco": nobuco,
    "litert-torch": litert_torch,
    "seqdsl-torch": seqdsl_torch,
    "seqdsl-keras": seqdsl_keras,
}

ONE_LEVEL = ("backend", "seqdsl-torch", "seqdsl-keras")
"""What needs no shapes: it is tried once."""

FILES = ("onnx", "onnx2torch", "onnx2pytorch", "onnx2tf", "onnx2keras")
"""What reads an ONNX file, of each exporter."""


class NotExported(Exception):
    """There is no file, as the framework's export fails."""


def _onnx(folder: Path, name: str, level: str) -> Path:
    found = dict(originals.exported(folder, name))[level]
    if isinstance(found, str):
        raise NotExported(found)
    return found


def _original(folder: Path, name: str) -> Any:
    import torch

    from benchmarks.conversions.torch_models import model

    module = model(name)
    module.load_state_dict(torch.load(folder / f"{name}.pt", weights_only=True))
    return module


def _tensors(arrays: Sequence[Any]) -> list[Any]:
    import torch

    return [torch.from_numpy(array) for array in arrays]


def _module(module: Any) -> Call:
    import torch

    def call(arrays: Sequence[Any]) -> Any:
        with torch.no_grad():
            return module(*_tensors(arrays)).numpy()

    return call


def attempts(route: str, folder: Path, name: str) -> list[dict[str, Any]]:
    """What comes of a model at each level: why it is not converted, or how far off each call is."""
    wanted = originals.levels(name, folder.name if route in FILES else "")
    return [
        {"level": level, **_attempt(route, folder, name, level)}
        for level in (wanted[:1] if route in ONE_LEVEL else wanted)
    ]


def _attempt(route: str, folder: Path, name: str, level: str) -> dict[str, Any]:
    calls, expected = originals.stored(folder, name)
    try:
        call = ROUTES[route](folder, name, calls[0].arrays, level)
    # Whatever a converter raises is reported.
    except (Exception, SystemExit) as problem:
        return {"fails": _why(problem)}
    found = []
    for one, result in zip(calls, expected, strict=True):
        found.append({"kind": one.kind, **_compared(call, one.arrays, result)})
    return {"calls": found}


def _compared(call: Call, arrays: Sequence[Any], expected: Any) -> dict[str, Any]:
    try:
        found = np.asarray(call(arrays))
    except (Exception, SystemExit) as problem:
        return {"fails": _why(problem)}
    if found.shape != expected.shape:
        return {"shape": [list(found.shape), list(expected.shape)]}
    return {"off": float(np.abs(found - expected).max())}


def _why(problem: BaseException) -> str:
    return f"{type(problem).__name__}: {problem}".strip()


def main() -> None:
    """Print what comes of each model."""
    route, folder, *names = sys.argv[1:]
    for name in names:
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            found = attempts(route, Path(folder), name)
        print(json.dumps({"model": name, "attempts": found}), flush=True)


if __name__ == "__main__":
    main()
