"""Keras is verified on PyTorch and JAX as on TensorFlow, on which all other tests run; in processes of their own."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import pytest

from seqdsl.verify.check_names import CHECKS
from seqdsl.verify.programs import advice
from tests.unsaved import UNSAVED
from tests.verify.commands import WATCHED, Done

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "examples"
GOLDEN = ROOT / "tests" / "golden" / "keras"

BACKENDS = ("torch", "jax")

# Masks, a free length, both directions, attention, a passed state, convolution, batch normalization, dropout.
SELECTION = ("tagger-masked", "masked-translation", "regularized-stack", "speech-conv-recurrent")
# JAX compiles each for fifteen seconds, and convolutions as PyTorch calls them.
SELECTED = {"jax": SELECTION[:3]}

PICTURE = """
    Y   dense(2)
    |
H H H   gru(3)
| | |
X X X   input(4)
"""

FACTORIES = """
import keras
from keras import layers, ops


def right(detach=lambda x: x, step=-1):
    x = keras.Input((3, 4))
    found = layers.GRU(3, return_sequences=True, name="mine")(x)
    return keras.Model(x, layers.Dense(2)(detach(found)[:, step]))


def early():
    return right(step=1)


def detached():
    return right(ops.stop_gradient)
"""

TRAIN = """
import os, keras, numpy as np, seqdsl
assert keras.backend.backend() == os.environ["KERAS_BACKEND"]
model = seqdsl.compile(open("picture.seq").read(), "picture.seq").build("keras")
x = np.random.default_rng(0).standard_normal((8, 3, 4)).astype("float32")
model.compile("sgd", "mse")
model.fit(x, np.ones((8, 2)), epochs=2, verbose=0)
model.save("trained.keras")
np.savez("known.npz", x=x, y=keras.ops.convert_to_numpy(model(x)))
"""

COMPARE = """
import numpy as np, torch, seqdsl
known = np.load("known.npz")
net = seqdsl.compile(open("picture.seq").read(), "picture.seq").build("torch")
net.load_state_dict(torch.load("weights.pt", weights_only=True))
assert abs(net(torch.from_numpy(known["x"])).detach().numpy() - known["y"]).max() < 1e-6
with np.load("trained.npz") as there, np.load("back.npz") as back:
    assert len(there.files) > 4 and all((there[name] == back[name]).all() for name in there.files)
"""

NUMBERS = """
import keras, numpy as np
for name in ("trained", "back"):
    np.savez(name + ".npz", *keras.saving.load_model(name + ".keras").get_weights())
