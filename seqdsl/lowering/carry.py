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

from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from seqdsl.ir.expressions import ConcatFeatures, FinalState, Repeat, Step, Value
from seqdsl.ir.graph import State
from seqdsl.ir.layers import state_widths
from seqdsl.ir.operations import Attend, Carry, Constant, Convolve, Reduce, Scan, operands
from seqdsl.layers import Family, layer_def
from seqdsl.lowering.compose import NOTHING
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.kinds.constant import COMPUTED, counts_steps
from seqdsl.size import Size
from seqdsl.text.diagnostics import Diagnostic

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from seqdsl.ir.expressions import Expression
    from seqdsl.ir.graph import Shape
    from seqdsl.lowering.application import Application
    from seqdsl.lowering.drawing import Drawing
    from seqdsl.lowering.naming import Names
    from seqdsl.model.spec import Block

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
    both = [index for index, carry in carried.items() if carry is Carry.BOTH]
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


class _Path:
    """The blocks whose steps are cut together with those of a block with state."""

    def __init__(self, drawing: Drawing, applications: Mapping[int, Application]) -> None:
        self.drawing, self.applications = drawing, applications
        self.readers: dict[int, list[int]] = {}
        for index in applications:
            for source in self._read(index):
                self.readers.setdefault(source, []).append(index)

    def _read(self, index: int) -> set[int]:
        of_block = self.drawing.operands[index]
        return {access.block for operand in of_block for access in operand.read}

    def blocks(self, begin: Iterable[int]) -> tuple[int, ...]:
        """All sequences that wires join to those in ``begin``, and what reads them; vectors end the way."""
        # Down to the inputs and up to the outputs, and down again: two rows that are added are cut at the same steps.
        found, waiting = set(begin), deque(begin)
        while waiting:
            index = waiting.popleft()
            sources = {item for item in self._read(index) if self._is_sequence(item)}
            beside = sources if self._is_sequence(index) else set()
            for other in beside | set(self.readers.get(index, ())):
                if other not in found and (self._is_sequence(index) or other in beside):
                    found.add(other)
                    waiting.append(other)
        return tuple(sorted(found))

    def _is_sequence(self, index: int) -> bool:
        return self.drawing.steps(index) is not None

    def problem(self, index: int) -> str:
        """Why pieces do not give what the whole gives at a block; empty where they do."""
        operation = self.applications[index].operation
        if isinstance(operation, Scan):
            is_carried = operation.carry is Carry.BOTH
            return "" if is_carried else "its own state is forgotten after each call"
        if isinstance(operation, Constant):
            is_code = counts_steps(self.drawing.settings[index].definition)
            return "" if is_code else "it has a vector for each step of one call"
        if isinstance(operation, Attend | Reduce):
            return "it reads all steps at once"
        if isinstance(operation, Convolve):
            is_layer = _is_window(self.drawing.settings[index].kind)
            return self._window_problem(operation) if is_layer else "its window is drawn by wires"
        if all(self._goes_on(view) for view in operands(operation)):
            return ""
        return "it reads other steps than its own"

    def _window_problem(self, operation: Convolve) -> str:
        if operation.after != NOTHING:
            return "its windows reach into later steps"
        if operation.kept is not None or not self._goes_on(operation.operand):
            return "it reads other steps than its own"
        return ""

    def _goes_on(self, view: Expression) -> bool:
        """Whether a value has the steps of a sequence in their places, or is the same at all, or the last one."""
        if isinstance(view, ConcatFeatures):
            return all(map(self._goes_on, view.parts))
        if isinstance(view, Value | FinalState):
            return True
        if isinstance(view, Repeat):
            # A vector of somewhere else at all steps: it is the same in every call.
            return isinstance(view.of, Value) and not self._is_sequence(view.of.block)
        # The last step of the last piece is that of the whole.
        return isinstance(view, Step) and view.index == view.steps - 1


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
    if settings.is_recurrent:
        letter = drawing.blocks[index].letter
        return f"draw a `*` at both its ends as well: `*--{letter}-{letter}--*`"
    if _is_window(settings.kind) and _is_window(application.kind):
        return "use `padding=causal` and draw a wire for each step, or remove the `*`"
    if isinstance(application.operation, Convolve):
        return "make it a `conv` with `padding=causal` and a wire for each step, or remove the `*`"
    return "remove the `*`, or this row"


def find_carried(
    drawing: Drawing, blocks: Sequence[Block], order: Sequence[int], names: Names
) -> tuple[State, ...]:
    """The states of a model that pass from call to call.

    Args:
        drawing: what was read of the picture.
        blocks: its blocks, with their meaning.
        order: their numbers as a picture is read: by the first column, then from bottom to top.
        names: the names that are free.
    """
    found: list[State] = []
    for index in order:
        block, operation = blocks[index], blocks[index].operation
        if isinstance(operation, Scan | Convolve | Constant) and operation.carry is not Carry.NONE:
            base = names.claim(f"{_called(block, drawing)}_state")
            for part, (ending, shape) in enumerate(_parts(block)):
                name = names.claim(f"{base}_{ending}") if ending else base
                carry = operation.carry
                found.append(State(name, index, part, shape, carry.is_taken, carry.is_given))
    return tuple(found)


def _called(block: Block, drawing: Drawing) -> str:
    letter = "" if block.letter == ANONYMOUS else block.letter.lower()
    return drawing.settings[block.index].name or letter or block.name


def _parts(block: Block) -> Iterator[tuple[str, Shape]]:
    """The arrays of a block's state: what is added to its name, and the shape."""
    assert block.layer is not None
    if isinstance(block.operation, Constant):
        # The number of the first step of the next call: one for each sample.
        yield "", ()
        return
    if isinstance(block.operation, Convolve):
        # conv(8, 3, dilation=2) reads x[t - 4], x[t - 2] and x[t]: the last four steps are its state.
        yield "", (block.operation.before, block.layer.width)
        return
    states = layer_def(block.kind).states
    for name, width in zip(states, state_widths(block.layer), strict=True):
        # An LSTM's `h_state_h` and `h_state_c`; a GRU's `h_state`, as it has one only.
        yield name if len(states) > 1 else "", (width,)
