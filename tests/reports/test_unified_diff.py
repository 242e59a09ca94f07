"""A unified diff takes one text to the other, is what difflib writes of short texts, and takes time in proportion."""

from __future__ import annotations

import difflib
import random
import time

import pytest

from seqdsl.reports import unified_diff as module
from seqdsl.reports.unified_diff import unified_diff


def applied(old: str, patch: list[str]) -> str:
    """The text that a patch makes of ``old``; every line that it says to be there has to be."""
    lines, written, at = old.split("\n"), list[str](), 0
    text = "".join(patch[2:]).split("\n")[:-1]
    for line in text:
        if line.startswith("@@"):
            place, count = (line.split()[1][1:] + ",1").split(",")[:2]
            first = int(place) - (count != "0")
            written += lines[at:first]
            at = first
        elif line.startswith("\\"):
            continue
        else:
            if line[0] != "+":
                assert lines[at] == line[1:]
                at += 1
            if line[0] != "-":
                written.append(line[1:])
    return "\n".join([*written, *lines[at:]])


def changed(dice: random.Random, lines: list[str]) -> list[str]:
    """Some lines removed, added, replaced and moved."""
    found = list(lines)
    for _ in range(dice.randint(0, 8)):
        place = dice.randint(0, len(found))
        match dice.randrange(4):
            case 0:
                del found[place : place + dice.randint(1, 3)]
            case 1:
                found.insert(place, dice.choice("abxyz"))
            case 2:
                found[place : place + 1] = [dice.choice("abxyz")]
            case _:
                found.insert(place, found.pop(dice.randrange(len(found))) if found else "m")
    return found


@pytest.mark.parametrize("at_most", [1_000_000, 0], ids=["difflib", "anchors"])
@pytest.mark.parametrize("gap", [10_000, 0], ids=["compared", "replaced"])
def test_patches_apply(at_most: int, gap: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MOST_COMPARED", at_most)
    monkeypatch.setattr(module, "_MOST_IN_A_GAP", gap)
    for seed in range(300):
        dice = random.Random(seed)
        some = [dice.choice(["a", "b", f"once {n}"]) for n in range(dice.randint(0, 30))]
        old, new = ("".join(f"{line}\n" for line in text) for text in (some, changed(dice, some)))
        patch = list(unified_diff(old, new, "old", "new"))
        assert applied(old, patch) == new, seed
        assert bool(patch) == (old != new), seed


def test_short_texts_as_difflib_does() -> None:
    for seed in range(100):
        dice = random.Random(seed)
        old = [f"{dice.choice('abc')}\n" for _ in range(40)]
        new = changed(dice, old)
        new = [line if line.endswith("\n") else f"{line}\n" for line in new]
        theirs = list(difflib.unified_diff(old, new, "old", "new"))
        assert list(unified_diff("".join(old), "".join(new), "old", "new")) == theirs


def test_a_missing_end_of_line_is_said() -> None:
    assert list(unified_diff("a\nb", "a\nb\n", "old", "new")) == [
        "--- old\n", "+++ new\n", "@@ -1,2 +1,2 @@\n", " a\n", "-b\n\\ No newline at end of file\n", "+b\n",
    ]  # fmt: skip


def test_anchors_keep_small_changes_small() -> None:
    # What stands between two lines that are there once is compared, though the texts are long.
    old = "".join(f"model m{number}\nO O O\n| | |\nO O O\n" for number in range(1_000))
    new = old.replace("m500\nO O O", "m500\nO O O O")
    assert list(unified_diff(old, new, "old", "new"))[3:] == [
        " | | |\n", " O O O\n", " model m500\n", "-O O O\n", "+O O O O\n", " | | |\n", " O O O\n", " model m501\n",
    ]  # fmt: skip


def seconds(models: int) -> float:
    """The processor time of a diff of so many small models, each of which changes."""
    old = "".join(f"model m{number}\nO O O\n| | |\nO O O\n\n" for number in range(models))
    new = old.replace("O O O", "O  O  O")
    start = time.process_time()
    assert len(list(unified_diff(old, new, "old", "new"))) > models
    return time.process_time() - start


def test_time_in_proportion() -> None:
    # `difflib` takes 20 s for 8,000 of them.
    assert seconds(20_000) < 5
