r"""a number of bytes → a text of about that size: one family of growing texts for each construct of the language.

A family repeats one construct and changes nothing else, so that what a stage does out of proportion to it shows as an
exponent (`benchmarks.growth`). Each is drawn as small as it can be: the more often a construct fits into a
megabyte, the sooner a loop within a loop shows.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

FAMILIES: dict[str, Callable[[int], str]] = {}
"""Every family by its name."""

ALPHABET = "ABCDEFGHIJKLMNPQRSTUVWXYZ"


def family(make: Callable[[int], str]) -> Callable[[int], str]:
    """Add a function to the families, under its name."""
    FAMILIES[make.__name__.replace("_", " ")] = make
    return make


def _over(row: str, unit: str, size: int, rows: int = 3) -> str:
    """So many equal rows, one wired to the other; ``unit`` marks the wires of ``row``, both repeated."""
    count = max(1, size // (len(row) * (2 * rows - 1)))
    return "\n".join([row * count, *[unit * count, row * count] * (rows - 1)])


@family
def long_rows(size: int) -> str:
    """Three rows of many steps."""
    return _over("O ", "| ", size)


@family
def stacked_rows(size: int) -> str:
    """Many rows of three steps."""
    return "\n".join(["O O O", *["| | |", "O O O"] * (size // 12)])


@family
def stacked_letters(size: int) -> str:
    """Many rows of three steps, all of one letter with one set of weights."""
    return (
        "\n".join(["X X X", *["| | |", "H H H"] * (size // 12)][::-1])
        + "\nH = gru(1)\nX = input(1)"
    )


@family
def stacked_vectors(size: int) -> str:
    """A column of single nodes."""
    return "\n".join(["O", *["|", "O"] * (size // 4)])


@family
def stacked_softly(size: int) -> str:
    """Rows without a wire to any row below: each reads nothing."""
    return "\n".join(["O O O"] * (size // 6))


@family
def ellipses(size: int) -> str:
    """Many unnamed ellipses in each of three rows."""
    count = max(1, size // 30)
    nodes, wires = "O ... " * count + "O", "|     " * count + "|"
    return "\n".join([nodes, wires, nodes, wires, nodes])


@family
def named_ellipses(size: int) -> str:
    """Chains side by side, each with a named ellipsis of its own, whose length is set."""
    count = max(1, size // 65)
    names = [f"n{number:05d}" for number in range(count)]
    chains = "  ".join(f"H-..{name}..-H" for name in names)
    wires = "  ".join("|" + " " * (len(name) + 6) + "|" for name in names)
    below = "  ".join(f"X{'...':^{len(name) + 6}}X" for name in names)
    lengths = (f"{name} = 5" for name in names)
    return "\n".join([chains, wires, below, "H = lstm(2)", "X = input(1)", *lengths])


@family
def names_over_one_row(size: int) -> str:
    """One row whose ellipses have all different names, which cannot be."""
    count = max(1, size // 40)
    names = [f"n{number:05d}" for number in range(count)]
    below = " ".join(f"O ..{name}.." for name in names) + " O"
    wires = " ".join("|" + " " * (len(name) + 5) for name in names) + " |"
    return "\n".join([below, wires, below])


@family
def strided_ellipses(size: int) -> str:
    """Many ellipses over which a row reads two steps for each of its own."""
    count = max(1, size // 30)
    rows = ["O   ...   ", "|\\        ", "O O ...   "]
    return "\n".join(row * count + row[:3] for row in rows)


@family
def broken_chains(size: int) -> str:
    """One letter in chains of two steps, over one input."""
    count = max(1, size // 12)
    return "\n".join(
        ["H-H " * count, "| | " * count, "X X " * count, "H = lstm(2)", "X = input(1)"]
    )


@family
def broken_chains_read(size: int) -> str:
    """One letter in chains of two steps, of each of which the last is read."""
    count = max(1, size // 12)
    return "\n".join(
        ["  O " * count, "  | " * count, "H-H " * count, "| | " * count, "X X " * count]
    )


@family
def final_states(size: int) -> str:
    """Chains whose final states are read."""
    count = max(1, size // 40)
    rows = ["      O ", "      | ", "H-H---+ ", "| |     ", "X X     "]
    return "\n".join([*(row * count for row in rows), "X = input(1)", "H = lstm(1)"])


@family
def initial_states(size: int) -> str:
    """Chains that begin from a value each."""
    count = max(1, size // 40)
    rows = ["+-H-H ", "| | | ", "Y X X "]
    return "\n".join([*(row * count for row in rows), "X = input(1)", "H = gru(1)", "Y = input(1)"])


@family
def handed_states(size: int) -> str:
    """A state that is passed on from letter to letter, along one row."""
    count = max(1, size // 8)
    row = "-".join((ALPHABET[:20] * (count // 20 + 1))[:count])
    return "\n".join([row, "| " * count, "O " * count])


@family
def wide_bus(size: int) -> str:
    """One value, wired to every step."""
    count = max(2, size // 8)
    return "\n".join(["O " * count, "| " * count, "-".join("+" * count), "|", "O"])


@family
def bus_of_all(size: int) -> str:
    """Every step, wired to every step."""
    count = max(2, size // 10)
    return "\n".join(
        ["O " * count, "| " * count, "-".join("+" * count), "| " * count, "O " * count]
    )


@family
def nested_buses(size: int) -> str:
    """Buses upon buses upon buses."""
    return "\n".join(["O O", "| |", *["+-+"] * (size // 4), "| |", "O O"])


@family
def many_buses(size: int) -> str:
    """Buses of two steps, side by side."""
    return "\n".join(row * max(1, size // 20) for row in ("O O ", "| | ", "+-+ ", "| | ", "O O "))


@family
def crossing_buses(size: int) -> str:
    """Wide buses upon each other, each for its own two ends, crossing all wires between."""
    count = max(2, int((size / 4) ** 0.5))
    top = "O " * count
    rows = [top]
    for depth in range(count // 2):
        inner = count - 2 * depth - 2
        side = "| " * depth
        rows.append(side + "+-" + "|-" * inner + "+ " + side)
    return "\n".join([*rows, "| " * count, "O " * count])


@family
def bus_of_buses(size: int) -> str:
    """Stages of buses that halve, as a tree."""
    leaves = 2
    while leaves * leaves.bit_length() * 5 < size:
        leaves *= 2
    rows, step, count = ["O " * leaves], 2, leaves
    while count > 1:
        rows.insert(0, ("|" + " " * (step - 1)) * count)
        rows.insert(0, ("+" + "-" * (step - 1) + "+" + " " * (step - 1)) * (count // 2))
        count, step = count // 2, step * 2
    return "\n".join(["O", "|", *rows])


@family
def attention_bus(size: int) -> str:
    """Every step asks all steps."""
    count = max(2, size // 12)
    return "\n".join(
        [
            "A " * count,
            "| " * count,
            "-".join("+" * count),
            "| " * count,
            "X " * count,
            "A = attention",
            "X = input(4)",
        ]
    )


@family
def many_attentions(size: int) -> str:
    """Pairs of steps that each ask a bus of their own, by letters in turn."""
    rows = ["A A B B ", "| | | | ", "+-+ +-+ ", "| | | | ", "X X X X "]
    drawn = [row * max(1, size // 40) for row in rows]
    return "\n".join([*drawn, "A = attention", "B = attention(heads=1)", "X = input(4)"])


@family
def many_letters(size: int) -> str:
    """All letters in turn."""
    count = max(1, size // 150)
    return "\n".join(
        [" ".join(ALPHABET * count), "| " * len(ALPHABET) * count, "O " * len(ALPHABET) * count]
    )


@family
def single_nodes(size: int) -> str:
    """Vectors side by side, each an input and an output of its own, by letters that alternate."""
    count = max(1, size // 12)
    return "\n".join(
        ["A B " * count, "| | " * count, "X Y " * count, "A = dense(1)", "B = dense(2)"]
    )


@family
def several_outputs(size: int) -> str:
    """Many blocks over one input, each an output."""
    count = max(1, size // 24)
    return "\n".join(["A B " * count, "| | " * count, "O O " * count])


@family
def many_definitions(size: int) -> str:
    """Definitions of letters that are not drawn, or twice."""
    lines = [f"{ALPHABET[number % 25]} = lstm({number})" for number in range(size // 13)]
    return "\n".join(["A A", "| |", "X X", *lines])


@family
def many_parameters(size: int) -> str:
    """Parameters that nothing uses."""
    return "\n".join(
        ["O O", "| |", "O O", *(f"p{number} = {number}" for number in range(size // 14))]
    )


@family
def many_arguments(size: int) -> str:
    """One layer with no end of arguments."""
    return "\n".join(["O O", "| |", "O O   lstm(" + ", ".join(["1"] * (size // 3)) + ")"])


@family
def many_models(size: int) -> str:
    """Small models, one after the other."""
    return "\n".join(f"model m{number}\nO O O\n| | |\nO O O\n" for number in range(size // 34))


@family
def equal_models(size: int) -> str:
    """Models that all have one name."""
    return "model m\nO\n|\nO\n" * (size // 14)


@family
def diagonals(size: int) -> str:
    """Every step reads its left neighbor and itself."""
    count = max(1, size // 6)
    return "\n".join(["O " * count, "|/" * (count - 1) + "|", "O " * count])


@family
def long_diagonals(size: int) -> str:
    """Wires that run across the whole picture."""
    count = max(2, int(size**0.5))
    rows = ["O   O"] + ["/   /"] * count + ["O   O"]
    return "\n".join(" " * (len(rows) - number) + row for number, row in enumerate(rows))


@family
def windows(size: int) -> str:
    """Every step reads a window of three."""
    count = max(4, size // 12)
    nodes = "O  " * count + "O"
    return "\n".join([nodes, "|\\/" * count + "|", "|/\\" * count + "|", nodes])


@family
def junction_lattice(size: int) -> str:
    """Rows of junctions, each of which joins the three below it: a great many paths lead through them."""
    side = max(2, int((size / 9) ** 0.5))
    ends = ["O  " * side + "O", "|  " * side + "|"]
    rows = ["+  " * side + "+", "|\\/" * side + "|", "|/\\" * side + "|"] * side
    return "\n".join([*ends, *rows, ends[0]])


@family
def cells_of_junctions(size: int) -> str:
    """Nothing but junctions."""
    side = max(2, int(size**0.5))
    return "\n".join(["O" + " O" * (side // 2), *["+" * side] * side, "O" + " O" * (side // 2)])


@family
def deep_skips(size: int) -> str:
    """Values that pass beside all rows above them, one of each row."""
    count = max(2, int((size / 4) ** 0.5))
    rows = ["O " * count, "| " * count]
    for number in range(count - 1, 0, -1):
        rows += ["| " * (count - number) + "O " * number, "| " * count]
    return "\n".join([*rows, "X " * count, "X = input(32)"])


@family
def one_deep_skip(size: int) -> str:
    """A value that passes beside all rows."""
    return "\n".join(
        [
            "Y",
            "|\\",
            *["B |", "| |"] * (size // 8),
            "B |",
            "|/",
            "X",
            "Y = dense(1)",
            "B = dense(2)",
            "X = input(2)",
        ]
    )


@family
def residual_rows(size: int) -> str:
    """Rows that are each added to what they read."""
    block = "A   A\n|\\  |\\\nB | B |\n|/  |/\n"
    return block * (size // 22) + "X   X\nA = add\nB = dense(4)\nX = input(4)"


@family
def pooled_pairs(size: int) -> str:
    """Each step above combines two below."""
    count = max(1, size // 16)
    rows = ["M   ", "|\\  ", "X X "]
    return "\n".join([*(row * count for row in rows), "M = max", "X = input(4)"])


@family
def pooled_runs(size: int) -> str:
    """Steps above combine three and two in turn."""
    count = max(1, size // 30)
    rows = ["  M   M   ", " /|\\  |\\  "[:10], "X X X X X "]
    return "\n".join([*(row * count for row in rows), "M = mean", "X = input(2)"])


@family
def gathered(size: int) -> str:
    """Each step reads another one of no pattern."""
    count = max(1, size // 24)
    return "\n".join(["O   OO " * count, "|    \\\\" * count, "O O  OO" * count + "O"])


@family
def skipped_steps(size: int) -> str:
    """Every third step is read, of rows upon rows."""
    count = max(1, size // 18)
    return "\n".join(["O     " * count, "|     " * count, "O O O " * count])


@family
def splits(size: int) -> str:
    """A vector that is split into many."""
    count = max(2, size // 8)
    return "\n".join(
        [
            "S " * count,
            "| " * count,
            "-".join("+" * count),
            "|",
            "X",
            "S = split",
            f"X = input({count})",
        ]
    )


@family
def broken_wires(size: int) -> str:
    """Wires that all miss their nodes by a column."""
    return _over("O  ", " | ", size, rows=2)


@family
def broken_wires_deep(size: int) -> str:
    """Rows upon rows, whose wires all miss."""
    return "\n".join(["O O", *[" | |", "O O"] * (size // 9)])


@family
def loose_wires(size: int) -> str:
    """Wires in a row that nothing is above."""
    return "\n".join(["| " * (size // 4), "O " * (size // 4)])


@family
def loose_junctions(size: int) -> str:
    """Junctions at which nothing enters."""
    return "\n".join(["O " * (size // 6), "+ " * (size // 6), "  " * (size // 6) + "O"])


@family
def dangling_states(size: int) -> str:
    """State wires that end in nothing."""
    return "\n".join(["H- " * (size // 6), "|  " * (size // 6), "X  " * (0) + "O  " * (size // 6)])


@family
def wrong_states(size: int) -> str:
    """Blocks whose state wires point both ways."""
    return "\n".join(["H>H<H " * (size // 18), "| | | " * (size // 18), "O O O " * (size // 18)])


@family
def lonely_ellipses(size: int) -> str:
    """Ellipses that no node is beside."""
    return "\n".join(["O   ... " + "... " * (size // 8), "|", "O"])


@family
def unclear_ellipses(size: int) -> str:
    """Ellipses between letters."""
    return "\n".join(
        [
            "A ... B ... " * (size // 36),
            "|     |     " * (size // 36),
            "O     O     " * (size // 36),
        ]
    )


@family
def unreadable_lines(size: int) -> str:
    """Lines that are none of the language."""
    return "what is this?\n" * (size // 14)


@family
def unknown_layers(size: int) -> str:
    """A row for each of many misspelled layers."""
    return "\n".join(["O O   lstn(2)", "| |"] * (size // 18) + ["O O"])


@family
def capital_layers(size: int) -> str:
    """A row for each of many layers in upper case."""
    return "\n".join(["O O   LSTM(2)", "| |"] * (size // 18) + ["O O"])


@family
def wrong_arguments(size: int) -> str:
    """Calls whose arguments are all wrong."""
    return "\n".join(["O O   lstm(units=a, b=3)", "| |"] * (size // 29) + ["O O"])


@family
def wrong_widths(size: int) -> str:
    """Sums of values that are not equally wide, side by side."""
    count = max(1, size // 50)
    rows = ["A   B   ", "|\\  |\\  ", "X Y X Y "]
    return "\n".join(
        [*(row * count for row in rows), "A = add", "B = add", "X = input(2)", "Y = input(3)"]
    )


@family
def second_pictures(size: int) -> str:
    """Pictures that blank lines cut."""
    return "O O\n| |\nO O\n\n" * (size // 13)


@family
def tabs(size: int) -> str:
    """Rows with tabs."""
    return "O\tO\n" * (size // 4)


@family
def comments(size: int) -> str:
    """A comment after every line, and between lines."""
    return "\n".join(
        ["O O  # two", "| |", *["# a line", "O O  # rows", "| |"] * (size // 25), "O O"]
    )


@family
def ignores(size: int) -> str:
    """Comments that ignore warnings, in every line."""
    text = "O  # seqdsl: ignore SEQ404\n|  # seqdsl: ignore SEQ401\n"
    return text * (size // len(text)) + "O"


@family
def wrong_ignores(size: int) -> str:
    """Comments that ignore what there is not."""
    text = "# seqdsl: ignore SEQ999\n"
    return text * (size // len(text)) + "O\n|\nO"


@family
def blank_lines(size: int) -> str:
    """Nothing but line ends, then a picture."""
    return "\n" * size + "O\n|\nO"


@family
def spaces(size: int) -> str:
    """A picture far to the right."""
    indent = " " * (size // 3)
    return f"{indent}O\n{indent}|\n{indent}O"


@family
def one_line(size: int) -> str:
    """A single row: all its nodes are an input."""
    return "O " * (size // 2)


@family
def dots(size: int) -> str:
    """Dots, that are ellipses or not."""
    return ". .. .... " * (size // 10)


@family
def long_name(size: int) -> str:
    """A name as long as the text."""
    return "O O\n| |\nO O\n" + "a" * size + " = 3"


@family
def digits(size: int) -> str:
    """A number as long as the text."""
    return "O O\n| |\nO O   lstm(" + "9" * size + ")"


@family
def noise(size: int) -> str:
    """Signs of the language in no order."""
    signs = random.Random(10).choices("OXH |/\\+-=.\n", k=size)
    return "".join(signs)


@family
def noisy_wires(size: int) -> str:
    """Rows of nodes with wires between them in no order."""
    drawn = random.Random(10)
    width = 40
    rows = ["O " * (width // 2)]
    for _ in range(size // (2 * width)):
        rows += ["".join(drawn.choices("|/\\+- ", k=width)), "O " * (width // 2)]
    return "\n".join(rows)


@family
def ellipses_over_a_bus(size: int) -> str:
    """Ellipses over a bus, whose sources each of them asks for."""
    count = max(1, size // 30)
    nodes = "O ... " * count + "O"
    wires = "|     " * count + "|"
    return "\n".join(
        [nodes.replace("O", "M"), wires, "-----".join("+" * (count + 1)), wires, nodes, "M = mean"]
    )


@family
def ellipses_over_a_lattice(size: int) -> str:
    """Ellipses over junctions upon junctions."""
    rows = ["M ... M", "|     |", *["+-----+", "|     |"] * (size // 16), "O ... O", "M = mean"]
    return "\n".join(rows)


@family
def stacked_ellipses(size: int) -> str:
    """Rows upon rows of an ellipsis."""
    return "\n".join(["O ... O", *["|     |", "O ... O"] * (size // 16)])


@family
def free_blocks(size: int) -> str:
    """Blocks of free length side by side, each as long as the one below it."""
    count = max(1, size // 54)
    return "\n".join(
        [row * count for row in ("A ... A B ... B ", "|     | |     | ", "X ... X Y ... Y ")]
    )


@family
def junctions_with_their_own(size: int) -> str:
    """Junctions upon a bus of all, each of which joins a wire of its own to it."""
    count = max(2, size // 30)
    "-|-".join("+" * count) + " "
    above = [row * count for row in ("O   ", "|   ", "|\\  ")]
    return "\n".join([*above, "+-|-" * (count - 1) + "+ | ", "| | " * count, "O O " * count])


@family
def half_on_each_bus(size: int) -> str:
    """A row of which each half is on a bus of its own."""
    count = max(2, size // 22)
    bus = "-".join("+" * count)
    return "\n".join(
        [
            "O " * (2 * count),
            "| " * (2 * count),
            f"{bus} {bus}",
            "| " * (2 * count),
            "O " * (2 * count),
        ]
    )


@family
def many_inputs_to_many_outputs(size: int) -> str:
    """Inputs and outputs that all are joined by one value."""
    count = max(1, size // 40)
    both = "-".join("+" * (2 * count))
    wires = "| " * (2 * count)
    return "\n".join(["A B " * count, wires, both, "|", "O", "|", both, wires, "X Y " * count])


@family
def letters_on_a_bus(size: int) -> str:
    """Blocks that each read all of as many others."""
    count = max(1, size // 10)
    return "\n".join(["AB" * count, "||" * count, "++" * count, "||" * count, "XY" * count])


@family
def many_starts(size: int) -> str:
    """Layers of one kind, each with arguments that are not those of the others, in many small models."""
    text = "model m{0}\nO O O   lstm({0}, dropout=0.25)\n| | |\nX X X   input({0})\n"
    return "\n".join(text.format(number) for number in range(1, size // 65 + 1))


@family
def shared_letter(size: int) -> str:
    """One letter over many inputs."""
    count = max(1, size // 24)
    return "\n".join(
        ["E   E   " * count, "|   |   " * count, "X Y X Y "[:8] * count, "E = dense(3)"]
    )


@family
def combined_buses(size: int) -> str:
    """A row that adds up what it reads by wire and by bus."""
    count = max(2, size // 16)
    wires = "| " * count
    return "\n".join(
        ["A " * count, wires, "-".join("+" * count), wires, "X " * count, "A = add", "X = input(2)"]
    )


@family
def uneven_sums(size: int) -> str:
    """Nodes that combine two wires and one in turn."""
    count = max(1, size // 24)
    rows = ["M   M   ", "|\\  |   ", "X X X X "]
    return "\n".join([*(row * count for row in rows), "M = max", "X = input(2)"])


@family
def masked_rows(size: int) -> str:
    """Padded sequences through many rows."""
    return "\n".join(
        ["O O O", *["| | |", "O O O   gru(3)"] * (size // 20), "| | |", "X X X   input(2, mask=0)"]
    )


@family
def attention_stack(size: int) -> str:
    """Attention upon attention."""
    text = "A A A\n| | |\n+-+-+\n| | |\n"
    return text * (size // len(text)) + "X X X\nA = attention(heads=1)\nX = input(4)"


@family
def states_up(size: int) -> str:
    """Layers upon layers of drawn state wires."""
    unit = "O-O-O\n| | |\n"
    return unit * (size // len(unit)) + "O O O"


@family
def convolutions(size: int) -> str:
    """Every step is the center of a window of one row, whose width is an argument."""
    count = max(2, size // 6)
    rows = ["C " * count, "| " * count, "X " * count]
    return "\n".join([*rows, "C = conv(2, 3)", "X = input(2)"])


@family
def kept_steps(size: int) -> str:
    """Convolutions by letters in turn, each of which is read at one step."""
    count = max(1, size // 36)
    rows = [row * count for row in ("A     B     ", "|     |     ", "X X X X X X ")]
    return "\n".join([*rows, "A = conv(2, 3)", "B = conv(2, 3)", "X = input(2)"])


@family
def ignores_of_models(size: int) -> str:
    """Small models, each with a comment that ignores warnings."""
    text = "# seqdsl: ignore SEQ401\nmodel m{0}\nO O O\n| | |\nO O O\n"
    return "\n".join(text.format(number) for number in range(size // 58))
