"""A layer is one file: one is added to a copy of the project, and everything works with it.

Beside its record a layer needs what no record can tell: its macro in each framework's template, and its rule in the
oracle, which must not share it with what it checks.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

LAYER = '''
"""root mean square normalization: features divided by their root mean square (Zhang and Sennrich 2019)."""

from __future__ import annotations

from seqdsl.layers import IN, Argument, Family, Kind, LayerDef, Role, Setting, Signature, Weight


def evaluate(x, weights, given):
    """Over the last axis."""
    import numpy as np

    return x / np.sqrt((x**2).mean(-1, keepdims=True) + given["epsilon"]) * weights["scale"]


LAYER = LayerDef(
    "rmsnorm",
    Family.STEPWISE,
    Signature(keywords=(Argument("epsilon", Kind.EPSILON, 1e-5),), example="rmsnorm(epsilon=0.001)"),
    weights=(Weight("scale", Role.SCALE, (IN,)),),
    settings=(Setting("epsilon"),),
    keeps_zero=True,
    evaluate=evaluate,
)
'''
KERAS = """
{% macro rmsnorm(layer, block, how) %}
layers.RMSNormalization
{{ epsilon(layer) }}
name="{{ layer.name }}"
{% endmacro %}
"""
TORCH = """
{% macro rmsnorm(layer) %}
nn.RMSNorm
{{ layer.width }}
eps={{ layer.arguments.epsilon | decimal if layer.arguments.epsilon is not none else "1e-5" }}
{% endmacro %}
"""
NUMPY = '''
{% macro rmsnorm() %}
def _rmsnorm(x: Array, w: Weights, name: str, epsilon: float = 1e-5) -> Array:
    """The features of each step over their root mean square, then scaled."""
    return x / np.sqrt((x**2).mean(axis=-1, keepdims=True) + epsilon) * w[f"{name}.weight"]
{% endmacro %}
'''
ORACLE = '''

def rmsnorm(walk: Walk, index: int) -> list[Array]:
    """Zhang and Sennrich 2019: features over their root mean square."""
    scale, epsilon = walk.weights[index]["scale"], walk.number(index, "epsilon", 1e-5)
    return [x * scale / ((x * x).sum(-1, keepdims=True) / x.shape[-1] + epsilon) ** 0.5 for x in walk.inputs(index)]


KINDS["rmsnorm"] = rmsnorm
'''
ADDED = {
    "seqdsl/layers/rmsnorm.py": LAYER,
    "seqdsl/templates/keras/layers.j2": KERAS,
    "seqdsl/templates/torch/layers.j2": TORCH,
    "seqdsl/templates/numpy/functions.j2": NUMPY,
    "seqdsl/verify/oracle/kinds.py": ORACLE,
}
"""What is written, or added to the end of a file."""

# The embedding begins a mask, so that padding goes through the new layer as well.
PICTURE = """\
    Y   dense(2)
    |
