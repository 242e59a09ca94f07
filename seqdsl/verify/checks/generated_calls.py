"""live model → failure or none: what a run that feeds itself calls, step by step.

Not a check of its own but a part of `seqdsl.verify.checks.generate`. What is called of the generated module is counted,
in any framework: so it shows that an encoder runs once, that a step costs one step whatever its number, and that a
run ends when all samples have stopped.
"""

from __future__ import annotations

import sys
from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from seqdsl.runtime.named_weights import Array
    from seqdsl.verify.free_model import FreeModel

_INLINE = ("<listcomp>", "<setcomp>", "<dictcomp>")
"""What is no call in Python 3.12 and later."""

ONCE = "encode"
"""What the function of a generated module is called that is computed once."""


def check(model: FreeModel) -> str | None:
    """What is called too often, if anything."""
    run = model.expected.runs[0]
    # One sample: then a run with `stop` ends at its first id.
    arrays = [array[:1] for array in model.arguments(run.case)]

    def calls(steps: int, **options: Any) -> Counter[str]:
        return counted(lambda: model.run(arrays, run.first, steps, **options), model)

    if run.steps >= 4:
        # From one run to the next there is one step more: the second difference of all counts is zero.
        few, more, most = (calls(run.steps - less) for less in (2, 1, 0))
        if most[ONCE] > 1:
            return f"what is computed once is computed {most[ONCE]} times in a run of {run.steps} steps"
        for name in most:
            if most[name] - more[name] != more[name] - few[name]:
                return f"a later step costs more than an earlier one: `{name}` is called more often"
    return _stops(model, arrays, calls)


def _stops(model: FreeModel, arrays: list[Array], calls: Callable[..., Counter[str]]) -> str | None:
    """Whether a run ends when all samples have stopped."""
    run = model.expected.runs[0]
    number = next((number for number, item in enumerate(model.fed) if item.is_id), None)
    if number is None or run.steps < 2:
        return None
    id = int(model.run(arrays, run.first, 1)[number][0, 0])
    if calls(run.steps, stop=model.stop(number, id)) != calls(1):
        return "with `stop`, a run does not end when all samples have given that id"
    return None


def counted(call: Callable[[], object], model: FreeModel) -> Counter[str]:
    """How often each function of the generated module is called."""
    module, found = model.context.module, Counter[str]()
    assert module is not None

    def note(frame: FrameType, event: str, _: object) -> None:
        name = frame.f_code.co_name
        if event == "call" and frame.f_code.co_filename == module.__file__ and name not in _INLINE:
            found[name] += 1

    # A framework's own functions are not counted: they may prepare something at their first call.
    before = sys.getprofile()
    sys.setprofile(note)
    try:
        call()
    finally:
        sys.setprofile(before)
    return found
