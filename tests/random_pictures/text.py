"""rows and letters → text: definitions, row annotations, parameters, comments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from random import Random

from seqdsl.layout.canvas import Cells, render
from tests.random_pictures.layers import Parameters
from tests.random_pictures.letters import ANONYMOUS, Letters
from tests.random_pictures.shapes import Block

BOXES = str.maketrans("|-+/\\>^O", "│─┼╱╲→↑○")
REMARKS = ("a remark", "drawn at random", 'O = "nothing" | + - \\')


@dataclass
class Row:
    """A row, and the blocks that stand in it."""

    cells: Cells
    blocks: tuple[Block, ...] = ()


def write(
    rng: Random, rows: list[Row], letters: Letters, parameters: Parameters, name: str = ""
) -> str:
    """The whole file, or a model of it with a name."""
    uses = Counter(block.letter for row in rows for block in row.blocks)
    # What others name is as if it were drawn again.
    uses.update(letters.kept)
    beside: dict[int, str] = {}
    for number, row in enumerate(rows):
        for block in row.blocks:
            if uses[block.letter] == 1 and rng.random() < 0.3 and _has_role(block, parameters):
                block.call = ""
                del letters.known[block.letter]
        if len(row.blocks) == 1 and uses[row.blocks[0].letter] == 1 and rng.random() < 0.4:
            beside[number] = row.blocks[0].call
            letter = row.blocks[0].letter
            letters.known.pop(letter, None)
            if rng.random() < 0.5 and "name=" not in row.blocks[0].call:
                row.cells = {
                    c: ANONYMOUS if sign == letter else sign for c, sign in row.cells.items()
                }
    lines = render([row.cells for row in rows])
    width = max(map(len, lines))
    shown = []
    for line, number in zip(lines, reversed(range(len(rows))), strict=True):
        call = beside.get(number)
        shown.append(f"{line:<{width}}   {call}" if call else line)
    return _framed(rng, shown, letters, parameters, name)


def _has_role(block: Block, parameters: Parameters) -> bool:
    """Whether a block is what it would be without a definition, once the file sets ``units`` or ``features``."""
    if block.call in ("concat", "output"):
        return not (block.is_read or block.on_source)
    touched = bool(block.direction)
    sequence = touched or (block.is_read and not block.strip.is_vector)
    role = "lstm" if sequence else "dense"
    is_default = touched or block.is_read or block.on_source
    word = "features" if block.kind == "input" else "units"
    if block.call == f"input({block.width})":
        return parameters.values.setdefault(word, block.width) == block.width
    if block.vocabulary or not is_default or block.call != f"{role}({block.units})":
        return False
    return parameters.values.setdefault(word, block.units) == block.units


def _framed(
    rng: Random, lines: list[str], letters: Letters, parameters: Parameters, name: str
) -> str:
    if rng.random() < 0.05:
        lines = [_boxed(line) for line in lines]
    if rng.random() < 0.1:
        lines = [" " * 7 + line for line in lines]
    if rng.random() < 0.1:
        place = rng.randrange(len(lines))
        lines[place] += f"   # {rng.choice(REMARKS)}"
    extra = [f"{letter} = {known.call}" for letter, known in letters.known.items()]
    extra += [f"{name} = {value}" for name, value in parameters.values.items()]
    extra += [f"{name} = {value}" for name, value in letters.lengths.items() if value is not None]
    rng.shuffle(extra)
    cut = rng.randrange(len(extra) + 1) if rng.random() < 0.2 else 0
    head = [f"# {rng.choice(REMARKS)}"] if rng.random() < 0.1 else []
    is_named = rng.random() < 0.1 or name
    head += [f"model {name or 'picture'}"] if is_named else []
    before = [*extra[:cut], ""] if cut else []
    return "\n".join([*head, *before, *lines, "", *extra[cut:]]).rstrip() + "\n"


def _boxed(line: str) -> str:
    """The row drawn with box characters; an annotation stays as it is."""
    drawing, gap, call = line.partition("   " if "(" in line else "\n")
    return drawing.translate(BOXES) + gap + call
