"""lengths and widths → small pictures: what to draw for data of a given shape.

Every sketch is a picture that compiles and has exactly those shapes.
"""

from __future__ import annotations

WIDEST = 30
"""So many nodes are drawn one by one; of longer rows an ellipsis stands for the middle."""


def aligned(steps: int, features: int, width: int) -> str:
    """A value for each step."""
    return _three_rows(steps, steps, features, width)


def last(steps: int, count: int, features: int, width: int) -> str | None:
    """Values for the last ``count`` steps; too many of them are not drawn."""
    if count > WIDEST or count >= steps or (steps > WIDEST and count + 2 > steps):
        return None
    return _three_rows(steps, count, features, width)


def one(steps: int, features: int, width: int) -> str:
    """One value for the whole sequence."""
    return _three_rows(steps, 1, features, width)


def padded(steps: int, count: int, features: int, width: int) -> str | None:
    """A row that runs on after the last input step, read at all its ``count`` steps."""
    if count > WIDEST or count <= steps:
        return None
    rows = [
        (_spaced("Y", count), f"dense({width})"),
        (_spaced("|", count), ""),
        (_spaced("H", count), _cell(steps, count)),
        (_spaced("|", steps), ""),
        (_spaced("X", steps), f"input({features})"),
    ]
    return _picture(rows)


def encoder_decoder(steps: int, count: int, features: int, width: int) -> str:
    """One value of the whole input, unrolled into ``count`` steps: any two lengths."""
    encoder, names = _row("E", steps, "steps")
    decoder, more = _row("D", count, "n")
    at = len(encoder) - 1
    wires, below = _wires(decoder), _wires(encoder)
    bus = "+" + "".join("-" if char == " " else "+" for char in f" {wires}")
    left = " " * (at + 2)
    rows = [
        (left + decoder.replace("D", "Y"), f"dense({width})"),
        (left + wires, ""),
        (left + decoder, _cell(steps, count)),
        (left + wires, ""),
        (" " * at + bus, ""),
        (" " * at + "|", ""),
        (encoder, _cell(steps, count)),
        (below, ""),
        (encoder.replace("E", "X"), f"input({features})"),
    ]
    return _picture(rows, {**names, **more})


def _three_rows(steps: int, read: int, features: int, width: int) -> str:
    whole = read == steps
    row, names = _row("H", steps, "steps", ending=1 if whole else read)
    wires = _wires(row)
    left = " " * (len(row) - 2 * read + 1)
    top = row.replace("H", "Y") if whole else left + _spaced("Y", read)
    upper = wires if whole else left + _spaced("|", read)
    rows = [
        (top, f"dense({width})"),
        (upper, ""),
        (row, _cell(steps)),
        (wires, ""),
        (row.replace("H", "X"), f"input({features})"),
    ]
    return _picture(rows, names)


def _cell(*lengths: int) -> str:
    """A recurrent layer whose units are not one of the lengths: that would look like a slip."""
    return f"lstm({64 if 32 in lengths else 32})"


def _row(letter: str, steps: int, name: str, ending: int = 1) -> tuple[str, dict[str, int]]:
    """A row of nodes, and the length that its ellipsis needs."""
    if steps <= WIDEST:
        return _spaced(letter, steps), {}
    return f"{letter} ..{name}.. {_spaced(letter, ending + 1)}", {name: steps}


def _spaced(char: str, count: int) -> str:
    return " ".join(char * count)


def _wires(row: str) -> str:
    return "".join("|" if char.isupper() else " " for char in row)


def _picture(rows: list[tuple[str, str]], names: dict[str, int] | None = None) -> str:
    widest = max(len(row) for row, _ in rows)
    lines = [f"{row:<{widest}}   {layer}".rstrip() for row, layer in rows]
    lines += ["", *(f"{name} = {value}" for name, value in names.items())] if names else []
    return "\n".join(lines)
