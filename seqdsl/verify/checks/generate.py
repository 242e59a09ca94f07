"""live model + job → failure or none: what a model with ``feedback=`` generates is what it would be fed with.

The interpreter makes the same without any memory; the model as trained chooses the same when it is fed with it; a
prompt may end anywhere, and a run be longer than the picture; a step costs one step. How ids are drawn is checked by
`seqdsl.verify.checks.drawn_ids`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from seqdsl.runtime.named_weights import draw
from seqdsl.verify.checks import drawn_ids, generated_calls
from seqdsl.verify.expected_generation import DRAWN, livelier
from seqdsl.verify.free_model import (
    FreeModel,
    Ungenerated,
    continued,
    ended,
    is_behind_padding,
)
from seqdsl.verify.tolerance import alike

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.checks.context import Context
    from seqdsl.verify.expected import ExpectedRun, FedArgument


def check(context: Context) -> str | None:
    """What is wrong with what is generated, if anything."""
    # What a hand-written module calls `generate` may take and give anything.
    if context.module is None:
        return None
    expected = context.expected()
    if expected.generation is None:
        return None
    model = FreeModel(context, expected.generation)
    if not model.can_generate() and not context.job.generates:
        context.note = "the module has no `generate`, so what the picture generates was not checked"
        return None
    weights = draw(expected.layers, expected.scale)

    # The weights are those of `reference` again when the next check begins, whatever becomes of this one.
    def enliven(factor: float) -> None:
        more = livelier(expected.layers, weights, factor)
        context.framework.write(context.model, context.layers, more)

    try:
        enliven(expected.generation.factor)
        if wrong := _generated(model):
            return wrong
        enliven(DRAWN)
        return drawn_ids.check(model)
    except Ungenerated as problem:
        return str(problem)
    finally:
        context.framework.write(context.model, context.layers, weights)


def _generated(model: FreeModel) -> str | None:
    """What is wrong with what is generated at temperature 0."""
    runs = model.expected.runs
    for run in runs:
        made = model.run(model.arguments(run.case), run.first, run.steps)
        if wrong := _differing(model, run, made) or _taught(model, run, made):
            return wrong
    return _longer(model, runs[0]) or _stopped(model, runs[0]) or generated_calls.check(model)


def _differing(model: FreeModel, run: ExpectedRun, made: list[Array]) -> str | None:
    """Where something else is generated than the interpreter makes, evaluating the whole picture for each step."""
    for item, found, packed, clear in zip(model.fed, made, run.values, run.clear, strict=True):
        # Values have no ties: each of them is compared.
        expected, known = packed.array(), clear.array() > 0
        same = found == expected if item.is_id else alike(found, expected)
        wrong = known & ~same if item.is_id else ~same
        if wrong.any():
            place = tuple(int(index) for index in np.argwhere(wrong)[0])
            return (
                f"{_name(model, item)} is {found[place]:.6g} in step {place[1] + 1} of sample {place[0] + 1}, expected "
                f"{expected[place]:.6g} ({model.context.job.cases[run.case]}, {_prompt(run)})"
            )
    return None


def _name(model: FreeModel, item: FedArgument) -> str:
    return f"the generated `{model.context.job.inputs[item.place].name}`"


def _prompt(run: ExpectedRun) -> str:
    steps = f"{run.first} step{'s' * (run.first > 1)}"
    return f"a prompt of {steps}" if run.first else "no prompt"


def _taught(model: FreeModel, run: ExpectedRun, made: list[Array]) -> str | None:
    """Whether the model as trained, fed with what was generated, chooses exactly that."""
    arrays = model.arguments(run.case)
    lengths = [arrays[item.place].shape[1] for item in model.fed]
    whole = continued(arrays, made, run.first, model)
    known = [
        # Values have no ties.
        ((clear.array() > 0) | (not item.is_id)) & ~_over(model, item, whole)[:, run.first :]
        for item, clear in zip(model.fed, run.clear, strict=True)
    ]
    for item, length in zip(model.fed, lengths, strict=True):
        # The last step that was generated may be none of the argument's, and those behind it are anything.
        rest = arrays[item.place][:, whole[item.place].shape[1] :]
        longer = np.concatenate([whole[item.place], rest], 1)[:, :length]
        whole[item.place] = ended(longer, model.context.job.inputs[item.place])
    return _chosen_again(model, whole, run, made, known)


def _over(model: FreeModel, item: FedArgument, arrays: Sequence[Array]) -> Array:
    """Where a sample has ended, of the steps of an argument: an id was chosen before that marks padding at the end."""
    return is_behind_padding(arrays[item.place], model.context.job.inputs[item.place])


def _chosen_again(
    model: FreeModel,
    whole: list[Array],
    run: ExpectedRun,
    made: list[Array],
    known: list[Array],
) -> str | None:
    outputs = model.context.call(whole)
    for item, values, clear, origins in zip(model.fed, made, known, run.origins, strict=True):
        # Where the model gives logits, what is fed is none of its results.
        if item.output is None or (model.context.job.logits and not item.is_id):
            continue
        # Of a step that is padding nothing is made: what comes next is made of the valid one before.
        samples = np.arange(len(values))[:, None]
        given = outputs[item.output][samples, origins.array().astype(int)]
        # (batch, steps) of ids, (batch, steps, features) of values; what is behind padding means nothing
        alike_here = given.argmax(-1) == values if item.is_id else alike(given, values)
        same = ~clear.reshape(*clear.shape, *[1] * (alike_here.ndim - clear.ndim)) | alike_here
        if not same.all():
            sample, step = (int(index) for index in np.argwhere(~same)[0][:2])
            return (
                f"fed with {_name(model, item)}, the model as trained makes something else in step {step + 1} of "
                f"sample {sample + 1}"
            )
    return None


def _longer(model: FreeModel, run: ExpectedRun) -> str | None:
    """Whether a longer run is the same where the prompt ends later, and where the model as trained takes as much."""
    # z y y y y y y    the first two y's as a part of the prompt give the others again: nothing depends on how many
    # z y y . . . .    steps were put through at once
    if not model.expected.longer:
        return None
    arrays, first, steps = model.arguments(run.case), run.first, model.expected.longer
    made = model.run(arrays, first, steps)
    cut = steps // 2
    whole = continued(arrays, [values[:, :cut] for values in made], first, model)
    again = model.run(whole, first + cut, steps - cut)
    all_steps = continued(arrays, made, first, model)
    for item, values, found in zip(model.fed, made, again, strict=True):
        is_over = _over(model, item, all_steps)[:, first + cut :]
        same = found == values[:, cut:] if item.is_id else alike(found, values[:, cut:])
        if not same[~is_over].all():
            return (
                f"{_name(model, item)} is another one where the first {cut} generated steps are a part of the prompt, "
                f"in a run of {steps} steps"
            )
    return None


def _stopped(model: FreeModel, run: ExpectedRun) -> str | None:
    """Whether a sample that gave the id ``stop`` is filled with that step."""
    numbers = [number for number, item in enumerate(model.fed) if item.is_id]
    if not numbers:
        return None
    arrays = model.arguments(run.case)
    free = model.run(arrays, run.first, run.steps)
    # 3 7 2 7 with the stop 7 becomes 3 7 7 7. The id with which most changes is tried.
    tried = [
        (number, int(id), _filled(free, free[number] == id))
        for number in numbers
        for id in np.unique(free[number])
    ]
    number, stop, expected = max(tried, key=lambda item: _changed(free, item[2]))
    found = model.run(arrays, run.first, run.steps, stop=model.stop(number, stop))
    for item, values, filled in zip(model.fed, found, expected, strict=True):
        same = values == filled if item.is_id else alike(values, filled)
        if not np.all(same):
            return (
                "with `stop`, a sample that gave that id is not filled with it, or another one is"
            )
    return None


def _filled(free: list[Array], stops: Array) -> list[Array]:
    """What was generated, each sample as it was in its first step of some, (batch, steps), from there on."""
    # 3 7 2 7   stops 0 1 0 1   reads the steps 0 1 1 1
    steps = np.arange(stops.shape[1])
    last = np.where(stops.any(1), stops.argmax(1), steps[-1])
    read = np.minimum(steps, last[:, None])
    return [values[np.arange(len(values))[:, None], read] for values in free]


def _changed(free: list[Array], filled: list[Array]) -> int:
    return sum(int((one != other).sum()) for one, other in zip(free, filled, strict=True))
