"""Every argument of a builder changes something: no framework takes what it does not need."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from seqdsl.targets import TRAINED, write
from seqdsl.targets import source as generated
from seqdsl.verify.build import load
from seqdsl.verify.parameter_variation import varied
from tests.targets.pictures import TARGETS, compiled, everything, written


def functions(source: str) -> Iterator[tuple[ast.FunctionDef, set[str], set[str]]]:
    """``build_model``, and in PyTorch the model's ``__init__``: its arguments, and the names it reads."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef) and node.name in ("build_model", "__init__", "load"):
            read = {
                item.id
                for statement in node.body
                for item in ast.walk(statement)
                if isinstance(item, ast.Name) and isinstance(item.ctx, ast.Load)
            }
            yield node, {item.arg for item in node.args.args} - {"self"}, read


def arguments(source: str) -> list[str]:
    """What the builder of a generated source takes."""
    (builder,) = (
        item
        for item in ast.parse(source).body
        if isinstance(item, ast.FunctionDef) and item.name in ("build_model", "load")
    )
    # What loads a model takes the file of its weights first.
    first = 1 if builder.name == "load" else 0
    # Whether Keras's layers keep their states is asked of the builder; it is no parameter of the picture.
    return [item.arg for item in builder.args.args[first:] if item.arg != "stateful"]


@pytest.mark.parametrize("target", TARGETS)
def test_what_is_said_of_the_builder_is_what_it_takes(target: str) -> None:
    for model in everything():
        module = write(model.spec, target)
        assert [item.name for item in module.parameters] == arguments(module.source)


@pytest.mark.parametrize("target", TARGETS)
def test_every_argument_is_read(target: str) -> None:
    """By the builder, by the module, and where the module keeps it, by ``forward``."""
    taken = 0
    for model, source in written(target):
        for node, given, read in functions(source):
            # A cell of our own takes whatever PyTorch's cells take.
            if node.args.kwarg is not None:
                continue
            # The class of a cell takes both sizes, as `nn.LSTM` does, also where its equations make them one.
            both = node.name == "__init__" and given == {"features", "units"}
            assert given <= (read | {"features"} if both else read), (
                f"{model.file}: {given - read} of {node.name}\n{source}"
            )
            taken += len(given)
        for name in arguments(source):
            # A length that `forward` needs is kept by the module, and so is a size that the example call reads off it.
            if f"self.{name} = {name}\n" in source:
                kept = source.count(f"self.{name}") + source.count(f"model.{name}")
                assert kept > 1, f"{model.file}: {name}\n{source}"
    assert taken > 50


def bare(source: str) -> str:
    """What a module does, whatever its defaults are: without docstrings and the demonstration."""
    tree = ast.parse(source)
    tree.body = [item for item in tree.body if isinstance(item, ast.ClassDef | ast.FunctionDef)]
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node):
            node.body = node.body[1:]
        if isinstance(node, ast.FunctionDef):
            node.args.defaults = []
    return ast.dump(tree)


def test_keras_takes_every_parameter() -> None:
    for model, source in written("keras"):
        names = {item.name for item in model.spec.parameters}
        assert names == set(arguments(source)), f"{model.file}\n{model.spec.picture}"


def test_what_torch_does_not_take_changes_nothing() -> None:
    """Its layers run over any number of steps, and what has no weights over any number of features."""
    missing = 0
    for model, source in written("torch"):
        names = {item.name for item in model.spec.parameters} - set(arguments(source))
        if not names:
            continue
        values, other, _ = varied(model)
        if other is None:
            continue
        assert bare(generated(other.spec, "torch")) == bare(source), f"{model.file}\n{source}"
        missing += len(names & values.keys())
    assert missing > 5


def looks(model: object, target: str) -> str:
    """Everything that a built model says of itself."""
    if target == "keras":
        return str(model.to_json())  # type: ignore[attr-defined]
    # A number of heads, say, is in no shape, and not printed.
    kept = [
        {name: value for name, value in vars(module).items() if isinstance(value, int | float)}
        for module in model.modules()  # type: ignore[attr-defined]
    ]
    return f"{model!r} {kept} {[tuple(item.shape) for item in model.parameters()]}"  # type: ignore[attr-defined]


@pytest.mark.parametrize("target", TRAINED)
def test_every_argument_changes_what_is_built(target: str) -> None:
    """A model built with other values differs in each of them, or cannot be built without the others."""
    changed = 0
    for model in compiled().values():
        source = model.source(target)
        found = varied(model).values
        values = {name: value for name, value in found.items() if name in arguments(source)}
        build = load(source, model.name).build_model
        whole = looks(build(**values), target) if values else ""
        for name in values:
            rest = {key: value for key, value in values.items() if key != name}
            try:
                other = looks(build(**rest), target)
            except (ValueError, RuntimeError, AssertionError):
                other = "cannot be built"
            assert other != whole, f"{model.name}: {name}\n{source}"
            changed += 1
    assert changed > 10
