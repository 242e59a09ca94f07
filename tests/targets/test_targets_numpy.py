"""numpy source: with the weights of a PyTorch module, it predicts what the module gives, and needs numpy alone."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.numpy import load_file
from safetensors.torch import save_file, save_model

import seqdsl
from seqdsl.api import Model, analyze
from seqdsl.runtime.named_weights import draw
from seqdsl.targets.numpy.runtime import FixedNoise, state_dict
from seqdsl.targets.numpy.weight_file import save_weights
from seqdsl.targets.torch.axes import IMAGE
from seqdsl.targets.torch.random import sampled
from seqdsl.targets.torch.weights import write
from seqdsl.verify.build import load
from seqdsl.verify.check_names import OF_VALUES, checks_of
from seqdsl.verify.expected_results import compute_expected
from seqdsl.verify.lane import Lane
from seqdsl.verify.oracle_worker import job_with_expected
from seqdsl.verify.pool import verify
from seqdsl.verify.ports import ports
from seqdsl.verify.spec_weights import layer_weights
from tests.targets.pictures import compiled

MODELS = compiled()
LSTM = "Y\n|\nH-H-H   lstm(4)\n| | |\nX X X   input(2)\n\nY = dense(3)\n"


def trained(model: Model) -> torch.nn.Module:
    """The PyTorch module with weights of some size, also where it begins with zeros or ones."""
    torch.manual_seed(0)
    module: torch.nn.Module = model.build("torch").double().eval()
    for name, array in module.state_dict().items():
        if array.is_floating_point():
            # A variance is positive.
            array.copy_(torch.rand_like(array) * 0.6 + (0.2 if "var" in name else -0.3))
    return module


def arguments(model: Model, batch: int) -> list[Any]:
    """A batch of random arguments; where a model knows padding, its samples end early, one has no valid step."""
    random, spec = np.random.default_rng(batch), model.spec
    lengths = {
        name: spec.minimum[name] + 3 * spec.multiple[name] for name in spec.free
    } | spec.defaults
    found = []
    for item in spec.inputs:
        shape = (batch, *(size.value(lengths) for size in item.shape))
        words = None if item.vocabulary is None else item.vocabulary.value(spec.defaults)
        array = (
            random.normal(size=shape)
            if words is None
            else random.integers(min(1, words - 1), words, shape)
        )
        if len(shape) > 1 and "masked" in model.qualifiers:
            for sample in range(batch):
                array[sample, [shape[1], 1, 0][sample % 3] :] = 0
        found.append(array)
    steps = {
        item.block: array.shape[1]
        for item, array in zip(spec.inputs, found, strict=True)
        if array.ndim > 1
    }
    # From none to all of the steps.
    return found + [random.integers(0, steps[item.block] + 1, batch) for item in spec.lengths]


def is_tied(model: Model) -> bool:
    """Whether a layer of the model uses the matrix of another: its PyTorch module has one tensor under two names."""
    return any(layer.tied for layer in model.spec.layers)


def channels_first(model: Model, arrays: list[Any]) -> list[Any]:
    """The arguments as PyTorch takes them: the channels of images before height and width."""
    # Behind the inputs are the states that a model may be given; here it is called without.
    pairs = zip(ports(model.spec), arrays, strict=False)
    return [_first(array) if port.holds_images else array for port, array in pairs]


def _first(array: Any) -> Any:
    return np.ascontiguousarray(np.moveaxis(array, -1, -3))


def results(model: Model, found: tuple[Any, ...]) -> list[Any]:
    """What numpy's model gives, as PyTorch's does; behind the outputs are the states of the next call."""
    places = [len(model.spec.nodes[item.block].grid) for item in model.spec.outputs]
    images = [axes == IMAGE for axes in places] + [False] * (len(found) - len(places))
    return [
        _first(item) if is_image else item for item, is_image in zip(found, images, strict=True)
    ]


@pytest.mark.parametrize("name", sorted(MODELS))
def test_the_same_as_pytorch(name: str, tmp_path: Path) -> None:
    model = MODELS[name]
    module = trained(model)
    # As the generated `load` says: `save_file` refuses tensors that share memory, `save_model` writes one of them.
    if is_tied(model):
        save_model(module, str(tmp_path / "weights.safetensors"))
    else:
        save_file(module.state_dict(), tmp_path / "weights.safetensors")
    generated = load(model.source("numpy"), name)
    assert ("safetensors.torch.save_model" in generated.load.__doc__) == is_tied(model)
    loaded = generated.load(tmp_path / "weights.safetensors")
    for batch in (1, 3):
        arrays = arguments(model, batch)
        # Where they draw, both are given the same numbers.
        with torch.no_grad(), sampled():
            expected = module(*map(torch.from_numpy, channels_first(model, arrays)))
        loaded.random = FixedNoise()
        found = loaded.predict(*arrays)
        # Several outputs, or the states of the next call behind them, are a tuple in both.
        assert isinstance(found, tuple) == isinstance(expected, tuple)
        one_by_one = found if isinstance(found, tuple) else (found,)
        of_torch = expected if isinstance(expected, tuple) else (expected,)
        for one, other in zip(of_torch, results(model, one_by_one), strict=True):
            assert one.shape == other.shape
            np.testing.assert_allclose(one.numpy(), other, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("name", sorted(MODELS))
def test_named_arrays_become_what_pytorch_keeps_of_them(name: str) -> None:
    model = MODELS[name]
    layers = layer_weights(model.spec)
    arrays = draw(layers)
    module = model.build("torch").double()
    write(module, layers, arrays)
    expected, found = module.state_dict(), state_dict(layers, arrays)
    # A tied matrix is drawn once, under its embedding's name; PyTorch lists the same memory under another name too.
    drawn = {expected[key].data_ptr() for key in found}
    second = {key for key in set(expected) - set(found) if expected[key].data_ptr() in drawn}
    assert len(second) == sum(bool(layer.tied) for layer in model.spec.layers)
    assert set(expected) == set(found) | second
    for key, array in found.items():
        np.testing.assert_array_equal(expected[key].numpy(), array)


def test_precision_is_that_of_the_weights(tmp_path: Path) -> None:
    model = seqdsl.compile(LSTM)
    save_file(trained(model).float().state_dict(), tmp_path / "w.safetensors")
    loaded = load(model.source("numpy"), "lstm").load(tmp_path / "w.safetensors")
    assert loaded.predict(np.ones((2, 3, 2))).dtype == np.float32


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda weights: weights.pop("dense_y.bias"), "missing: dense_y.bias"),
        (lambda weights: weights.update(more=torch.zeros(1)), "not in the model: more"),
        (
            lambda weights: weights.update(
                {"rnn": weights.pop("lstm_h.bias_ih_l0")}
                | {"y.weight": weights.pop("dense_y.weight")}
            ),
            "missing: lstm_h.bias_ih_l0, dense_y.weight; not in the model: rnn, y.weight$",
        ),
        (
            lambda weights: weights.update({"dense_y.bias": torch.zeros(4)}),
            "dense_y.bias is (4,), not (3,)",
        ),
    ],
)
def test_other_weights_are_refused(change: Any, said: str, tmp_path: Path) -> None:
    model = seqdsl.compile(LSTM)
    weights = dict(trained(model).state_dict())
    change(weights)
    save_file(weights, tmp_path / "w.safetensors")
    module = load(model.source("numpy"), "lstm")
    with pytest.raises(ValueError, match="^" + said.replace("(", r"\(").replace(")", r"\)")):
        module.load(tmp_path / "w.safetensors")


def header(**changes: object) -> bytes:
    """A file of one array of 2 numbers, with changes to what its header says of it."""
    text = json.dumps({"a": {"dtype": "F32", "shape": [2], "data_offsets": [0, 8]} | changes})
    return len(text).to_bytes(8, "little") + text.encode() + bytes(8)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "Expecting value"),
        (header()[:20], "Unterminated|Expecting"),
        (header()[:-4], "a is not within the file"),
        (b"\xff" * 8 + header()[8:], "Extra data|decode"),
        ((2).to_bytes(8, "little") + b"[]", "pop"),
        ((90_000).to_bytes(8, "little") + b"[" * 90_000, "recursion"),
    ],
)
def test_damaged_files_of_weights_are_refused(data: bytes, said: str, tmp_path: Path) -> None:
    refused(data, said, tmp_path)


@pytest.mark.parametrize(
    ("item", "said"),
    [
        ({"dtype": "BF16"}, "a: numpy has no BF16"),
        ({"dtype": []}, "unhashable"),
        ({"data_offsets": [-8, 8]}, "a is not within the file"),
        ({"data_offsets": ["0", "8"]}, "not supported"),
        ({"data_offsets": [0, 3]}, "multiple of element size"),
        ({"shape": [3]}, "cannot reshape"),
    ],
)
def test_wrong_headers_of_weights_are_refused(item: Any, said: str, tmp_path: Path) -> None:
    refused(header(**item), said, tmp_path)


def refused(data: bytes, said: str, folder: Path) -> None:
    file = folder / "w.safetensors"
    file.write_bytes(data)
    with pytest.raises(ValueError, match=f"cannot read .*w.safetensors as safetensors: .*({said})"):
        load(seqdsl.compile(LSTM).source("numpy"), "lstm").load(file)


HEADS = "Y Y Y   attention(heads={0})\n| | |\n+-+-+\n| | |\nX X X   input(4)\n\n{0} = 2\n"


@pytest.mark.parametrize("name", ["weights", "predict", "path"])
def test_parameters_named_like_what_the_class_has(name: str, tmp_path: Path) -> None:
    model = seqdsl.compile(HEADS.format(name))
    module = trained(model)
    save_file(module.state_dict(), tmp_path / "w.safetensors")
    found = load(model.source("numpy"), "heads").load(tmp_path / "w.safetensors", **{name: 2})
    x = np.random.default_rng(0).normal(size=(1, 3, 4))
    with torch.no_grad():
        expected = module(torch.from_numpy(x)).numpy()
    np.testing.assert_allclose(found.predict(x), expected, rtol=1e-9, atol=1e-9)


def test_parameters_with_all_names_that_stand_for_weights() -> None:
    rows = "\n| | |\n".join(f"O O O   lstm({name})" for name in ("weights", "arrays", "tensors"))
    values = "\n".join(f"{name} = 4" for name in ("weights", "arrays", "tensors"))
    source = seqdsl.compile(f"{rows}\n| | |\nX X X   input(4)\n\n{values}\n").source("numpy")
    assert "weights_2: Weights" in source


@pytest.mark.parametrize("name", ["np", "check_weights", "load_weights"])
def test_names_that_would_hide_what_the_module_calls_are_refused(name: str) -> None:
    found = analyze(f"Y   dense(2)\n|\nX   input({name})\n\n{name} = 3\n").diagnostics
    assert [item.code for item in found] == ["SEQ108"]


ALONE = """
import sys
for name in ("torch", "keras", "tensorflow", "seqdsl", "safetensors"):
    sys.modules[name] = None
