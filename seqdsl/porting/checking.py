"""live model + job → what is equal: the model that exists, with its own weights and with random ones.

With its own weights it is compared with the model that is generated from the picture; with random ones it is checked as
`seqdsl verify --against` checks it, whose expected results come from the picture alone. The places of its weights are
known, so that nothing is searched for.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import asdict, dataclass, replace
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from seqdsl.porting.arguments import arguments, taken_by
from seqdsl.porting.comparing import (
    ahead,
    compare_gradients,
    compare_results,
    derived,
    gradients_of,
    results_of,
)
from seqdsl.porting.origin import CannotRead
from seqdsl.porting.outcome import Taken
from seqdsl.porting.streaming import copy_weights, save_weights
from seqdsl.runtime.adapter import DOUBLE, SINGLE
from seqdsl.verify.build import forget, load, release
from seqdsl.verify.checks.context import Context
from seqdsl.verify.failures import explain
from seqdsl.verify.inputs import arrays_for
from seqdsl.verify.layouts import lay_out
from seqdsl.verify.own_weights import placed, take_weights
from seqdsl.verify.runner import run_checks
from seqdsl.verify.set_aside import read_aside, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from seqdsl.porting.comparing import Gradients
    from seqdsl.porting.outcome import Comparison
    from seqdsl.runtime.adapter import Array, Framework
    from seqdsl.runtime.named_weights import LayerWeights
    from seqdsl.verify.expected import Expected
    from seqdsl.verify.jobs import Job, Port


AS_GIVEN = "given"
"""The axes of an argument that is passed as it is."""


@dataclass(frozen=True, slots=True)
class _Given:
    """What there is to know of a model to compare another with it.

    Attributes:
        weights: its weights; large ones, and gradients, are in files.
        reshaped: the results that have other axes than in the picture.
        taken: which samples it takes.
        untrained: the rows that it does not train.
        results: what it gives in a case.
        gradients: its gradients in a case.
    """

    weights: dict[str, Array]
    reshaped: list[str]
    taken: Taken
    untrained: Mapping[str, int]
    results: Callable[[int], Sequence[Array]]
    gradients: Gradients


@dataclass(frozen=True, slots=True)
class Original:
    """A model that exists, and the picture that was read from it.

    Attributes:
        model: the live model; it stays as it is.
        framework: the adapter of its framework.
        job: what is generated from the picture, with the places of its layers in the model.
        layers: the layers of the picture.
        axes: the order of axes of its inputs, as `Reading.axes` has it.
        rebuild: builds the model once more in a precision, where it cannot be copied.
        example: arguments that it can be called with, where some are nested; empty: it takes tensors.
    """

    model: Any
    framework: Framework
    job: Job
    layers: Sequence[LayerWeights]
    axes: Sequence[str] = ()
    rebuild: Callable[[str], Any] | None = None
    example: Sequence[Any] = ()

    def placed(self) -> list[LayerWeights]:
        """The layers, each with its place in the model."""
        return placed(self.layers, dict(self.job.places), dict(self.job.columns))

    def precise(self) -> tuple[Any, list[str]]:
        """A copy in double precision, or where that cannot be called, in single; and the results that it reshapes.

        Those have other axes in the model, as ``squeeze(-1)`` leaves them: (samples,) for (samples, 1), or another
        order, as CTC takes them: (steps, samples, features).
        """
        job, axes, reshaped = self.job, self.axes, list[str]()
        shapes = [_as_given(port) for port in job.outputs]
        for precision in (DOUBLE, SINGLE):
            copy = self._copy(precision)
            lay_out(copy, job, self.framework)
            self.framework.flatten(copy, self.example)
            if axes:
                self.framework.arrange(copy, axes, shapes)
            try:
                given = self.framework.call_once(copy, arrays_for(job.inputs, job.cases[0]))
            # Whatever its code raises: if it does so in single precision as well, the comparison says so.
            except Exception:
                continue
            reshaped = _reshaped(given, job)
            if reshaped:
                self.framework.arrange(copy, [AS_GIVEN] * len(job.inputs), shapes)
            break
        return copy, reshaped

    def _copy(self, precision: str) -> Any:
        """A copy; where there can be none, the model is built once more, and given its weights.

        Raises:
            CannotRead: neither is possible.
        """
        try:
            return self.framework.copy(self.model, precision)
        except (ValueError, TypeError, RuntimeError, NotImplementedError) as problem:
            if self.rebuild is None:
                raise CannotRead(f"the model cannot be copied: {explain(problem)}") from problem
        layers = self.placed()
        again = self.framework.cast(self.rebuild(precision), precision)
        copy_weights(self.framework, (self.model, again), (layers, layers))
        return again

    def check(self, save: Path | None = None) -> Iterator[dict[str, Any]]:
        """The answers of a comparison, as JSON has them, each as soon as it is known.

        Args:
            save: a folder for the model's weights and results, as `weights.npz` and `results.npz`.
        """
        framework, layers = self.framework, self.placed()
        count = framework.count_parameters(self.model)
        drawn = self.job.parameters - framework.spared(layers)
        yield {
            "merged": framework.merged(self.model, layers),
            "frozen": framework.frozen(self.model, layers),
            "unused": count - drawn,
        }
        if save is not None:
            save_weights(save / "weights.npz", framework, self.model, layers)
        with framework.aside(), framework.threads_for(count):
            compared = self._compare(layers, save)
            yield {"own": compared.to_json()}
            # What is wrong with its own weights needs no further evidence.
            if self.job.expected is not None and not compared.fault:
                yield from self._check_random(self.job.expected, compared)

    def _compare(self, layers: Sequence[LayerWeights], save: Path | None) -> Comparison:
        """The model and the generated one, with the model's own weights: one is gone before the other is built."""
        framework, job = self.framework, self.job
        given = self._given(layers)
        release(self.job.parameters)
        with ExitStack() as stack:
            module = load(job.source, job.model)
            stack.callback(forget, module)
            with framework.undrawn():
                mine = framework.cast(framework.builder(module)(), DOUBLE)
            lay_out(mine, job, framework)
            write_all(framework, mine, self.layers, given.weights)
            results: dict[str, Array] = {}

            def kept(number: int, arrays: Sequence[Array]) -> Sequence[Array]:
                found = given.results(number)
                results.update({f"{number}/{place}": item for place, item in enumerate(found)})
                return found

            compared = compare_results(kept, results_of(mine, framework, job), job, given.taken)
            compared = replace(compared, reshaped=tuple(given.reshaped))
            if save is not None:
                np.savez(save / "results.npz", **results)  # type: ignore[arg-type]
            if compared.fault:
                return compared
            gradients = gradients_of(mine, self.layers, framework, job, given.taken)
            return compare_gradients(given.gradients, gradients, given.untrained, job, compared)

    def _given(self, layers: Sequence[LayerWeights]) -> _Given:
        """What a copy of the model gives; the copy itself is no longer needed then."""
        framework, job = self.framework, self.job
        theirs, reshaped = self.precise()
        taken = _taken_by(job, lambda arrays: framework.call_once(theirs, arrays))
        results = results_of(theirs, framework, job)
        return _Given(
            # Of the copy: what is added up of two weights is not rounded to single precision.
            read_aside(framework, theirs, layers),
            reshaped,
            taken,
            framework.untrained(theirs, layers),
            ahead(
                lambda number: results(number, arguments(job, number, taken)), range(len(job.cases))
            ),
            ahead(
                gradients_of(theirs, layers, framework, job, taken), derived(job, with_padding=True)
            ),
        )

    def _check_random(self, expected: Expected, compared: Comparison) -> Iterator[dict[str, Any]]:
        """The checks with random weights."""
        job = self.job
        if compared.padding or compared.taken is not Taken.ALL:
            job = without_padding(job, expected)
        if compared.taken is not Taken.ALL:
            # It changes lengths, to 0 among others.
            kept = tuple(check for check in job.checks if check != "dependence")
            job = replace(job, checks=kept)
        release(self.job.parameters)
        copy = self.precise()[0]
        # That they are not trained is known from the comparison with its own weights; here all else counts.
        self.framework.train_padding(copy)
        context = Context(job, copy, self.framework)
        take_weights(context)
        begun: list[str] = []
        for result in run_checks(context, begun.append):
            yield {"result": asdict(result)}