"""


MISSING = """
import os
open(os.path.join(os.path.dirname(__file__), "asked"), "w").close()
raise ModuleNotFoundError("No module named 'tensorflow'", name="tensorflow")
"""


CHECKED = [part for check in UNSAVED for part in ("--check", check)]

TRANSFER = ("transfer", "picture.seq", "--from")

IN_KERAS = ("--to", "keras", "--format", "json")

FACTORY = ("verify", "picture.seq", *IN_KERAS, "--against")

# In this order: TensorFlow is missed first where the check of saving has not looked for it.
COMMANDS: dict[str, tuple[str, ...]] = {
    "unsaved": ("verify", "picture.seq", "--to", "keras", *CHECKED),
    "right models": ("verify", *IN_KERAS),
    **{name: (*FACTORY, f"mine:{name}") for name in ("right", "early", "detached")},
    "there": (*TRANSFER, "trained.keras", "--to", "weights.pt"),
    "back": (*TRANSFER, "weights.pt", "--to", "back.keras"),
}


class Backend:
    """A backend of Keras, and a folder of pictures and models: what runs there, runs in processes of its own."""

    def __init__(self, name: str, folder: Path) -> None:
        """A backend; only on TensorFlow is TensorFlow installed."""
        self.name, self.folder = name, folder
        self.selected = SELECTED.get(name, SELECTION)
        (folder / "picture.seq").write_text(PICTURE, "utf-8")
        (folder / "mine.py").write_text(FACTORIES, "utf-8")
        package = folder / "modules" / "tensorflow"
        package.mkdir(parents=True)
        (package / "__init__.py").write_text(MISSING, "utf-8")
        self.asked = package / "asked"
        paths = [str(ROOT), *([] if name == "tensorflow" else [str(package.parent)])]
        self.environment = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([*paths, os.environ.get("PYTHONPATH", "")]),
            "KERAS_BACKEND": name,
            "CUDA_VISIBLE_DEVICES": "-1",
            WATCHED: str(self.asked),
            # JAX compiles an operation once for all of these processes, and that soon.
            "JAX_DISABLE_MOST_OPTIMIZATIONS": "1",
            "JAX_COMPILATION_CACHE_DIR": str(folder / "compiled"),
            "JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS": "0",
            "JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES": "-1",
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run Python."""
        return subprocess.run(
            [sys.executable, *command],
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )

    def work(self, *command: str) -> str:
        """What Python prints; it must end well."""
        done = self.run(*command)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @cached_property
    def commands(self) -> dict[str, Done]:
        """What became of each of `COMMANDS`."""
        self.work("-c", TRAIN)
        self.asked.unlink(missing_ok=True)
        paths = [str(EXAMPLES / f"{name}.seq") for name in self.selected]
        asked = COMMANDS | {"right models": (*COMMANDS["right models"], *paths)}
        found = self.work("-m", "tests.verify.commands", json.dumps(list(asked.values())))
        return dict(zip(asked, json.loads(found), strict=True))

    def results(self, name: str) -> list[dict[str, object]]:
        """The results of one of `COMMANDS` that verifies."""
        found: list[dict[str, object]] = json.loads(self.commands[name]["stdout"])["results"]
        return found


@pytest.fixture(scope="module")
def backends(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Backend]:
    """All of them, each with a folder of its own."""
    return {
        name: Backend(name, tmp_path_factory.mktemp(name)) for name in ("tensorflow", *BACKENDS)
    }


@pytest.fixture
def backend(backends: dict[str, Backend], request: pytest.FixtureRequest) -> Backend:
    """The one that a test is for."""
    return backends[request.param]


each_backend = pytest.mark.parametrize("backend", BACKENDS, indirect=True)


@pytest.mark.slow
@each_backend
def test_right_models_are_right(backend: Backend) -> None:
    found = backend.results("right models")
    assert [item for item in found if not item["passed"]] == []
    assert backend.commands["right models"]["code"] == 0
    assert {item["check"] for item in found} == {"build", *CHECKS}
    assert len(found) == len(backend.selected) * (1 + len(CHECKS))
    # In double precision: what is judged in single is said.
    assert {item["message"] for item in found} == {""}


@each_backend
def test_tensorflow_is_not_asked_for(backend: Backend) -> None:
    # Keras looks for it when it writes a `.keras` file, and does without it.
    done = backend.commands["unsaved"]
    assert done["code"] == 0, done["stdout"] + done["stderr"]
    assert not done["watched"]
    assert backend.commands["right models"]["watched"]
    assert backend.run("-c", "import tensorflow").returncode == 1


@pytest.mark.slow
@each_backend
def test_models_of_yours(backend: Backend) -> None:
    def failed(factory: str) -> set[object]:
        return {item["check"] for item in backend.results(factory) if not item["passed"]}

    assert failed("right") == set()
    assert {"reference", "dependence"} <= failed("early")
    assert failed("detached") == {"agreement", "training"}


@pytest.mark.slow
@each_backend
def test_weights_go_there_and_back(backend: Backend) -> None:
    for name in ("there", "back"):
        done = backend.commands[name]
        assert done["code"] == 0, done["stdout"] + done["stderr"]
    backend.work("-c", NUMBERS + COMPARE)


