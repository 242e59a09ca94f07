"""compiled model → job: the code that is generated from it, and what this is checked against."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from seqdsl.python_syntax import parse_python
from seqdsl.targets import find
from seqdsl.targets import source as write_source
from seqdsl.verify.cases import cases
from seqdsl.verify.jobs import AlternateBuild, Job
from seqdsl.verify.parameter_variation import varied
from seqdsl.verify.ports import ports, results
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from seqdsl.model.compiled import CompiledModel as Model
    from seqdsl.model.spec import ModelSpec


def job_for(model: Model, target: str) -> Job:
    """The job that checks the shapes and parameters of ``model``, generated for ``target``.

    Raises:
        ValueError: there is no such target.
    """
    spec, source = model.spec, write_source(model.spec, target)
    return Job(
        model=spec.name,
        target=target,
        source=source,
        parameters=_parameters(spec, target),
        inputs=ports(spec),
        outputs=results(spec),
        cases=cases(spec),
        file=model.file,
        line=model.lines[0],
        alternate=alternate_build_for(model, target, source),
    )


def _parameters(spec: ModelSpec, target: str) -> int:
    """The number of weights; what only predicts has those of PyTorch."""
    return spec.counts[target if find(target).trains else "torch"]


def alternate_build_for(model: Model, target: str, source: str) -> AlternateBuild:
    """What the builder of ``source``, generated from ``model``, must build for other parameters, if it has any."""
    found = varied(model)
    spec = (found.model or model).spec
    taken = arguments(source)
    return AlternateBuild(
        tuple((name, value) for name, value in found.values.items() if name in taken),
        _parameters(spec, target),
        ports(spec),
        results(spec),
        cases(spec)[0],
        layer_weights(spec),
        tuple(name for name in found.fixed if name in taken),
    )


def arguments(source: str) -> tuple[str, ...]:
    """What the builder of a generated source takes: a framework may need no length that the picture sets."""
    (builder,) = (
        item
        for item in parse_python(source).body
        if isinstance(item, ast.FunctionDef) and item.name in ("build_model", "load")
    )
    # What loads a model takes the file of its weights first.
    first = 1 if builder.name == "load" else 0
    return tuple(item.arg for item in builder.args.args[first:])
