"""state ends → carried state: whose state passes from call to call, and whether the way through it can be cut.

::

      Y Y ... Y       a piece of the sequence goes in, with the state of H; its outputs come out, with the new state:
      | |     |       what stands between inputs and outputs must give for the pieces what it gives for the whole.
    *-H-H-...-H-*     Layers on single steps do. A causal convolution does, once it is given the last steps that it
      | |     |       read. What looks ahead, or at all steps at once, does not.
      F F ... F
      | |     |
      X X ... X
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.called import body_in, calls_by_step
from seqdsl.ir.carry import Carry
from seqdsl.ir.expressions import (
    CarriedState,
    ConcatFeatures,
    ConcatTime,
    FinalState,
    Repeat,
    Slice,
    Step,
    Value,
    Zeros,
)
from seqdsl.ir.operations import Attend, Call, Constant, Convolve, Reduce, Scan, operands
from seqdsl.layers import Family, layer_def
from seqdsl.lowering.carried_values import drawn_before
from seqdsl.lowering.compose import NOTHING
from seqdsl.lowering.cut_path import CutPath
from seqdsl.lowering.kinds.constant import COMPUTED, counts_steps
from seqdsl.lowering.state_ends import blocks_with_both, is_one_step
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.operations import Operation
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.drawing import Drawing

_WAYS = {
    frozenset({False}): Carry.TAKEN,
    frozenset({True}): Carry.GIVEN,
    frozenset({False, True}): Carry.BOTH,
}


def carry_states(
    drawing: Drawing, applications: Mapping[int, Application]
) -> tuple[dict[int, Application], list[Diagnostic]]:
    """The applications with the state that they take and give, or why they cannot."""
    ends: dict[int, set[bool]] = {}
    for end in drawing.states.ends:
        ends.setdefault(end.block, set()).add(end.leaves)
    carried = {index: _WAYS[frozenset(leaves)] for index, leaves in ends.items()}
    found = dict(applications)
    # A state wire on a layer without state was an error before.
    for index, carry in carried.items():
        found[index] = _carrying(applications[index], carry)
    diagnostics: list[Diagnostic] = []
    both = blocks_with_both(drawing.states)
    if not both:
        return found, diagnostics
    path = _Path(drawing, found)
    for index in path.blocks(both):
        if message := path.problem(index):
            diagnostics.append(_uncut(index, message, drawing, found[index]))
        elif isinstance(found[index].operation, Constant) and _ends_anew(drawing, index):
            diagnostics.append(_bounded(index, drawing))
        elif _keeps_steps(found[index]):
            found[index] = _carrying(found[index], Carry.BOTH)
    return found, diagnostics


def _keeps_steps(application: Application) -> bool:
    """Whether a layer without a `*` of its own has to know of the steps before."""
    operation = application.operation
    if isinstance(operation, Constant):
        return True
    return isinstance(operation, Convolve) and operation.before != NOTHING


def _ends_anew(drawing: Drawing, index: int) -> bool:
    """Whether a table of codes has a row for each step of the first call, and none for those of the next."""
    settings, steps = drawing.settings[index], drawing.steps(index)
    rows = settings.arguments.get(settings.definition.rows)
    if settings.arguments.get("code") == COMPUTED or steps is None:
        return False
    least = steps.value({**drawing.lengths.minimum, **drawing.values})
    return not isinstance(rows, Size) or rows.value(drawing.values) <= least


def _carrying(application: Application, carry: Carry) -> Application:
    operation = application.operation
    assert isinstance(operation, Scan | Convolve | Constant)
    return replace(application, operation=replace(operation, carry=carry))


class _Path(CutPath):
    """The same, with what is computed of them."""

    def __init__(self, drawing: Drawing, applications: Mapping[int, Application]) -> None:
        super().__init__(drawing)
        self.drawing, self.applications = drawing, applications

    def problem(self, index: int) -> str:
        """Why pieces do not give what the whole gives at a block; empty where they do."""
        operation = self.applications[index].operation
        if isinstance(operation, Scan) and operation.carry is not Carry.BOTH:
            return "its own state is forgotten after each call"
        if isinstance(operation, Constant):
            is_code = counts_steps(self.drawing.settings[index].definition)
            return "" if is_code else "it has a vector for each step of one call"
        if isinstance(operation, Attend | Reduce):
            return "it reads all steps at once"
        if isinstance(operation, Convolve):
            is_layer = _is_window(self.drawing.settings[index].kind)
            return (
                self._window_problem(index, operation)
                if is_layer
                else "its window is drawn by wires"
            )
        anew = self._begins_anew(operation)
        return anew or (
            "" if all(map(self._goes_on, operands(operation))) else self._other_steps(index)
        )

    def _begins_anew(self, operation: Operation) -> str:
        """Why what is called gives something else for pieces than for the whole; empty where it does not."""
        grids = {index: item.grid for index, item in self.applications.items() if item.grid}
        if not isinstance(operation, Call) or calls_by_step(operation, grids):
            return ""
        return f"`{body_in(operation).name}`, which it calls, begins anew with each call"

    def _other_steps(self, index: int) -> str:
        """Which other steps than its own a block reads."""
        drawn = drawn_before(self.drawing, index)
        if drawn is None:
            return "it reads other steps than its own"
        # S y y y    each piece would begin with `S`, and not with what the piece before gave
        first, letter = (self.drawing.blocks[one].letter for one in drawn)
        return f"each piece would begin with `{first}` in the place of the last `{letter}`"

    def _window_problem(self, index: int, operation: Convolve) -> str:
        if operation.after != NOTHING:
            return "its windows reach into later steps"
        if operation.kept is not None or not self._goes_on(operation.operand):
            return self._other_steps(index)
        return ""

    def _is_same(self, view: Expression) -> bool:
        """Whether a vector may be read at all steps: it is the same in every call, or each call is one step."""
        if isinstance(view, ConcatFeatures):
            return all(map(self._is_same, view.parts))
        if isinstance(view, CarriedState):
            return is_one_step(self.drawing.states, self.drawing.blocks)
        return isinstance(view, Value) and not self.is_sequence(view.block)

    def _goes_on(self, view: Expression) -> bool:
        """Whether a value has the steps of a sequence in their places, or is the same at all, or the last one."""
        if isinstance(view, ConcatFeatures):
            return all(map(self._goes_on, view.parts))
        if isinstance(view, Value | FinalState | Zeros | CarriedState):
            return True
        if isinstance(view, ConcatTime):
            return _goes_back(view)
        if isinstance(view, Repeat):
            return self._is_same(view.of)
        # The last step of the last piece is that of the whole.
        return isinstance(view, Step) and view.index == view.steps - 1


def _goes_back(view: ConcatTime) -> bool:
    """Whether a sequence is what a row was some steps before, of which the call before left the first ones.

    ::

        S y y ... y     `S` is the state, or its last steps; of `Y`, all steps but as many at its end
    """
    if len(view.parts) != 2:
        return False
    first, then = view.parts
    # One step of a vector, so many of a sequence, or the last ones of that.
    state = first.of if isinstance(first, Repeat | Slice) else first
    if not isinstance(state, CarriedState) or not isinstance(then, Slice):
        return False
    count = first.count if isinstance(first, Repeat | Slice) else state.steps
    is_whole = then.start == NOTHING and then.stride == 1 and then.of == Value(state.block)
    return is_whole and count is not None and then.count + count == then.steps


def _uncut(index: int, why: str, drawing: Drawing, application: Application) -> Diagnostic:
    block = drawing.blocks[index]
    end = next(item for item in drawing.states.ends if item.leaves)
    return Diagnostic(
        "SEQ317",
        f"a sequence cannot be cut at `{block.letter}`: {why}",
        block.span,
        _way_out(index, drawing, application),
        ((end.span, "state passes from call to call here"),),
    )


def _bounded(index: int, drawing: Drawing) -> Diagnostic:
    """A trained code for as many steps as are drawn: the next piece has others."""
    block, rows = drawing.blocks[index], drawing.settings[index].definition.rows
    end = next(item for item in drawing.states.ends if item.leaves)
    return Diagnostic(
        "SEQ303",
        f"`{block.letter}` goes on counting from call to call: it requires a larger `{rows}`",
        block.span,
        f"write the number of steps of all calls together, such as `{rows}=512`, or use a code of sines",
        ((end.span, "state passes from call to call here"),),
    )


def _is_window(kind: str) -> bool:
    """Whether a layer has a window of its own; the wires of a row of dense nodes may draw one as well."""
    return layer_def(kind).family is Family.WINDOW


def _way_out(index: int, drawing: Drawing, application: Application) -> str:
    settings = drawing.settings[index]
    if drawn := drawn_before(drawing, index):
        # What the call before left is in that place, as soon as nothing else is.
        first, letter = (drawing.blocks[one].letter for one in drawn)
        return (
            f"draw `{letter.lower()}` in the place of `{first}`: what it begins with is then the state of the first "
            "call"
        )
    if isinstance(application.operation, Call):
        # Only what is drawn here has a state that this model passes on.
        return f"draw the layers of `{body_in(application.operation).name}` here, or remove the `*`"
    if isinstance(application.operation, Scan) and application.operation.carry is Carry.BOTH:
        # Every second step: a piece of an odd length ends between two of them.
        return "draw a wire for each step, in their order, or remove the `*`"
    if settings.is_recurrent:
        letter = drawing.blocks[index].letter
        return f"draw a `*` at both its ends as well: `*--{letter}-{letter}--*`"
    if _is_window(settings.kind) and _is_window(application.kind):
        return "use `padding=causal` and draw a wire for each step, or remove the `*`"
    if isinstance(application.operation, Convolve):
        return "make it a `conv` with `padding=causal` and a wire for each step, or remove the `*`"
    return "remove the `*`, or this row"