PRECISION = """
from seqdsl.targets.keras import runtime as adapter
from seqdsl.targets.keras import precision as keras_precision
import keras, numpy as np

def product(dtype):
    one = keras.ops.convert_to_tensor([[1 + 2.0**-40]], dtype)
    return keras.ops.matmul(one, one)

adapter.reset("float64")
assert keras.config.floatx() == "float64"
assert keras.ops.convert_to_numpy(product("float64"))[0, 0] > 1
assert keras.backend.result_type("float64", "float32") == "float64"
# Single precision is as Keras has it by itself, and back again.
for _ in range(2):
    adapter.reset("float32")
    assert keras.config.floatx() == "float32"
    {narrow}
    adapter.reset("float64")
    assert keras.ops.convert_to_numpy(product("float64"))[0, 0] > 1

# Where Keras cannot be had to do it, all is judged in single precision.
adapter.reset("float32")
keras_precision._promotions = lambda: {{}}
keras_precision._is_double = lambda: False
adapter.reset("float64")
assert keras.config.floatx() == "float32"
"""


@pytest.mark.parametrize("backend", ["tensorflow", *BACKENDS], indirect=True)
def test_precision(backend: Backend) -> None:
    narrow = "assert keras.ops.convert_to_numpy(product('float64'))[0, 0] == 1"
    backend.work("-c", PRECISION.format(narrow="pass" if backend.name == "tensorflow" else narrow))


@pytest.mark.parametrize("backend", ["torch"], indirect=True)
def test_a_backend_without_gradients_is_named(backend: Backend) -> None:
    code = (
        "import keras; keras.backend.backend = lambda: 'openvino'\n"
        "from seqdsl.targets.keras.gradients import slope\n"
        "slope(lambda given: 0, [], [], [])\n"
    )
    done = backend.run("-c", code)
    assert "gradients of Keras on openvino are not read" in done.stderr
    assert "tensorflow, torch or jax" in done.stderr


@pytest.mark.parametrize("path", sorted(GOLDEN.glob("*.py")), ids=lambda path: path.stem)
def test_generated_code_needs_keras_alone(path: Path) -> None:
    tree = ast.parse(path.read_text("utf-8"))
    # What one backend alone needs is imported on that backend alone.
    for node in ast.walk(tree):
        asked = backend_asked_for(node)
        if asked is not None:
            assert isinstance(node, ast.If)
            kept = [item for item in node.body if not isinstance(item, ast.Import)]
            names = imported([item for item in node.body if isinstance(item, ast.Import)])
            assert names <= {asked}
            node.body = kept
            node.test = ast.Constant(value=True)
    # Cells are typed by Python's own module.
    assert imported(ast.walk(tree)) - {"typing"} == {"keras"}
    # What is a backend's own, or Keras's own, goes by these names; this one is public, for all of them.
    public = {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and ast.unparse(node) == "keras.backend.result_type"
    }
    attributes = {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node not in public
    }
    assert not attributes & {"backend", "src", "numpy"}


def backend_asked_for(node: ast.AST) -> str | None:
    """``torch`` of ``if keras.backend.backend() == "torch":``."""
    if not isinstance(node, ast.If):
        return None
    start, quote, name = ast.unparse(node.test).partition("'")
    return name.rstrip("'") if quote and start == "keras.backend.backend() == " else None


def imported(nodes: Iterable[ast.AST]) -> set[str]:
    found = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            found |= {item.name for item in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return found


@pytest.mark.parametrize(
    ("backend", "wanted"),
    [("", '"seqdsl[keras]"'), ("jax", '"seqdsl[jax]"'), ("torch", '"seqdsl[torch]" keras')],
)
def test_what_to_install(backend: str, wanted: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KERAS_BACKEND", backend)
    assert advice("keras").endswith(f"pip install {wanted}")
    assert advice("torch").endswith('pip install "seqdsl[torch]"')
