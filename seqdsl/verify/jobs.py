"""compiled model → job: what is held against the generated code, as plain numbers that can travel.

A job carries no `Size` and no graph: the process that runs it needs nothing of the compiler.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import lcm
from typing import TYPE_CHECKING, Any

from seqdsl.ir.expressions import blocks_of
from seqdsl.ir.operations import Padding
from seqdsl.ir.size import Quotient

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from seqdsl.ir.graph import Input, Shape
    from seqdsl.ir.size import Size
    from seqdsl.model.spec import Block, ModelSpec
    from seqdsl.pipeline import Model
    from seqdsl.verify.proof import Proof
    from seqdsl.verify.weights import LayerWeights

BATCHES = (1, 3, 7)
"""Batch sizes of the cases. None divides another, so that a swap with another axis shows."""

PADDED = (("end", 5), ("front", 7), ("between", 5))
"""Where padding stands in the further cases of a model that knows any, and their batch sizes."""

MOST_REST = 6
"""How many lengths are tried at most, so that a stride leaves every remainder."""

BASIC = ("shapes", "parameters")
"""The checks that need no proof."""

LIMIT = 200_000_000
"""Weights, or values in one case, beyond which a model is refused: 0.8 GB as ``float32``."""

CHANGES = 3 * 97
"""Samples, at most, of the batch in which every input step is changed (see `seqdsl.verify.perturb`)."""

Dimensions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output as the generated code must declare it.

    Attributes:
        name: its name in the generated code.
        shape: without the batch; ``None`` where the length is free.
        dtype: ``"float32"`` or ``"int32"``.
        vocabulary: how many ids there are, for token ids.
        padding: whether steps that are all zero (the id 0) are padding.
        at_end: whether padding stands at the end only: a batch with padding elsewhere must be refused.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"
    vocabulary: int | None = None
    padding: bool = False
    at_end: bool = False


@dataclass(frozen=True, slots=True)
class Case:
    """One call of the model; all shapes start with the batch.

    Attributes:
        batch: the batch size.
        inputs: the shape of each argument.
        outputs: the shape that each result must have.
        lengths: the values of the free lengths by name.
        values: about how many numbers the call holds in all its layers.
        padded: where the first of the inputs that know padding has it: ``"end"``, ``"front"`` or ``"between"``;
            nowhere if empty.
    """

    batch: int
    inputs: tuple[Dimensions, ...]
    outputs: tuple[Dimensions, ...]
    lengths: tuple[tuple[str, int], ...] = ()
    values: int = 0
    padded: str = ""

    def __str__(self) -> str:
        """How a message names the case: ``batch 3, n = 9``."""
        lengths = [f"{name} = {value}" for name, value in self.lengths]
        padding = {"": [], "between": ["padding between"]}.get(
            self.padded, [f"padding in the {self.padded}"]
        )
        return ", ".join([f"batch {self.batch}", *lengths, *padding])


@dataclass(frozen=True, slots=True)
class Trial:
    """What the builder must build for other parameters, in single precision, as its weights are initialized.

    Attributes:
        arguments: the parameters that are not the defaults.
        parameters: the number of weights it must have.
        inputs: the arguments, in order.
        outputs: the results, in order.
        case: a call to try.
        layers: the layers that have weights.
        fixed: the parameters that have their defaults, as the picture fits these only, or compiles for no other value
            that was tried.
    """

    arguments: tuple[tuple[str, int], ...]
    parameters: int
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    case: Case
    layers: tuple[LayerWeights, ...]
    fixed: tuple[str, ...] = ()

    def __str__(self) -> str:
        """How the model is built."""
        given = ", ".join(f"{name}={value}" for name, value in self.arguments)
        return f"build_model({given})"


@dataclass(frozen=True, slots=True)
class Job:
    """One generated source and what it must come out as.

    Attributes:
        model: the model's name.
        target: the framework, ``"keras"`` or ``"torch"``.
        source: the generated code.
        parameters: the number of weights it must have.
        inputs: the arguments, in order.
        outputs: the results, in order.
        cases: the calls to try.
        file: where the picture stands.
        line: the line of ``file`` on which the picture begins.
        checks: the promises to hold it to, in order.
        proof: what it must compute; `BASIC` checks need none.
        factory: ``package.module:function``, where the model is not generated but somebody's own.
        fault: why there is no proof, where one is needed.
        trial: what the builder must build otherwise; nothing is tried if left out.
        picture: the picture itself, where it may be asked what a model that is not generated does instead.
    """

    model: str
    target: str
    source: str
    parameters: int
    inputs: tuple[Port, ...]
    outputs: tuple[Port, ...]
    cases: tuple[Case, ...]
    file: str = ""
    line: int = 0
    checks: tuple[str, ...] = BASIC
    proof: Proof | None = None
    factory: str = ""
    fault: str = ""
    trial: Trial | None = None
    picture: str = ""


def job_for(model: Model, target: str) -> Job:
    """The job that holds ``model``, generated for ``target``, to its shapes and parameters.

    Raises:
        KeyError: the specification has no parameter count for ``target``.
    """
    from seqdsl.verify.vary import trial_for

    spec, source = model.spec, model.source(target)
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
        trial=trial_for(model, target, source),
    )


def results(spec: ModelSpec) -> tuple[Port, ...]:
    """The results of a model."""
    return tuple(Port(item.name, _declared(item.shape, spec.defaults)) for item in spec.outputs)


def ports(spec: ModelSpec) -> tuple[Port, ...]:
    """The arguments of a model."""
    fixed = spec.defaults
    return tuple(
        Port(
            item.name,
            _declared(item.shape, fixed),
            item.dtype,
            None if item.vocabulary is None else item.vocabulary.value(fixed),
            _knows_padding(item, spec),
            _is_padded_at_end(item, spec),
        )
        for item in spec.inputs
    )


def _knows_padding(item: Input, spec: ModelSpec) -> bool:
    if item.dtype != "int32":
        return spec.blocks[item.block].masking.begins
    return any(
        block.masking.begins and any(item.block in blocks_of(view) for view in block.views)
        for block in spec.blocks
    )


def _is_padded_at_end(item: Input, spec: ModelSpec) -> bool:
    at_end = spec.blocks[item.block].padding is Padding.END
    return at_end and _knows_padding(item, spec)


def cases(spec: ModelSpec) -> tuple[Case, ...]:
    """The calls to try: several batch sizes and, where they are free, lengths; with padding, if there is any."""
    whole = [_case(spec, batch, turn) for turn, batch in enumerate(BATCHES)]
    whole += [_case(spec, 2, turn) for turn in range(len(BATCHES), min(_cycle(spec), MOST_REST))]
    if any(_knows_padding(item, spec) for item in spec.inputs):
        always_at_end = all(port.at_end for port in ports(spec) if port.padding)
        whole += [
            _case(spec, batch, 2 - turn % 2, padded=place)
            for turn, (place, batch) in enumerate(PADDED)
            if place == "end" or not always_at_end
        ]
    return tuple(whole)


def _cycle(spec: ModelSpec) -> int:
    """After how many lengths the remainders repeat with which strides leave a sequence of free length."""
    strides = (
        atom.by.constant or 1
        for block in spec.blocks
        for atoms, _ in (block.steps.terms if block.steps is not None else ())
        for atom in atoms
        if isinstance(atom, Quotient) and atom.of.names & set(spec.free)
    )
    return lcm(*strides)


def refusal(job: Job) -> str | None:
    """Why the job is out of proportion and must not be tried; ``None`` if it is not."""
    values = max((case.values for case in job.cases), default=0)
    for number, what in ((job.parameters, "weights"), (values, "values in one call")):
        if number > LIMIT:
            return f"not tried: it would take {number:,} {what}, the limit is {LIMIT:,}"
    changed = max((case.values // case.batch for case in job.cases), default=0) * CHANGES
    if changed > LIMIT and not set(job.checks) <= set(BASIC):
        what = "values to change every input step, the limit is"
        return f"not tried: it would take {changed:,} {what} {LIMIT:,}; give it a shorter length to be proven"
    return None


def from_dict(data: Mapping[str, Any]) -> Job:
    """The job that `dataclasses.asdict` and JSON took apart."""
    parts = _parts(data)
    parts["cases"] = tuple(map(_case_from, data["cases"]))
    parts["checks"] = tuple(data["checks"])
    if data["proof"] is not None:
        from seqdsl.verify.proof import from_dict as proof_from_dict

        parts["proof"] = proof_from_dict(data["proof"])
    if data["trial"] is not None:
        parts["trial"] = _trial_from(data["trial"])
    return Job(**parts)


def _trial_from(data: Mapping[str, Any]) -> Trial:
    from seqdsl.verify.proof import layers_from

    parts = _parts(data)
    parts["arguments"] = _tuples(data["arguments"])
    parts["case"] = _case_from(data["case"])
    parts["layers"] = layers_from(data["layers"])
    parts["fixed"] = tuple(data["fixed"])
    return Trial(**parts)


def _parts(data: Mapping[str, Any]) -> dict[str, Any]:
    ends = {
        name: tuple(Port(**{**port, "shape": tuple(port["shape"])}) for port in data[name])
        for name in ("inputs", "outputs")
    }
    return {**data, **ends}


def _case_from(data: Mapping[str, Any]) -> Case:
    return Case(**{name: _tuples(value) for name, value in data.items()})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value


def _declared(shape: Shape, fixed: Mapping[str, int]) -> tuple[int | None, ...]:
    return tuple(size.value(fixed) if size.names <= fixed.keys() else None for size in shape)


def _case(spec: ModelSpec, batch: int, turn: int, *, padded: str = "") -> Case:
    lengths = _lengths(spec, turn)
    env = {**spec.defaults, **lengths}

    def shapes(ends: Sequence[Any]) -> tuple[Dimensions, ...]:
        return tuple((batch, *(size.value(env) for size in end.shape)) for end in ends)

    values = batch * _values(spec.blocks, env)
    inputs, outputs = shapes(spec.inputs), shapes(spec.outputs)
    return Case(batch, inputs, outputs, tuple(lengths.items()), values, padded)


def _lengths(spec: ModelSpec, turn: int) -> dict[str, int]:
    # The shortest comes first: nothing is elided there. Different names get different lengths, so
    # that one cannot stand for the other, and none is a larger batch's size.
    # In the last turn the first name has the longest, so that none is always the shorter.
    shortest = max((spec.minimum[name] for name in spec.free), default=1)
    names = spec.free if turn < len(BATCHES) - 1 else spec.free[::-1]
    # Each turn leaves another remainder, where there is a stride.
    more = -3 * turn % _cycle(spec)
    found = {
        name: _length(spec, name, shortest + 4 * turn + 2 * place + more)
        for place, name in enumerate(names)
    }
    return {name: found[name] for name in spec.free}


def _length(spec: ModelSpec, name: str, wanted: int) -> int:
    """The least value of a length from ``wanted`` on: its minimum and a multiple of its step."""
    least, step = spec.minimum[name], spec.multiple[name]
    return least + step * -(-(wanted - least) // step)


def _values(blocks: tuple[Block, ...], env: Mapping[str, int]) -> int:
    longest = max((_steps(block.steps, env) for block in blocks), default=1)
    return sum(_steps(block.steps, env) * _wide(block, env, longest) for block in blocks)


def _steps(steps: Size | None, env: Mapping[str, int]) -> int:
    return 1 if steps is None else steps.value(env)


def _wide(block: Block, env: Mapping[str, int], longest: int) -> int:
    seen = block.layer.width.value(env) if block.layer else 0
    scores = longest if "attention" in block.kind else 0
    return block.features.value(env) + seen + scores
