"""Comments that ignore warnings: on a line, for a model, and nothing else."""

from __future__ import annotations

import pytest

from seqdsl.api import analyze

STACK = "Y   dense(1, softmax)\n|\nD   dense(16)\n|\nX   input(8)\n"


def codes(text: str) -> list[str]:
    return [item.code for item in analyze(text).diagnostics]


def on_line(number: int, comment: str) -> str:
    lines = STACK.splitlines()
    lines[number - 1] += f"  {comment}"
    return "\n".join(lines)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (STACK, ["SEQ405", "SEQ408"]),
        ("# seqdsl: ignore SEQ405\n" + STACK, ["SEQ408"]),
        ("# seqdsl: ignore SEQ405, SEQ408\n" + STACK, []),
        ("# seqdsl: ignore SEQ405 SEQ408 both are meant\n" + STACK, []),
        ("# seqdsl: ignore SEQ4\n" + STACK, []),
        ("# seqdsl: ignore\n" + STACK, []),
        ("# seqdsl:ignore SEQ405\n" + STACK, ["SEQ408"]),
        (STACK + "# seqdsl: ignore SEQ405\n", ["SEQ408"]),
        (on_line(1, "# seqdsl: ignore SEQ405"), ["SEQ408"]),
        (on_line(3, "# a layer # seqdsl: ignore SEQ408"), ["SEQ405"]),
        (on_line(3, "# seqdsl: ignore SEQ405"), ["SEQ405", "SEQ408"]),
        ("# we ignore SEQ405\n" + STACK, ["SEQ405", "SEQ408"]),
    ],
)
def test_what_is_ignored(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


@pytest.mark.parametrize(
    ("comment", "column"),
    [
        ("# seqdsl: ignore SEQ999", 18),
        ("# seqdsl: ignore SEQ405 SEQ201", 25),
        ("# seqdsl: ignroe SEQ405", 11),
    ],
)
def test_a_comment_that_cannot_be_followed(comment: str, column: int) -> None:
    found = analyze(f"{comment}\n{STACK}").diagnostics[0]
    assert (found.code, found.span.line, found.span.column) == ("SEQ115", 1, column)


def test_errors_stay() -> None:
    assert "SEQ202" in codes("# seqdsl: ignore\n" + STACK.replace("|\nD", " |\nD"))


def test_a_comment_belongs_to_the_picture_that_follows() -> None:
    one, two = f"model one\n\n{STACK}", f"model two\n\n{STACK}"
    assert codes(f"{one}\n# seqdsl: ignore SEQ405\n{two}") == ["SEQ405", "SEQ408", "SEQ408"]
    assert codes(f"# seqdsl: ignore SEQ405\n{one}\n{two}") == ["SEQ408", "SEQ405", "SEQ408"]
