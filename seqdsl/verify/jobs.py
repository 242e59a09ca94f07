"""a job as data: what generated code is checked against, as plain numbers that can travel.

A job carries no `Size` and no graph: the process that runs it needs nothing of the compiler.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.expected import Expected

BASIC = ("shapes", "parameters")
"""The checks that need no expected results."""

LIMIT = 200_000_000
"""Weights, or values in one case, beyond which a model is refused: 0.8 GB as ``float32``."""

CHANGES = 3 * 97
"""Samples, at most, of the batch in which every input step is changed (see `seqdsl.verify.perturb`)."""

Dimensions = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PaddedPlaces:
    """Padding among the places of each step, as among the words of a sentence that one step holds.

    Attributes:
        marks: the value of all features, or the id, of a padded place.
        at_end: whether it is at the end of the places only.
    """

    marks: float
    at_end: bool


@dataclass(frozen=True, slots=True)
class Port:
    """An input or output as the generated code must declare it.

    Attributes:
        name: its name in the generated code.
        shape: without the batch; ``None`` where the length is free.
        dtype: ``"float32"`` or ``"int32"``.
        vocabulary: how many ids there are, for token ids.
        padding: whether some steps may be padding.
        marks: the value of all features, or the id, of a padded step.
        at_end: whether padding is at the end only: a batch with padding elsewhere must be refused.
        is_state: whether it is state that passes from call to call, and nothing that the picture draws.
        grid: how many axes the grid of each step has; 0: there is none.
        counts: the argument of which it says how many steps are valid, by its place; ``None``: it is anything else.
        places: the padding among the places of each step, where a picture reads them; ``None``: there is none.
    """

    name: str
    shape: tuple[int | None, ...]
    dtype: str = "float32"
    vocabulary: int | None = None
    padding: bool = False
    marks: float = 0.0
    at_end: bool = False
    is_state: bool = False
    grid: int = 0
    counts: int | None = None
    places: PaddedPlaces | None = None

    @property
    def has_steps(self) -> bool:
        """Whether it is a sequence: (steps, features), (steps, height, width, features), or (steps,) of ids."""
        return len(self.shape) == self.grid + (2 if self.vocabulary is None else 1)

    @property
    def holds_images(self) -> bool:
        """Whether it holds images with channels, which some frameworks have before height and width."""
        return self.grid == 2 and self.vocabulary is None


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
class AlternateBuild:
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
        target: the name of the target, such as ``"torch"``.
        source: the generated code.
        parameters: the number of weights it must have.
        inputs: the arguments, in order.
        outputs: the results, in order.
        cases: the calls to try.
        file: the file of the picture.
        line: the line of ``file`` on which the picture begins.
        checks: the names of the checks, in order.
        expected: what it must compute; `BASIC` checks need none.
        factory: ``package.module:function``, where the model is hand-written, not generated.
        fault: why there are no expected results, where some are needed.
        unwritten: why there is no source: the target cannot write the model, or failed; then all sizes are missing.
        alternate: what the builder must build otherwise; default: nothing is tried.
        picture: the picture itself, where it may be asked what a model that is not generated does instead.
        logits: whether the model is without the last activations of the picture's outputs.
        samples: whether the model draws what it gives.
        generates: whether a module of such a model has a ``generate`` where the picture feeds itself.
        places: where a model that was not generated keeps each layer, by the layer's name; nothing where that is to be
            found out.
        columns: of layers whose input features are in another order there, that order (`LayerWeights.columns`).
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
    expected: Expected | None = None
    factory: str = ""
    fault: str = ""
    unwritten: str = ""
    alternate: AlternateBuild | None = None
    picture: str = ""
    logits: bool = False
    samples: bool = False
    generates: bool = True
    places: tuple[tuple[str, str], ...] = ()
    columns: tuple[tuple[str, tuple[int, ...]], ...] = ()


def refusal(job: Job) -> str | None:
    """Why the job is too large to be tried; ``None`` if it is not."""
    values = max((case.values for case in job.cases), default=0)
    for number, what in ((job.parameters, "weights"), (values, "values in one call")):
        if number > LIMIT:
            return f"not tried: it would take {number:,} {what}, the limit is {LIMIT:,}"
    changed = max((case.values // case.batch for case in job.cases), default=0) * CHANGES
    if changed > LIMIT and not set(job.checks) <= set(BASIC):
        what = "values to change every input step, the limit is"
        return f"not tried: it would take {changed:,} {what} {LIMIT:,}; use a shorter length to verify it"
    return None


def from_dict(data: Mapping[str, Any]) -> Job:
    """The job that `dataclasses.asdict` and JSON took apart."""
    parts = _parts(data)
    parts["cases"] = tuple(map(_case_from, data["cases"]))
    parts["checks"] = tuple(data["checks"])
    parts["places"] = _tuples(data["places"])
    parts["columns"] = tuple((name, tuple(columns)) for name, columns in data["columns"])
    if data["expected"] is not None:
        from seqdsl.verify.expected import from_dict as expected_from_dict

        parts["expected"] = expected_from_dict(data["expected"])
    if data["alternate"] is not None:
        parts["alternate"] = _alternate_from(data["alternate"])
    return Job(**parts)


def _alternate_from(data: Mapping[str, Any]) -> AlternateBuild:
    from seqdsl.verify.expected import layers_from

    parts = _parts(data)
    parts["arguments"] = _tuples(data["arguments"])
    parts["case"] = _case_from(data["case"])
    parts["layers"] = layers_from(data["layers"])
    parts["fixed"] = tuple(data["fixed"])
    return AlternateBuild(**parts)


def _parts(data: Mapping[str, Any]) -> dict[str, Any]:
    ends = {name: tuple(map(_port, data[name])) for name in ("inputs", "outputs")}
    return {**data, **ends}


def _port(data: Mapping[str, Any]) -> Port:
    places = None if data["places"] is None else PaddedPlaces(**data["places"])
    return Port(**{**data, "shape": tuple(data["shape"]), "places": places})


def _case_from(data: Mapping[str, Any]) -> Case:
    return Case(**{name: _tuples(value) for name, value in data.items()})


def _tuples(value: Any) -> Any:
    return tuple(map(_tuples, value)) if isinstance(value, list | tuple) else value