H H H   gru(3)
| | |
R R R   rmsnorm(epsilon=0.01)
| | |
E E E   embedding(4, mask=true)
| | |
X X X   tokens(9)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, laid out as it is installed, with the layer in it and a picture beside it."""
    copy = tmp_path_factory.mktemp("project")
    ignored = shutil.ignore_patterns("__pycache__")
    for source, place in (("seqdsl", ""), ("grammar", "grammar"), ("templates", "templates")):
        shutil.copytree(ROOT / source, copy / "seqdsl" / place, ignore=ignored, dirs_exist_ok=True)
    for name, text in ADDED.items():
        path = copy / name
        old = path.read_text("utf-8") if path.exists() else ""
        path.write_text(old + text, "utf-8")
    (copy / "picture.seq").write_text(PICTURE, "utf-8")
    return copy


def test_the_recipe_names_these_files() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    recipe = text.partition("## Add a layer")[2].partition("\n## ")[0]
    named = set(re.findall(r"`([a-z_/]+/[A-Za-z0-9_]+\.\w+)`", recipe))
    assert all((ROOT / name.replace("NAME", "dense")).is_file() for name in named)
    steps = {
        name.replace("/rmsnorm.", "/NAME.").replace("seqdsl/templates", "templates")
        for name in ADDED
    }
    # The record, a macro for each target and the oracle's rule; the rest is documentation, tests and the example.
    product = {name for name in named if name.startswith(("seqdsl/", "templates/"))}
    assert product - {"seqdsl/ir/operations.py"} == steps


def python(folder: Path, *arguments: str, given: str = "") -> str:
    """What a Python process prints that finds the copy before the project."""
    environment = {**os.environ, "PYTHONPATH": str(folder), "XDG_CACHE_HOME": str(folder / "cache")}
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=folder, env=environment, input=given, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def seqdsl(folder: Path, *arguments: str) -> str:
    return python(folder, "-m", "seqdsl", *arguments)


def test_the_copy_is_used(folder: Path) -> None:
    assert Path(python(folder, "-c", "import seqdsl; print(seqdsl.__file__)").strip()) == (
        folder / "seqdsl" / "__init__.py"
    )


def test_check(folder: Path) -> None:
    # 9 * 4 of the embedding, 4 of the scale, 3 * (3 * (4 + 3) + 6) of the cell, 3 * 2 + 2.
    assert "129" in seqdsl(folder, "check", "-v", "picture.seq")


@pytest.mark.parametrize(
    ("target", "line"),
    [
        ("keras", 'layers.RMSNormalization(epsilon=0.01, name="rmsnorm_r")(embedding_e)'),
        ("torch", "self.rmsnorm_r = nn.RMSNorm(4, eps=0.01)"),
        ("numpy", 'rmsnorm_r = _rmsnorm(embedding_e, w, "rmsnorm_r", epsilon=0.01)'),
    ],
)
def test_generate(target: str, line: str, folder: Path) -> None:
    found = seqdsl(folder, "generate", "picture.seq", "--to", target)
    assert line in found
    # Zero stays zero: nothing has to be masked again.
    assert ("rmsnorm_r = ops.where" not in found) and ("rmsnorm_r.masked_fill" not in found)


def test_explain(folder: Path) -> None:
    found = seqdsl(folder, "explain", "picture.seq")
    assert "(`rmsnorm_r`) applies `rmsnorm` (epsilon 0.01), applied at each step of `E`." in found
    assert "what features are multiplied by" in found


def test_draw(folder: Path) -> None:
    seqdsl(folder, "draw", "picture.seq", "-o", "picture.svg")
    assert 'class="stepwise"' in (folder / "picture.svg").read_text("utf-8")


def test_format(folder: Path) -> None:
    seqdsl(folder, "format", "--check", "picture.seq")


def test_a_mistake_in_its_name_is_found(folder: Path) -> None:
    code = (
        "import seqdsl.api as p; "
        "print(p.analyze('Y   rmsnorn\\n|\\nX   input(3)').diagnostics[0].hint)"
    )
    assert "`rmsnorm`" in python(folder, "-c", code)


@pytest.mark.parametrize("target", ["keras", "torch", "numpy"])
def test_verify(target: str, folder: Path) -> None:
    seqdsl(folder, "verify", "picture.seq", "--to", target)


WRONG = """
import pathlib, seqdsl.verify.oracle.kinds as kinds
path = pathlib.Path(kinds.__file__)
path.write_text(path.read_text().replace("x.shape[-1] + epsilon", "x.shape[-1] + 2 * epsilon"))
"""


def test_verify_can_fail(folder: Path, tmp_path: Path) -> None:
    """The oracle's rule is one of its own: if it says something else, the generated code is refused."""
    other = tmp_path / "wrong"
    shutil.copytree(folder, other, ignore=shutil.ignore_patterns("__pycache__", "cache"))
    python(other, "-c", WRONG)
    with pytest.raises(AssertionError, match="reference"):
        seqdsl(other, "verify", "picture.seq", "--to", "torch")


