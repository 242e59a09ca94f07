"""No text makes an editor's question fail: prefixes of examples, damaged ones, and what nobody would write."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from seqdsl.editing.data import Range
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.snapshot import Snapshot, snapshot
from tests.editing.editors import ask_all
from tests.hostile_texts import hostile_text

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.seq"))
SIGNS = "OHXy |/\\+-<>=^.…*\t#(){},=_\"'`│é1a\n"


def as_file(text: str, name: str) -> str:
    """A picture, open to its end, in a file of that name."""
    if name.endswith(".md"):
        return f"# A page\n\n- a list\n\n  ```seq\n{indented(text, '  ')}"
    if name.endswith(".py"):
        return f'def f(x:\n    """A docstring.\n\n    .. seq::\n\n{indented(text, "        ")}'
    return text


def indented(text: str, by: str) -> str:
    return "\n".join(by + line for line in text.split("\n"))


def ask(text: str, name: str, chance: random.Random) -> Snapshot:
    found = snapshot(text, name)
    lines = found.lines
    last = (len(lines), len(lines[-1]) + 1)
    places = [last, (1, 1), (len(lines) + 5, 900)]
    for _ in range(4):
        line = chance.randrange(len(lines))
        places.append((line + 1, chance.randint(1, len(lines[line]) + 2)))
    json.dumps(ask_all(found, places))
    return found


@pytest.mark.parametrize("name", ["a.seq", "a.md", "a.py"])
def test_prefixes_of_examples(name: str) -> None:
    chance = random.Random(name)
    for path in chance.sample(EXAMPLES, 25):
        text = path.read_text("utf-8")
        for _ in range(8):
            ask(as_file(text[: chance.randint(0, len(text))], name), name, chance)


def damaged(text: str, chance: random.Random) -> str:
    for _ in range(chance.randint(1, 4)):
        place = chance.randint(0, len(text))
        length = chance.choice([0, 0, 1, 1, 2, 20])
        text = text[:place] + chance.choice([*SIGNS, ""]) + text[place + length :]
    return text


@pytest.mark.parametrize("name", ["a.seq", "a.md", "a.py"])
def test_damaged_examples(name: str) -> None:
    chance = random.Random(name)
    for path in chance.sample(EXAMPLES, 25):
        for _ in range(6):
            ask(damaged(as_file(path.read_text("utf-8"), name), chance), name, chance)


def test_hostile_texts() -> None:
    chance = random.Random(0)
    for seed in range(150):
        ask(hostile_text(seed), chance.choice(["a.seq", "a.md", "a.py"]), chance)


@pytest.mark.parametrize("name", ["a.seq", "a.md", "a.py"])
def test_ranges_are_within_the_text(name: str) -> None:
    chance = random.Random(1)
    for path in chance.sample(EXAMPLES, 20):
        text = as_file(damaged(path.read_text("utf-8"), chance), name)
        found = snapshot(text, name)
        for item in diagnostics(found):
            for place in (item.range, *(other.range for other in item.related)):
                assert within(place, found), (text, item)


def within(place: Range, found: Snapshot) -> bool:
    return 1 <= place.line <= place.end_line <= len(found.lines) and place.column >= 1


def test_bytes_that_are_no_text_of_an_editor() -> None:
    """Lone surrogates are in what some editors send."""
    chance = random.Random(2)
    for name in ("a.seq", "a.md", "a.py"):
        ask(as_file("O\n|\nO  # \ud800", name), name, chance)
