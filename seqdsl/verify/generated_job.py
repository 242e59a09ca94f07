"""compiled model → job: the code that is generated from it, and what this is checked against."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from seqdsl.ir.called import held_layers
from seqdsl.ir.free_dependence import dependent
from seqdsl.ir.loops import find_circles
from seqdsl.layers import layer_def
from seqdsl.sandbox import failures
from seqdsl.targets import NotWrittenError, find, write
from seqdsl.verify.cases import cases
from seqdsl.verify.jobs import AlternateBuild, Job
from seqdsl.verify.parameter_variation import varied
from seqdsl.verify.ports import ports, results
from seqdsl.verify.spec_weights import layer_weights

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.ir.graph import Parameter
    from seqdsl.lowering.compiled import CompiledModel as Model
    from seqdsl.model.spec import ModelSpec


def job_for(model: Model, target: str) -> Job:
    """The job that checks the shapes and parameters of ``model``, generated for ``target``.

    Raises:
        ValueError: there is no such target.
    """
    spec, module = model.spec, write(model.spec, target)
    return Job(
        model=spec.name,
        target=target,
        source=module.source,
        parameters=_parameters(spec, target),
        inputs=ports(spec),
        outputs=results(spec),
        cases=cases(spec),
        file=model.file,
        line=model.lines[0],
        alternate=alternate_build_for(model, target, module.parameters),
        logits=model.gives_logits,
        samples=draws(spec),
        generates=_generates(spec, target),
    )


def guarded_job_for(model: Model, target: str) -> Job:
    """`job_for`; whatever keeps a model from being written is the failure of that model: the others of a run go on."""
    try:
        return job_for(model, target)
    except NotWrittenError as reason:
        why = str(reason)
    except Exception as error:
        place = traceback.extract_tb(error.__traceback__)[-1]
        raised = "".join(traceback.format_exception_only(error)).strip()
        where = f"{Path(place.filename).name}, line {place.lineno}"
        why = failures.shorten(f"internal error in seqdsl, please report it: {raised} ({where})")
    return Job(
        model=model.spec.name,
        target=target,
        source="",
        parameters=0,
        inputs=(),
        outputs=(),
        cases=(),
        file=model.file,
        line=model.lines[0],
        unwritten=why,
    )


def draws(spec: ModelSpec) -> bool:
    """Whether a model draws what it gives, while it predicts as well."""
    # Dropout draws in training alone, and is replaced there: see `seqdsl.runtime.controlled`.
    return any(layer_def(item.kind).draws for item in held_layers(spec))


def _generates(spec: ModelSpec, target: str) -> bool:
    return find(target).generates and not _loops_before(spec)


def _loops_before(spec: ModelSpec) -> bool:
    """Whether there are delayed nodes in what is there before the first step that is fed."""
    # E-E-E-D-D-D    what is computed once is written node by node, in all targets
    # | | | | | |
    # S e e Z Z Z    Z = input(5, feedback=Y)
    fed = [item for item in spec.inputs if item.feedback is not None]
    circles = find_circles(spec) if fed else ()
    wanted = [item.feedback.block for item in fed if item.feedback is not None]
    run = set(dependent(spec, [item.block for item in fed], wanted)) if circles else set()
    return any(run.isdisjoint(circle) for circle in circles)


def _parameters(spec: ModelSpec, target: str) -> int:
    """The number of weights; what only predicts has those of PyTorch."""
    return spec.counts[target if find(target).trains else "torch"]


def alternate_build_for(
    model: Model, target: str, parameters: Sequence[Parameter]
) -> AlternateBuild:
    """What the builder of ``model`` must build for other values of its parameters, if it has any."""
    variation = varied(model)
    spec = (variation.model or model).spec
    # A set length that PyTorch's code does not count with is no argument of its builder.
    taken = {item.name for item in parameters}
    return AlternateBuild(
        tuple((name, value) for name, value in variation.values.items() if name in taken),
        _parameters(spec, target),
        ports(spec),
        results(spec),
        cases(spec)[0],
        layer_weights(spec),
        tuple(name for name in variation.fixed if name in taken),
    )
