"""seed → text that nobody would write: hostile numbers, deep brackets, damaged pictures, signs of control.

The same seed is the same text. Each is small, so that a hundred thousand of them can be tried.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from tests.random_pictures import random_picture

ROOT = Path(__file__).parents[1]
EXAMPLES = sorted(path.read_text("utf-8") for path in (ROOT / "examples").glob("*.seq"))
LETTERS = "OXYHBE |/\\+-<>=^.…\n\t#()[]{},=_'\"│─┼╱╲●→o123abcn"
CONTROLS = (
    "\x00\x01\x07\x08\x0b\x0c\r\x1b\x7f\x85\xa0\xad"
    "\u200b\u200d\u202e\u2028\u2029\ufeff\ufffd\ud7ff\U0001f600e\u0301"
)

NUMBERS = [
    "1e400", "-1e400", "NaN", "nan", "inf", "-inf", "Infinity", "1e-400", "-0", "-0.0", "00", "007", "0x10", "0b1",
    "0o7", "1_0", "_1", "1_", "1__0", "--5", "+-5", "+5", "5.", ".5", ".", "1e", "1e+", "e5", "1.2.3", "1e5e5", "1j",
    "\uff11\uff12", "\u0663", "\u00b2", "\u2460", "\u216b", "1\u0660", "1e\uff15", "9" * 400, "-" + "9" * 400,
    "9" * 5_000, "0." + "0" * 400 + "1", "1e99999999999", "1e-99999999999", "2147483647", "2147483648",
    "4294967296", "9007199254740993", "18446744073709551616", "1e15", "1e22", "0.1", "1e-7", "5e-324", "0", "1", "3",
    "3 - 4", "2 * -1", "n // 0", "n // n", "n * n * n * n", "1e308 * 10", "2147483647 * 2147483647", "-n", "n - n",
    "(n)", "((n))", "n +", "// 2", "n / 2", "n ** n", "n % 2",
]  # fmt: skip
NAMES = [
    "units",
    "features",
    "n",
    "h",
    "_",
    "__class__",
    "None",
    "True",
    "lambda",
    "O",
    "H",
    "é",
    "ﬁ",
    "x" * 300,
]
LAYERS = [
    "dense", "lstm", "gru", "rnn", "conv", "input", "tokens", "embedding", "dropout", "layernorm", "batchnorm",
    "attention", "heads", "mean", "max", "mask", "concat", "multiply", "add", "relu", "softmax", "reshape", "repeat",
    "positions", "nothing", "eval",
]  # fmt: skip
ARGUMENTS = [
    "name", "epsilon", "momentum", "heads", "rate", "units", "window", "stride", "dilation", "padding", "activation",
    "bias", "key", "causal", "vocabulary", "dtype",
]  # fmt: skip
PYTHON = [
    '"""', "'''", "\\", "{{ 7 * 7 }}", "{% raw %}", "__import__('os')", "; import os", "\\N{BULLET}", "%s", "${HOME}",
    "$(id)", "#", "# seqdsl: ignore[SEQ101]", "# seqdsl: ignore[", "# fmt: off", "```seq\nO\n|\nO\n```", "~~~", "```",
    '"""\n```seq\nO\n```\n"""', ">>> exit()", "<script>", "</svg>", "<!--", "]]>", "&lt;", "---", "model", "model x",
    "model class", "model 1e400",
]  # fmt: skip


def hostile_text(seed: int) -> str:
    """The text of a seed."""
    dice = random.Random(f"hostile {seed}")
    text = dice.choice(_KINDS)(dice)
    while dice.random() < 0.15:
        text = _damaged(dice, text)
    return text


def _call(dice: random.Random) -> str:
    """A call of a layer with arguments of any kind."""
    arguments = [_argument(dice) for _ in range(dice.choice((0, 1, 1, 2, 3)))]
    return f"{dice.choice(LAYERS)}({', '.join(arguments)})"


def _argument(dice: random.Random) -> str:
    value = dice.choice(
        (dice.choice(NUMBERS), dice.choice(NAMES), _deep(dice), str(dice.randint(-2, 9)))
    )
    return f"{dice.choice(ARGUMENTS)}={value}" if dice.random() < 0.4 else value


def _deep(dice: random.Random) -> str:
    """Brackets within brackets, or operators one after the other."""
    depth = dice.choice((1, 3, 30, 1_000))
    opening, closing = dice.choice(
        ("()", "[]", "{}", ("-", ""), ("2 * ", "n"), ("f(", ")"), ("n(", ""))
    )
    return opening * depth + dice.choice(("n", "3", "")) + closing * depth


