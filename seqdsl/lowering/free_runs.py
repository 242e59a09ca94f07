"""model with feedback → why it cannot run free: a step that is not there before the next one.

Apart from `seqdsl.lowering.feedback`, as few pictures need it: what it imports would cost all of them time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.ir.free_run import FreeFault, NoFreeRun, find_free_run
from seqdsl.ir.inline import inlined
from seqdsl.lowering.feedback import ARGUMENT, written
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.model.spec import ModelSpec


def free_run_problems(spec: ModelSpec, drawing: Drawing) -> list[Diagnostic]:
    """Why a model with feedback cannot compute a step before the next one is there."""
    whole, origins = inlined(spec)
    try:
        find_free_run(whole)
    except NoFreeRun as problem:
        fed = next(item for item in spec.inputs if item.feedback is not None)
        argument = written(drawing, fed.block, ARGUMENT)
        letter = drawing.blocks[origins.get(problem.node, problem.node)].letter
        message = (
            f"`{argument}` cannot be fed back step by step: at `{letter}`, {problem.fault.value}"
        )
        return [Diagnostic("SEQ322", message, argument.span, _WAYS_OUT[problem.fault])]
    return []


_WAYS_OUT = {
    FreeFault.LATER: "let it read this step and earlier ones only: a run to the right, `padding=causal`, `causal=true`",
    FreeFault.UNREACHED: "draw wires from the input to it, or name another letter",
    FreeFault.WINDOW: "write `padding=causal`, without a stride",
    FreeFault.SHIFTED: "draw both so that they end in the same column, and each step reads the one below it",
    FreeFault.BESIDE: "draw both from the same column on, or read the sequence as a memory or an initial state",
    FreeFault.UNEVEN: "draw all inputs with `feedback=` in the same columns",
    FreeFault.MARKS: "mark padding in the input of the model that calls it, or by `embedding(mask=true)` within",
    FreeFault.LOOP: "let the loop begin with the first step that is fed, or remove `feedback=`",
}
