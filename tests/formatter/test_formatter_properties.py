"""Any picture: its canonical form means the same, is its own canonical form, and keeps all comments."""

from __future__ import annotations

import random
import re
from functools import lru_cache
from pathlib import Path

import pytest

from seqdsl.api import analyze
from seqdsl.formatter import format as formatter
from seqdsl.formatter.format import format_text
from seqdsl.formatter.meaning import meaning
from seqdsl.targets import TARGETS
from tests.formatter import damage

EXAMPLES = Path(__file__).parents[2] / "examples"
PICTURES = {
    path.name: path.read_text("utf-8").replace("# fmt: off", "# As it was pasted")
    for path in sorted(EXAMPLES.glob("**/*.seq"))
}
RANDOM = 100
try:
    from tests.random_pictures import random_picture
except ModuleNotFoundError:
    # The examples alone, then: with everything that can be done to them they are many pictures.
    pass
else:
    PICTURES |= {f"random-{seed}.seq": str(random_picture(seed)) for seed in range(RANDOM)}


def formatted(text: str, name: str) -> str:
    found = format_text(text, name).text
    assert found is not None, text
    return found


@lru_cache(maxsize=4)
def formatted_again(text: str, name: str) -> tuple[str, object]:
    """The canonical form of a canonical form, and what it means: a picture has the same one whatever damaged it."""
    return formatted(text, name), meaning(analyze(text, name))


def hold(text: str, name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is true of every text without errors; returns its canonical form."""
    with monkeypatch.context() as patch:
        # It is the canonical form that is proved here, not what stands in for it.
        patch.setattr(formatter, "_tidied", lambda *_: pytest.fail("its columns were kept"))
        found = formatted(text, name)
    again, meant = formatted_again(found, name)
    assert meant == meaning(analyze(text, name))
    assert again == found
    assert comments(found) == comments(text)
    assert found.endswith("\n") and not found.endswith("\n\n")
    assert not re.search(r"[ \t\r]$", found, re.MULTILINE)
    assert re.sub(r"#.*", "", found).isascii()
    return found


def comments(text: str) -> list[str]:
    return [part.rstrip() for part in re.findall(r"#.*", text)]


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    hold(PICTURES[name], name, monkeypatch)


@pytest.mark.parametrize("name", PICTURES)
def test_damage_leaves_no_trace(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    wanted = formatted(PICTURES[name], name)
    for seed, change in enumerate(damage.SAME):
        text = change(PICTURES[name], random.Random(seed))
        assert hold(text, name, monkeypatch) == wanted, change.__name__


@pytest.mark.parametrize("name", PICTURES)
def test_any_damage_at_once(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for seed in range(2):
        text = PICTURES[name]
        for change in damage.ALL:
            text = change(text, random.Random(seed))
        hold(text, name, monkeypatch)


@pytest.mark.parametrize("name", PICTURES)
def test_every_damage_damages(name: str) -> None:
    # Else the tests above would hold for nothing.
    text = PICTURES[name]
    assert any(change(text, random.Random(1)) != text for change in damage.SAME)
    for change in damage.ALL:
        changed = change(text, random.Random(1))
        assert not any(item.is_error for item in analyze(changed, name).diagnostics), changed


@pytest.mark.parametrize("name", ["translation.seq", "wavenet-stack.seq", "tagger-masked.seq"])
@pytest.mark.parametrize("target", TARGETS)
def test_the_source_differs_in_its_picture_only(name: str, target: str) -> None:
    def code(text: str) -> list[str]:
        (model,) = analyze(text, name).models
        return re.sub(r'""".*?"""', "", model.source(target), flags=re.DOTALL).split("\n")

    text = damage.columns_between(PICTURES[name], random.Random(3))
    assert code(formatted(text, name)) == code(text)


def test_comment_lines_stay_between_their_rows() -> None:
    text = "# a\nO O  # b\n  # c\n| |\n# d\n| |\n# e\nO O\n# f\n\n\n# g\nunits = 3 # h\n"
    assert formatted(text, "x.seq") == (
        "# a\nO O  # b\n# c\n| |\n# d\n# e\nO O\n# f\n\n# g\nunits = 3  # h\n"
    )


def test_what_would_mean_something_else_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "  Y Y   dense(2)\n  | |\n  X X   input(3)\n"

    def wrong(rows: object) -> list[str]:
        return ["Y Y Y", "| | |", "X X X"]

    monkeypatch.setattr(formatter, "redraw", wrong)
    assert format_text(text).text == "Y Y   dense(2)\n| |\nX X   input(3)\n"
    monkeypatch.setattr(formatter, "plain", wrong)
    with pytest.raises(AssertionError):
        format_text(text)


def test_a_form_that_does_not_settle_is_not_written(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "  Y Y   dense(2)\n  | |\n  X X   input(3)\n"

    def restless(rows: list[formatter.Row]) -> list[str]:
        return [" ".join(f"{row.cells.strip()} ").replace("   ", "  ") for row in rows]

    monkeypatch.setattr(formatter, "redraw", restless)
    assert format_text(text).text == "Y Y   dense(2)\n| |\nX X   input(3)\n"


def test_a_very_wide_picture() -> None:
    wide = "\n".join(["O " * 20_000, "| " * 20_000, "O " * 20_000])
    assert (
        formatted(wide, "wide.seq") == "\n".join(line.rstrip() for line in wide.split("\n")) + "\n"
    )