def _taken_by(job: Job, call: Callable[[Sequence[Array]], Sequence[Array]]) -> Taken:
    """Which samples a model takes: of what gives no numbers, as the mean of no steps, it takes none."""

    def finite(arrays: Sequence[Array]) -> None:
        if not all(np.isfinite(item).all() for item in call(arrays) if item.dtype.kind == "f"):
            raise ArithmeticError

    try:
        return taken_by(job, finite)
    except ArithmeticError:
        # It gives none for any samples: the comparison says so.
        return taken_by(job, call)


def _as_given(port: Port) -> tuple[int | None, ...]:
    """The shape of a result as an adapter's model gives it, before it turns images: their channels first."""
    shape = port.shape
    return (*shape[:-3], shape[-1], *shape[-3:-1]) if port.holds_images else shape


def _reshaped(results: Sequence[Array], job: Job) -> list[str]:
    """The results that have as many numbers as they should, in more axes or in fewer, or in another order of axes."""
    shapes = job.cases[0].outputs
    return [
        port.name
        for port, item, shape in zip(job.outputs, results, shapes, strict=False)
        if item.shape != shape and item.size == prod(shape)
    ]


def without_padding(job: Job, expected: Expected) -> Job:
    """The job without the cases that have padding: what differs there is known already."""
    whole = [place for place, case in enumerate(job.cases) if not case.padded]
    # The case whose derivatives are expected is among the first, which keep their numbers.
    derivatives = tuple(item for item in expected.derivatives if not job.cases[item.case].padded)
    kept = replace(
        expected, outputs=tuple(expected.outputs[place] for place in whole), derivatives=derivatives
    )
    return replace(job, cases=tuple(job.cases[place] for place in whole), expected=kept)
