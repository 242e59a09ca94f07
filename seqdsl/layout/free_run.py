"""picture with feedback → text of its free run: a start, then what was given one step before, as delayed nodes.

::

    Y Y Y   dense(9, softmax)              A A A   argmax          what is chosen
    | | |                                  | | |
    H-H-H   gru(8)                         Y Y Y
    | | |                                  | | |
    E E E   embedding(4)                   H-H-H
    | | |                                  | | |
    Z Z Z   tokens(9, feedback=Y)          E E E
                                           | | |
                                           Z a a                   Z = tokens(9): the start
"""

from __future__ import annotations

from dataclasses import replace
from string import ascii_uppercase
from typing import TYPE_CHECKING

from seqdsl.layout.begun_anew import with_second_node, without_ends
from seqdsl.layout.file_text import file_text
from seqdsl.lowering.called_order import called_pictures
from seqdsl.lowering.default_layers import ANONYMOUS
from seqdsl.lowering.stretches import find_stretches
from seqdsl.syntax.ast import Call, Definition, Number, Parameter, Row

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from seqdsl.ir.graph import Input
    from seqdsl.lowering.compiled import CompiledModel
    from seqdsl.picture.blocks import DrawnBlock
    from seqdsl.syntax.ast import Picture

STEPS = 10
"""The length of a free run that a picture leaves open: how long one is, is told to ``generate``."""

_FEEDBACK = ("feedback", "choose")


class NotDrawn(ValueError):
    """A free run that cannot be drawn; the message says why, and what to do."""


def free_run_text(picture: Picture, model: CompiledModel, others: Sequence[Picture] = ()) -> str:
    """The text of the free run of a model, which is the last of it, behind the pictures that it calls.

    Args:
        picture: its picture.
        model: the model.
        others: the other pictures of its file.

    Raises:
        NotDrawn: nothing is fed back, or what is fed back cannot be drawn.
    """
    fed = [item for item in model.inputs if item.feedback is not None]
    if not fed:
        raise NotDrawn(f"`{model.name}` has no free run: no input has `feedback=`")
    if len(fed) > 1:
        raise NotDrawn(
            f"the free run of `{model.name}` cannot be drawn: it has several inputs with `feedback=`"
        )
    called = called_pictures(picture, others)
    picture, model = _redrawn(picture, model, _begun_anew(picture, model), called)
    picture, model = _redrawn(picture, model, _with_second_node(picture, model), called)
    (begun,) = (item for item in model.inputs if item.feedback is not None)
    # What is called stands as it is: fed or not, it reads what it is given.
    text = file_text(_Writer(picture, model, begun).run(), called)
    _compiled(text, model)
    return text


def _begun_anew(picture: Picture, model: CompiledModel) -> tuple[Row, ...]:
    """The rows without state from call to call: a free run takes none."""
    ends = model.drawing.states.ends
    return without_ends(picture.rows, [item.span for item in ends]) if ends else picture.rows


def _with_second_node(picture: Picture, model: CompiledModel) -> tuple[Row, ...]:
    """The rows with two nodes of the fed row before its first ellipsis, the second to be fed back, if that is clear."""
    (fed,) = (item for item in model.inputs if item.feedback is not None)
    block = model.drawing.blocks[fed.block]
    row = model.drawing.grid[block.row]
    first = block.marks[0]
    # X ..n.. X: the ellipsis between a start and a delayed node could go on with either of the two.
    if [item.after for item in block.stretches] != [1] or block.count == 1:
        return picture.rows
    columns = (row.columns[mark] for mark in range(first, first + 3))
    return with_second_node(picture.rows, *columns) or picture.rows


def _redrawn(
    picture: Picture, model: CompiledModel, rows: tuple[Row, ...], called: Sequence[Picture]
) -> tuple[Picture, CompiledModel]:
    """A picture with other rows, and the model that it is then."""
    return (
        (picture, model)
        if rows == picture.rows
        else _compiled(file_text(replace(picture, rows=rows), called), model)
    )


