"""letters and counts → small pictures: what a lint says is usually meant, drawn.

Each compiles by itself. Layers are left out where those of the user's own letters still hold.
"""

from __future__ import annotations

from seqdsl.lowering.default_layers import ANONYMOUS

_MOST = 6
"""Of longer rows so many nodes are drawn: the point is how they are wired, not how many there are."""


def few(steps: int | str) -> int:
    """How many nodes to draw for a row of ``steps``; a free length is drawn short."""
    return min(steps, _MOST) if isinstance(steps, int) else 3


def last_step_of_recurrent(top: str, bottom: str, steps: int) -> str:
    """A recurrent row over all steps, of which the last is read.

    ::

            O
            |
        O O O
        | | |
        O O O
    """
    left = " " * (2 * steps - 2)
    rows = [left + top, f"{left}|", _spaced(_between(top, bottom), steps)]
    return "\n".join([*rows, _spaced("|", steps), _spaced(bottom, steps)])


def started_by_first(top: str, bottom: str, steps: int, given: int) -> str:
    """A recurrent row that carries its ``given`` first inputs on to all its steps.

    ::

        O O O
        | | |
        O O O
        |
        O
    """
    rows = [_spaced(top, steps), _spaced("|", steps), _spaced(_between(top, bottom), steps)]
    return "\n".join([*rows, _spaced("|", given), _spaced(bottom, given)])


def heads_over_steps(
    letters: str, base: str, steps: int, *, runs: bool = True, source: bool = False
) -> str:
    """A row for each of ``letters``, all over the same steps of ``base``.

    From the first one's wires the others branch off. Without ``runs``, no state joins the steps of ``base``, and a
    ``source`` reads nothing:

    ::

        M   M   M
        |   |   |
        | S | S | S
        |/  |/  |/
        H---H---H
        |   |   |
        X   X   X
    """
    first, others = letters[0], letters[1:]
    base = base if base and base not in letters else _fresh(letters)
    rows = [_spaced(first, steps, "   "), _spaced("|", steps, "   ")]
    for letter in others:
        rows += [_spaced(f"| {letter}", steps), _spaced("|/", steps, "  ")]
    rows += [_spaced(base, steps, "---" if runs else "   ")]
    if not source:
        below = _fresh(letters + base, "XZUVWCIN")
        rows += [_spaced("|", steps, "   "), _spaced(below, steps, "   ")]
    return "\n".join(rows)


def inputs_over_steps(letters: str, steps: int) -> str:
    r"""A row for each of the inputs ``letters``, joined step by step in a recurrent row.

    ::

        H---H---H
        |\  |\  |\
        | Z | Z | Z
        |   |   |
        X   X   X
    """
    first, others = letters[0], letters[1:]
    rows = [_spaced(_fresh(letters), steps, "---")]
    for letter in others:
        rows += [_spaced("|\\", steps, "  "), _spaced(f"| {letter}", steps)]
    return "\n".join([*rows, _spaced("|", steps, "   "), _spaced(first, steps, "   ")])


def started_gru(letter: str, units: int | str, features: int | str) -> str:
    """A run that begins from a value and whose final state leaves, with a cell that has one state.

    ::

                F
                |
        +-H-H-H-+
        | | | |
        V X X X
    """
    final, value, inputs = [item for item in "FVXZ" if item != letter][:3]
    rows = [
        f"        {final}",
        "        |",
        f"+-{letter}-{letter}-{letter}-+",
        "| | | |",
        f"{value} {inputs} {inputs} {inputs}",
        "",
        f"{letter} = gru({units})",
        f"{value} = input({units})",
        f"{inputs} = input({features})",
    ]
    return "\n".join(rows)


def _spaced(cells: str, count: int, gap: str = " ") -> str:
    """The same cells ``count`` times: ``H H H``."""
    return gap.join([cells] * count)


def _between(top: str, bottom: str) -> str:
    """A letter for a row between two: another `O` in a picture of `O`."""
    return ANONYMOUS if ANONYMOUS in (top, bottom) else _fresh(top + bottom)


def _fresh(taken: str, wanted: str = "HGRDEBCFKLNPQTAMSUVWXYZIJ") -> str:
    return next(letter for letter in wanted if letter not in taken)
