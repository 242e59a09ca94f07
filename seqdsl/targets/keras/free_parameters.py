"""functions of a free run → the same with the parameters of the builder that they read as arguments of their own.

::

    build_model(classes=9)        prompt = ops.one_hot(prompt, classes)
    generate(model, ..., classes=9)

Most sizes are those of the trained layers; such a number is written in the code that joins them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.size import Size
from seqdsl.targets.code import Assign, Call, Text, paths, roots
from seqdsl.targets.emit.feeding import Fed
from seqdsl.targets.emit.generation import OWN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from seqdsl.ir.graph import Parameter
    from seqdsl.model.spec import ModelSpec
    from seqdsl.targets.code import Statement
    from seqdsl.targets.emit.generated import Generation, Method


def with_parameters(run: Generation, spec: ModelSpec) -> Generation:
    """The functions, each with the parameters that it reads."""
    if not spec.parameters:
        return run
    encode = run.encode
    return replace(
        run,
        encode=None if encode is None else _taking(encode, spec),
        decode=_taking(run.decode, spec),
        begin=tuple(_giving(item, run, spec) for item in run.begin),
        advance=tuple(_giving(item, run, spec) for item in run.advance),
        fed=tuple(replace(item, width=local_size(item.width)) for item in run.fed),
        limits=tuple((name, local_size(limit)) for name, limit in run.limits),
    )


def locally(name: str) -> str:
    """What `generate` calls a parameter: otherwise than its own arguments and variables."""
    # steps = 5 in the file: `generate(model, *, start, steps, steps_2=5)`
    return f"{name}_2" if name in OWN else name


def local_size(size: Size) -> Size:
    """A size, of parameters as `generate` calls them."""
    return size.subs({name: Size.of(locally(name)) for name in size.names})


def parameters_of(run: Generation, spec: ModelSpec) -> list[Parameter]:
    """The parameters that `generate` reads, or hands to what reads them."""
    methods = (run.decode,) if run.encode is None else (run.encode, run.decode)
    read = {item.name for method in methods for item in parameters_read(method, spec)}
    for _, limit in run.limits:
        read |= limit.names
    for item in run.fed:
        read |= item.width.names if item.how is Fed.ONE_HOT else set()
    # A loop that begins with zeros: d_before = ops.zeros((batch, 1, units))
    begun = roots(paths(run.begin))
    return [
        item
        for item in spec.parameters
        if {item.name, locally(item.name)} & read or locally(item.name) in begun
    ]


def parameters_read(method: Method, spec: ModelSpec) -> list[Parameter]:
    """The parameters that a function reads."""
    read = roots(paths(method.statements))
    return [item for item in spec.parameters if item.name in read]


def _taking(method: Method, spec: ModelSpec) -> Method:
    """A function with what it reads behind its other parameters."""
    own = (f"{item.name}: {type(item.default).__name__}" for item in parameters_read(method, spec))
    return replace(method, takes=(*method.takes, *own))


def _giving(statement: Statement, run: Generation, spec: ModelSpec) -> Statement:
    """A statement of `generate`, what it calls given the parameters that this reads."""
    match statement:
        case Assign(value=Call(Text("encode"))) if run.encode is not None:
            return _with(statement, parameters_read(run.encode, spec))
        case Assign(value=Call(Text("decode"))):
            return _with(statement, parameters_read(run.decode, spec))
    return statement


def _with(statement: Assign, parameters: Iterable[Parameter]) -> Statement:
    assert isinstance(statement.value, Call)
    given = (Text(locally(item.name)) for item in parameters)
    value = replace(statement.value, arguments=(*statement.value.arguments, *given))
    return replace(statement, value=value)