def _compiled(text: str, model: CompiledModel) -> tuple[Picture, CompiledModel]:
    """What a text is that was made of a model."""
    from seqdsl.pipeline import analyze

    found = analyze(text, model.file)
    if not found.models:
        # E reads W, and so does what is fed: drawn so, E would be a part of the loop.
        problem = next(item.message for item in found.diagnostics if item.is_error)
        raise NotDrawn(f"the free run of `{model.name}` cannot be drawn: {problem}")
    return found.document.pictures[-1], found.models[-1]


class _Writer:
    def __init__(self, picture: Picture, model: CompiledModel, fed: Input) -> None:
        assert fed.feedback is not None
        self.model, self.blocks = model, model.drawing.blocks
        self.rows = list(picture.rows)
        self.definitions = {item.letter: item for item in picture.definitions}
        self.picture, self.parameters = picture, list(picture.parameters)
        self.fed, self.source = self.blocks[fed.block], self.blocks[fed.feedback.block]
        self.is_chosen = fed.vocabulary is not None
        if fed.feedback.is_chosen:
            raise self._fault(
                "no layer gives the one-hot code of an id; use `tokens` and `embedding`"
            )
        if any(block.part_of is not None for block in (self.fed, self.source)):
            raise self._fault("it has rows in parts")

    def _fault(self, what: str) -> NotDrawn:
        return NotDrawn(f"the free run of `{self.model.name}` cannot be drawn: {what}")

    def run(self) -> Picture:
        """The picture of the free run: rows, definitions, parameters."""
        self._unname()
        self._delay(self._chosen() if self.is_chosen else self.source.letter)
        self._set_length()
        definitions, parameters = tuple(self.definitions.values()), tuple(self.parameters)
        return replace(
            self.picture,
            name=self.model.name,
            rows=tuple(self.rows),
            definitions=definitions,
            parameters=parameters,
        )

    def _at(self, block: DrawnBlock) -> int:
        """The place of a block's row among the rows of the picture, which begin at the top."""
        line = self.model.drawing.grid[block.row].line
        return next(at for at, row in enumerate(self.rows) if row.line == line)

    def _columns(self, block: DrawnBlock) -> list[int]:
        """The columns of a block's nodes, without its ellipses."""
        row, (first, last) = self.model.drawing.grid[block.row], block.marks
        marks = range(first, last + 1)
        return [row.columns[mark] for mark in marks if row.marks[mark] == block.letter]

    def _first_ellipsis(self) -> int:
        """The column of the first ellipsis of the fed row."""
        return self.model.drawing.grid[self.fed.row].columns[self.fed.stretches[0].mark]

    def _unname(self) -> None:
        """Leave a name of a length to the fed row: there it counts the delayed nodes, so it fits no other row."""
        # Y Y ..n.. Y      Y Y  ...  Y    n steps of `a`, n + 1 of `Y`
        # Z Z ..n.. Z  ->  Z a ..n.. a
        grid = self.model.drawing.grid
        stretches = find_stretches(grid)
        fed = {stretches[self.fed.row, item.mark] for item in self.fed.stretches}
        lines = {row.line: at for at, row in enumerate(self.rows)}
        for (number, mark), stretch in stretches.items():
            row = grid[number]
            if number == self.fed.row or stretch not in fed or not row.names.get(mark):
                continue
            at, (start, end) = lines[row.line], (row.columns[mark], row.ends[mark])
            cells = self.rows[at].cells
            fill = cells[start - 1] if start and cells[start - 1] in "-=" else " "
            dots = f"{'...':{fill}^{end - start}}"
            self.rows[at] = replace(self.rows[at], cells=cells[:start] + dots + cells[end:])

    def _define(self, at: int) -> None:
        """Move a row's layer from its end to a definition: the row is about to get other nodes."""
        row = self.rows[at]
        if row.call is not None:
            letter = next(char for char in row.cells if char in ascii_uppercase)
            self.definitions[letter] = Definition(letter, row.call, row.call.span)
            self.rows[at] = replace(row, call=None)

    def _delay(self, letter: str) -> None:
        """Draw what is fed back in place of the fed input, from its second step on."""
        at = self._at(self.fed)
        self._define(at)
        columns = self._columns(self.fed)
        if self.fed.stretches and (len(columns) == 1 or columns[1] > self._first_ellipsis()):
            # X ... a: the ellipsis could go on with either of the two.
            raise self._fault(f"draw a second `{self.fed.letter}` before the ellipsis")
        cells = list(self.rows[at].cells)
        for column in self._columns(self.fed)[1:]:
            cells[column] = letter.lower()
        self.rows[at] = replace(self.rows[at], cells="".join(cells))
        own = self.definitions[self.fed.letter]
        kept = tuple(item for item in own.call.arguments if item.keyword not in _FEEDBACK)
        call = replace(own.call, arguments=kept)
        self.definitions[self.fed.letter] = replace(own, call=call)

    def _chosen(self) -> str:
        """Draw the choice of ids as a row above what is fed back, and give its letter."""
        # Y Y ... Y         A A ... A     The new row is the old one with another letter, and without what is beside it.
        #              ->   | |     |
        #                   Y Y ... Y
        at, letter = self._at(self.source), self._unused()
        if any(row.cells.strip() for row in self.rows[:at]):
            raise self._fault(f"draw `{self.source.letter}`, which is fed back, as the top row")
        row, (first, last) = self.model.drawing.grid[self.source.row], self.source.marks
        start = row.columns[first]
        end = row.ends.get(last, row.columns[last] + 1)
        inside = self.rows[at].cells[start:end].replace("-", " ").replace("=", " ")
        above = " " * start + inside.replace(self.source.letter, letter)
        columns = self._columns(self.source)
        wires = "".join("|" if column in columns else " " for column in range(end))
        call = self.rows[at].call
        span = self.source.span if call is None else call.span
        self.rows[at:at] = [Row(above, 0, Call("argmax", (), span)), Row(wires, 0, None)]
        return letter

    def _unused(self) -> str:
        """A letter for what is chosen that the picture does not have."""
        used = {block.letter for block in self.blocks} | self.definitions.keys() | {ANONYMOUS}
        # `l` looks like a wire, and `o` is an `O`.
        free = [letter for letter in ascii_uppercase if letter not in used | {"L", "O"}]
        if not free:
            raise self._fault("the picture has no letter left for what is chosen")
        return free[0]

    def _set_length(self) -> None:
        """Name the length of what is fed, and set it: a loop runs a number of steps that is known."""
        open_lengths = dict.fromkeys(self._open())
        self.parameters += [
            Parameter(name, Number(STEPS, self.fed.span), self.fed.span) for name in open_lengths
        ]

    def _open(self) -> Iterator[str]:
        grid = self.model.drawing.grid[self.fed.row]
        for stretch in self.fed.stretches:
            name = grid.names.get(stretch.mark, "")
            if not name:
                name = self._name(grid.columns[stretch.mark], grid.ends[stretch.mark])
                yield name
            elif name not in self.model.drawing.values:
                yield name

    def _name(self, start: int, end: int) -> str:
        """Draw a name in an ellipsis of the fed row: all rows get a column on both sides of it."""
        #  Z Z ... Z        Z Z ..n.. Z        H-...-H        H--...--H
        drawing = self.model.drawing
        taken = {
            name for row in drawing.grid for name in row.names.values()
        } | drawing.values.keys()
        name = next(item for item in ("n", "m", "k", "steps", "length") if item not in taken)
        at = self._at(self.fed)
        for number, row in enumerate(self.rows):
            self.rows[number] = replace(row, cells=_wider(row.cells, start, end))
        own = self.rows[at].cells
        self.rows[at] = replace(self.rows[at], cells=f"{own[:start]}..{name}..{own[end + 2 :]}")
        return name


def _wider(cells: str, start: int, end: int) -> str:
    """A row with a column more at two places: of the wire that crosses there, else a space."""
    for place, way in ((end, 1), (start, -1)):
        column = place
        # d | d | ... d |    an ellipsis that is drawn elsewhere in its row stays whole
        while cells[column - 1 : column + 1] == "..":
            column += way
        if column < len(cells):
            around = cells[column - 1 : column + 1]
            wire = next((char for char in "-=" if char in around), "-")
            crosses = " " not in around and bool(set(around) & set("-=<>+"))
            cells = cells[:column] + (wire if crosses else " ") + cells[column:]
    return cells