import numpy as np
import model
print(model.load("weights.safetensors").predict(np.ones((1, 3, 2), "float32")).shape)
"""


def test_what_transfer_writes_is_loaded_where_there_is_numpy_alone(tmp_path: Path) -> None:
    """From a trained Keras model to a process that has nothing but numpy, by the command line."""
    picture = tmp_path / "picture.seq"
    picture.write_text(LSTM, "utf-8")
    seqdsl.compile(LSTM).build("keras").save(tmp_path / "trained.keras")
    weights = tmp_path / "weights.safetensors"
    transfer = ["transfer", str(picture), "--from", str(tmp_path / "trained.keras"), "--to"]
    generate = ["generate", str(picture), "--to", "numpy", "-o", str(tmp_path / "model.py")]
    for command in ([*transfer, str(weights)], generate):
        subprocess.run([sys.executable, "-m", "seqdsl", *command], check=True, timeout=120)
    done = subprocess.run(
        [sys.executable, "-c", ALONE], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.stdout == "(1, 3)\n", done.stderr


def test_files_of_weights_that_verify_writes_are_safetensors(tmp_path: Path) -> None:
    weights = {
        "single": np.arange(6, dtype="f4").reshape(2, 3),
        "double": np.random.default_rng(0).normal(size=(3, 2)).T,
        "empty": np.zeros((0, 3)),
        "count": np.asarray(3, "i8"),
        "big": np.arange(3, dtype=">f8"),
    }
    save_weights(tmp_path / "w.safetensors", weights)
    found = load_file(tmp_path / "w.safetensors")
    assert found.keys() == weights.keys()
    for name, array in weights.items():
        assert found[name].dtype == array.dtype.newbyteorder("<")
        np.testing.assert_array_equal(found[name], array)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        # Rows and columns exchanged.
        ('.reshape(item["shape"])', '.reshape(item["shape"][::-1]).T', "reference"),
        # One array in the place of all.
        ("values[start:end]", "values[:end - start]", "reference"),
        ('"little")\n', '"big")\n', "build"),
        ("def load(", "def load_model(", "build"),
    ],
)
def test_verify_goes_through_the_generated_load(right: str, wrong: str, said: str) -> None:
    job = job_with_expected(seqdsl.compile(LSTM), "numpy", checks_of("numpy"), compute_expected)
    assert job.source.count(right) == 1
    lane = Lane("numpy")
    try:
        assert all(item.passed for item in lane.run(job))
        found = lane.run(replace(job, source=job.source.replace(right, wrong)))
    finally:
        lane.close()
    assert said in [item.check for item in found if not item.passed]


@pytest.mark.parametrize("check", OF_VALUES)
def test_each_check_by_itself(check: str) -> None:
    model = seqdsl.compile("Y   dense(2)\n|\nX   input(3)\n")
    report = verify([model], ["numpy"], checks=[check])
    assert report.passed and [item.check for item in report.results] == ["build", check]
