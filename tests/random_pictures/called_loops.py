r"""seed → a loop that calls a random picture for a whole row, one that reads its own past alone.

  Y   Y ...   Y
  |   |       |
  T   T ...   T    part_of_loop
  |   |       |
  A   A ...   A
 /|  /|      /|
y Z y Z ... y Z
"""

from __future__ import annotations

from random import Random

from seqdsl.layout.canvas import Cells
from tests.random_pictures.called import PART, Asked, Library
from tests.random_pictures.generator import draw_part
from tests.random_pictures.layers import Layer
from tests.random_pictures.shapes import Break, Strip

NAME = f"{PART}of_loop"
TRIES = 1000

# fmt: off
REFUSED = (
    123, 287, 307, 44, 369, 235, 91, 198, 189, 379, 108, 197, 171, 53, 4, 227, 52, 323, 91, 34,
    117, 483, 349, 84, 97, 903, 86, 49, 81, 145, 986, 151, 86, 427, 158, 109, 284, 420, 13, 177,
)
# fmt: on
"""Tries of each seed that are known to fail. To find these again took ten times as long as all that the loops are for;
after a change of what is drawn they may miss a picture, and the next one is taken."""


def random_called_loop(seed: int) -> str:
    """A file with the loop, and with all that it calls."""
    rng = Random(f"called loop {seed}")
    shown, is_free = rng.randint(3, 4), rng.random() < 0.7
    columns = [4 * place for place in range(shown)]
    if is_free:
        columns[-1] += 4
    breaks = (Break(columns[-1] - 4, ""),) if is_free else ()
    width = rng.randint(1, 4)
    # There is more room beside an ellipsis where state wires may be drawn.
    wide = columns if not is_free else [*columns[:-1], columns[-1] + 2]
    asked = Asked(Layer("input", (str(width),), width), Strip(tuple(wide), breaks), is_row=True)
    known = REFUSED[seed] if seed < len(REFUSED) else 0
    for number in range(known + TRIES):
        below, own = Random(rng.random()), Random(rng.random())
        if number < known:
            continue
        library = Library(below, draw_part)
        part = draw_part(own, library, NAME, asked)
        if part is not None and part.is_causal:
            loop = _loop(rng, columns, width, is_free=is_free)
            return "\n".join([*library.texts, part.text, loop])
    raise AssertionError("no picture reads its own past alone")


def _loop(rng: Random, columns: list[int], width: int, *, is_free: bool) -> str:
    """The rows of the loop: padding may be anywhere, and what is before the first step may be drawn."""
    dots = {columns[-1] - 4 + place: "." for place in range(3)} if is_free else {}
    has_start = rng.random() < 0.3 and not is_free
    # One call, or two, with the same weights or others.
    calls = rng.choice(["T", "T", "UBT", "TBT"])
    upper = {column + 2: "" for column in columns}
    rows: list[Cells] = []
    for letter in ["Y", *calls, "A"]:
        rows += [dict.fromkeys(upper, letter) | dots, dict.fromkeys(upper, "|")]
    rows[-1] = rows[-1] | {column + 1: "/" for column in columns}
    bottom = dict.fromkeys(columns, "y") | dict.fromkeys(upper, "Z") | dots
    rows.append(bottom | ({0: "S"} if has_start else {}))
    mask = rng.choice(["", ", mask=0", ", mask=0, padding=end"])
    inner = rng.choice(["dense", "rnn", "gru"])
    definitions = [f"Z = input(2{mask})", f"A = {inner}({width})", "Y = dense(3, tanh)"]
    definitions += [f"{letter} = {NAME}" for letter in dict.fromkeys(calls) if letter != "B"]
    definitions += [f"B = dense({width})"] if "B" in calls else []
    definitions += ["S = input(3)"] if has_start else []
    return "\n".join(["model looped", "", *map(_line, rows), "", *definitions, ""])


def _line(cells: Cells) -> str:
    return "".join(cells.get(column, " ") for column in range(max(cells) + 1))