def _numbers(dice: random.Random) -> str:
    """A right picture, whose numbers are not."""
    steps = dice.randint(1, 4)
    middle = dice.choice(("| " * steps, "|\\" * steps, "|   " * steps))
    rows = [
        dice.choice(("O ", "H-", "Y ", "H>", "O ... ", "O ..n.. ")) * steps + "O" for _ in range(2)
    ]
    lines = [
        f"{rows[0]}   {_call(dice)}",
        f"{middle}|",
        f"{rows[1]}   input({dice.choice(NUMBERS)})",
    ]
    for _ in range(dice.randint(0, 3)):
        value = dice.choice((dice.choice(NUMBERS), _call(dice), _deep(dice)))
        lines.append(f"{dice.choice(NAMES + list('OYHX'))} = {value}")
    return "\n".join(lines) + "\n"


def _framed(dice: random.Random) -> str:
    """The smallest picture around one hostile number, so that most of it is read."""
    frame = dice.choice(
        (
            "Y Y   dense({})\n| |\nX X   input(3)\n",
            "Y Y   conv(2, {})\n| |\nX X   input(3)\n",
            "Y Y   dense(n)\n| |\nX X   input(3)\nn = {}\n",
            "Y Y   dropout({})\n| |\nX X   input(3)\n",
            "Y Y   layernorm(epsilon={})\n| |\nX X   input(3)\n",
            "H-H   lstm({})\n| |\nX X   tokens({}, 4)\n",
            "Y Y   attention(heads={})\n| |\nX X   input({})\n",
            "H-..{}..-H   gru(4)\n|        |\nX   ...  X   input({})\n",
            "Y   {}\n|\nX   input(3)\n",
        )
    )
    return (
        frame.replace("{}", dice.choice(NUMBERS))
        if dice.random() < 0.8
        else frame.replace("{}", _call(dice))
    )


def _damaged_example(dice: random.Random) -> str:
    return _damaged(dice, dice.choice(EXAMPLES))


def _random_picture(dice: random.Random) -> str:
    text = random_picture(dice.randrange(10**9))
    return text if dice.random() < 0.2 else _damaged(dice, text)


def _comment_or_number(dice: random.Random) -> str:
    """An example that is whole but for one number, or for what a comment says."""
    text = dice.choice(EXAMPLES)
    if dice.random() < 0.6:
        return _change_number(dice, text, 0)
    return f"{text}# {dice.choice(PYTHON)}{dice.choice(CONTROLS)}{dice.choice(NUMBERS)}\n"


def _damaged(dice: random.Random, text: str) -> str:
    """A text with some characters, numbers or lines deleted, doubled, exchanged or foreign."""
    for _ in range(dice.choice((1, 1, 1, 2, 4))):
        at = dice.randint(0, len(text))
        text = dice.choice(_DAMAGES)(dice, text, at)
    return text


def _insert(dice: random.Random, text: str, at: int) -> str:
    return text[:at] + dice.choice(LETTERS + CONTROLS) + text[at:]


def _replace(dice: random.Random, text: str, at: int) -> str:
    return text[:at] + dice.choice(LETTERS) + text[at + 1 :]


def _delete(dice: random.Random, text: str, at: int) -> str:
    return text[:at] + text[at + dice.choice((1, 1, 3)) :]


def _insert_words(dice: random.Random, text: str, at: int) -> str:
    words = dice.choice((dice.choice(PYTHON), dice.choice(NUMBERS), _call(dice), _deep(dice)))
    return text[:at] + words + text[at:]


def _change_number(dice: random.Random, text: str, at: int) -> str:
    places = [index for index, sign in enumerate(text) if sign.isdigit()]
    if not places:
        return text
    place = dice.choice(places)
    return text[:place] + dice.choice(NUMBERS) + text[place + 1 :]


def _exchange_lines(dice: random.Random, text: str, at: int) -> str:
    lines = text.split("\n")
    one, other = dice.randrange(len(lines)), dice.randrange(len(lines))
    lines[one] = dice.choice(
        (lines[other], "", lines[one] * 2, lines[one][::-1], lines[one].strip())
    )
    return "\n".join(lines)


def _signs(dice: random.Random) -> str:
    """Signs of the language, and a few that are not, in any order."""
    alphabet = dice.choice((LETTERS, LETTERS + CONTROLS, "O|-+\n ", "OH|-=.\n ()1"))
    return "".join(dice.choice(alphabet) for _ in range(dice.choice((3, 30, 200))))


def _words(dice: random.Random) -> str:
    """Lines of text in other languages, around a picture or instead of it."""
    lines = [
        dice.choice((dice.choice(PYTHON), _call(dice), "O O", "| |", ""))
        for _ in range(dice.randint(1, 8))
    ]
    return "\n".join(lines)


_DAMAGES: list[Callable[[random.Random, str, int], str]] = [
    _insert, _replace, _delete, _insert_words, _change_number, _exchange_lines,
]  # fmt: skip
_KINDS: list[Callable[[random.Random], str]] = [
    _numbers, _framed, _damaged_example, _comment_or_number, _random_picture, _signs, _words,
]  # fmt: skip
