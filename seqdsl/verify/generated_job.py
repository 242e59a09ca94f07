"""compiled model → job: the code that is generated from it, and what this is checked against."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from seqdsl.backends import source as write_source
from seqdsl.python_syntax import parse_python
from seqdsl.verify.cases import cases
from seqdsl.verify.jobs import AlternateBuild, Job
from seqdsl.verify.parameter_variation import varied
from seqdsl.verify.ports import ports, results
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from seqdsl.model.compiled import CompiledModel as Model


def job_for(model: Model, target: str) -> Job:
    """The job that checks the shapes and parameters of ``model``, generated for ``target``.

    Raises:
        KeyError: the specification has no parameter count for ``target``.
    """
    spec, source = model.spec, write_source(model.spec, target)
    return Job(
        model=spec.name,
        target=target,
        source=source,
        parameters=spec.counts[target],
        inputs=ports(spec),
        outputs=results(spec),
        cases=cases(spec),
        file=model.file,
        line=model.lines[0],
        alternate=alternate_build_for(model, target, source),
    )


def alternate_build_for(model: Model, target: str, source: str) -> AlternateBuild:
    """What the builder of ``source``, generated from ``model``, must build for other parameters, if it has any."""
    found = varied(model)
    spec = (found.model or model).spec
    taken = arguments(source)
    return AlternateBuild(
        tuple((name, value) for name, value in found.values.items() if name in taken),
        spec.counts[target],
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
        if isinstance(item, ast.FunctionDef) and item.name == "build_model"
    )
    return tuple(item.arg for item in builder.args.args)
