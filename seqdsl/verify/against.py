"""picture + hand-written model → job: what a factory builds, checked against a picture."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace
from importlib.machinery import ModuleSpec, PathFinder
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from seqdsl.python_syntax import parse_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Job

FRAMEWORKS = {"keras": "keras", "tensorflow": "keras", "torch": "torch"}


def factory_job(
    model: Model,
    factory: str,
    target: str,
    checks: Sequence[str],
    oracle: Callable[[Model], Expected],
) -> Job:
    """The job that holds what ``factory`` builds to the picture.

    Args:
        model: the compiled picture.
        factory: ``package.module:function``, which is called without arguments.
        target: the framework of what it builds.
        checks: the names of the checks.
        oracle: computes the expected results.
    """
    # The process of a model looks up frameworks here, and compiles no picture.
    from seqdsl.verify.oracle_worker import job_with_expected

    job = job_with_expected(model, target, checks, oracle, always=True)
    return replace(job, factory=factory, picture=model.spec.text)


def framework_of(factory: str) -> str | None:
    """The framework that a factory's module imports, if that is one; the module is read, not run."""
    path = _file(factory.partition(":")[0])
    if path is None:
        return None
    try:
        tree = parse_python(path.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return None
    frameworks = {FRAMEWORKS[name] for name in _imports(tree) if name in FRAMEWORKS}
    return frameworks.pop() if len(frameworks) == 1 else None


def missing_module(factory: str) -> str | None:
    """The message if there is no module of a factory's name; a module that exists may still fail to be imported."""
    module = factory.partition(":")[0]
    if module in sys.builtin_module_names or _spec(module) is not None:
        return None
    message = f"no module named `{module}`, in the current folder or among the installed packages"
    suggested = as_module(factory)
    return message if suggested is None else f"{message}; write `{suggested}`"


def as_module(factory: str) -> str | None:
    """``models.lstm:build`` for ``models/lstm.py:build``, as a shell completes it; ``None`` if it is no such file."""
    file, _, function = factory.partition(":")
    path = PurePath(file)
    names = path.with_suffix("").parts if path.suffix == ".py" else ()
    if not names or not all(map(str.isidentifier, names)):
        return None
    return f"{'.'.join(names)}:{function or 'build_model'}"


def _file(module: str) -> Path | None:
    spec = _spec(module)
    return Path(spec.origin) if spec is not None and spec.origin else None


def _spec(module: str) -> ModuleSpec | None:
    """Where a module would be loaded from; unlike `importlib.util.find_spec`, without importing its packages."""
    search = [str(Path.cwd()), *sys.path]
    spec: ModuleSpec | None = None
    for part in module.split("."):
        spec = PathFinder.find_spec(part, search)
        if spec is None:
            return None
        search = list(spec.submodule_search_locations or ())
    return spec


def _imports(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (item.name.partition(".")[0] for item in node.names)
        # A relative import (`from .keras import x`) names a module of the user's.
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module.partition(".")[0]