SETTINGS = """
import seqdsl
from seqdsl.verify.common_mistakes import suspects
from seqdsl.targets.keras.settings import settings as in_keras
from seqdsl.targets.torch.settings import settings as in_torch
from seqdsl.verify.spec_weights import layer_weights

model = seqdsl.compile(open("picture.seq").read())
(norm,) = (item for item in layer_weights(model.spec) if item.kind == "rmsnorm")
assert norm.settings == (("epsilon", 0.01),), norm.settings
for target, read in (("keras", in_keras), ("torch", in_torch)):
    found = read(model.build(target), norm)
    assert found == {"epsilon": 0.01}, (target, found)
said = [item.sentence for item in suspects(model)]
assert "the epsilon of `rmsnorm_r` is 0.001" in said, said
"""


def test_its_settings_are_compared(folder: Path) -> None:
    python(folder, "-c", SETTINGS)


def test_lints_know_that_it_works_step_by_step(folder: Path) -> None:
    (folder / "constant.seq").write_text(
        "Y Y Y   rmsnorm\n| | |\n+-+-+\n|\nX   input(3)\n", "utf-8"
    )
    assert "SEQ401" in seqdsl(folder, "check", "constant.seq")


REPRESENTED = """
import json, sys
import seqdsl
from seqdsl.ir import parse
from seqdsl.ir.builder import Builder
from seqdsl.ir.json import from_json, to_json
from seqdsl.ir.text.errors import IrSyntaxError
from seqdsl.ir.verifier import verify

text = sys.stdin.read()
graph = seqdsl.compile(open("picture.seq").read(), "picture.seq").ir
assert parse(text) == graph
assert from_json(json.loads(json.dumps(to_json(graph)))) == graph
assert verify(graph) == ()

def refused(old, new):
    assert old in text
    try:
        return [(item.rule.name, item.where) for item in verify(parse(text.replace(old, new)))]
    except IrSyntaxError as error:
        return str(error)

# Its arguments, its weights and how it is computed are known of its record.
assert "has the weight `scale: [4]`" in refused("{scale: [4]}", "{scale: [5]}")
assert "no such argument; expected `epsilon=`" in refused("epsilon=0.01", "rate=0.01")
assert refused("epsilon=0.01", "epsilon=rate") == [("LAYERS", "@rmsnorm_r")]
assert refused("apply @rmsnorm_r(%embedding_e)", "split @rmsnorm_r(%embedding_e, parts=3)") == [
    ("LAYERS", "%rmsnorm_r")
]

b = Builder("built")
x = b.input("x", steps=3, features=4)
b.output(b.apply("rmsnorm", x, epsilon=0.25))
built = b.build()
assert "layer @rmsnorm = rmsnorm(epsilon=0.25) : 4 -> 4 {scale: [4]}" in str(built)
assert verify(built) == ()
"""


def test_representation(folder: Path) -> None:
    """Text, JSON, verifier and builder know it of its record."""
    text = seqdsl(folder, "check", "picture.seq", "--format", "ir")
    assert "layer @rmsnorm_r = rmsnorm(epsilon=0.01) : 4 -> 4 {scale: [4]}" in text
    python(folder, "-c", REPRESENTED, given=text)


TRAINED = """
import torch, seqdsl
net = seqdsl.compile(open("picture.seq").read()).build("torch")
for weight in net.parameters():
    torch.nn.init.normal_(weight)
torch.save(net.state_dict(), "weights.pt")
"""
CARRIED = """
import torch, keras, seqdsl
model = seqdsl.compile(open("picture.seq").read())
net, other = model.build("torch"), model.build("keras")
net.load_state_dict(torch.load("weights.pt", weights_only=True))
other.load_weights("weights.weights.h5")
x = torch.randint(9, (5, 3))
assert abs(net(x).detach().numpy() - keras.ops.convert_to_numpy(other(x.numpy()))).max() < 1e-5
"""


def test_transfer(folder: Path) -> None:
    python(folder, "-c", TRAINED)
    seqdsl(folder, "transfer", "picture.seq", "--from", "weights.pt", "--to", "weights.weights.h5")
    python(folder, "-c", CARRIED)
