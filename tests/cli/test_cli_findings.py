"""Which findings count: `--select`, `--ignore`, `--strict`; the shapes of data; colours."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from seqdsl.api import compile_all
from seqdsl.cli.main import cli
from seqdsl.text.diagnostics import SeqError

STACK = "Y   dense(1, softmax)\n|\nD   dense(16)\n|\nX   input(8)\n"
BAD = STACK.replace("|\nD", " |\nD")
ALIGNED = "Y Y Y   dense(1)\n| | |\nH-H-H   lstm(16)\n| | |\nX X X   input(4)\n"


def check(*arguments: str, text: str = STACK) -> Result:
    return CliRunner().invoke(cli, ["check", "-", *arguments], input=text)


def codes(result: Result) -> list[str]:
    return [item["code"] for item in json.loads(result.output)["diagnostics"]]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        ([], ["SEQ405", "SEQ408"]),
        (["--ignore", "SEQ405"], ["SEQ408"]),
        (["--ignore", "SEQ405,SEQ408"], []),
        (["--ignore", "SEQ4"], []),
        (["--select", "SEQ405"], ["SEQ405"]),
        (["--select", "SEQ4", "--ignore", "SEQ408"], ["SEQ405"]),
        (["--select", "SEQ112", "--select", "SEQ113"], []),
    ],
)
def test_warnings_are_chosen(arguments: list[str], expected: list[str]) -> None:
    result = check("--format", "json", *arguments)
    assert codes(result) == expected
    assert result.exit_code == 0


def test_errors_are_always_shown() -> None:
    plain, chosen = check(text=BAD), check("--select", "SEQ112", text=BAD)
    assert chosen.output == plain.output
    assert chosen.exit_code == 1


def test_strict_makes_errors_of_warnings() -> None:
    result = check("--strict")
    assert result.exit_code == 1
    assert "error[SEQ405]" in result.output
    assert "1 model, 2 errors" in result.output
    assert check("--strict", "--ignore", "SEQ4").exit_code == 0


@pytest.mark.parametrize("option", ["--select", "--ignore"])
@pytest.mark.parametrize("code", ["SEQ999", "SEQ201", "E501"])
def test_a_code_that_cannot_be_chosen(option: str, code: str) -> None:
    result = check(option, code)
    assert result.exit_code == 2
    assert code in result.output


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--data", "1000,3,4", "--target", "1000,3,1"], 0),
        (["--data", "x=(1000, 3, 4)", "--target", "y=1000,3,1"], 0),
        (["--data", "None,3,4"], 0),
        (["--data", "1000,20,4"], 1),
        (["--target", "1000,25,1"], 1),
        (["--data", "many"], 2),
        (["--data", "1000,3,x"], 2),
    ],
)
def test_data(arguments: list[str], code: int) -> None:
    assert check(*arguments, text=ALIGNED).exit_code == code


def test_data_that_does_not_fit_is_explained() -> None:
    output = check("--data", "1000,20,4", "--target", "1000,25,1", text=ALIGNED).output
    assert "has 20 steps; the picture has 3" in output
    assert "has 25 steps; the model returns 3" in output
    assert "padded" in output
    assert "encoder-decoder" in output


@pytest.mark.parametrize(("when", "colours"), [("auto", False), ("never", False), ("always", True)])
@pytest.mark.parametrize("command", [["check"], ["explain"]])
def test_colours(command: list[str], when: str, colours: bool, tmp_path: Path) -> None:
    file = tmp_path / "stack.seq"
    file.write_text(STACK, "utf-8")
    result = CliRunner().invoke(cli, [*command, str(file), "--color", when])
    assert ("\x1b[" in result.output) == colours


def test_no_color_is_respected(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b[" not in check().output


def test_why_is_told_once_for_each_code() -> None:
    output = check("--why", text=STACK.replace("X   input", "E   dense(9)\n|\nX   input")).output
    assert output.count("SEQ408]") == 2
    assert output.count("= why: ") == len(("SEQ405", "SEQ408"))
    assert "= why: " not in check().output


def many(warnings: int, errors: int) -> str:
    """A text with so many warnings, of parameters that are not used, and behind them so many models with an error."""
    unused = (f"p{number} = {number}" for number in range(warnings))
    wrong = (f"model e{number}\n\nO   unknown(1)\n|\nO" for number in range(errors))
    return "\n".join(["model m", ALIGNED, *unused, *wrong])


@pytest.mark.parametrize(
    ("warnings", "errors", "printed"),
    [
        # Errors stand behind a thousand warnings, and are printed all the same.
        (1_010, 3, {"warning": 997, "error": 3}),
        (1_000, 0, {"warning": 1_000}),
        (997, 4, {"warning": 996, "error": 4}),
    ],
)
def test_a_thousand_findings_are_printed(
    warnings: int, errors: int, printed: dict[str, int]
) -> None:
    text = many(warnings, errors)
    result = check(text=text)
    heads = [line for line in result.output.splitlines() if line.startswith("<stdin>:")]
    assert (
        Counter(head.partition("[")[0].split()[-1] for head in heads if "[SEQ" in head) == printed
    )
    rest = warnings + errors - 1_000
    line = f"\n\nand {rest:,} more: `seqdsl check --format json` lists all\n\n"
    assert (line in result.output) == (rest > 0)
    assert result.output.count(" more: ") == (rest > 0)
    # Counts, exit codes and the formats for programs are those of all findings.
    assert f"{warnings:,}".replace(",", "") + " warnings" in result.output.splitlines()[-1]
    assert result.exit_code == bool(errors)
    assert len(codes(check("--format", "json", text=text))) == warnings + errors


def test_an_exception_tells_a_thousand_findings() -> None:
    with pytest.raises(SeqError) as error:
        compile_all(many(0, 1_005))
    assert len(error.value.diagnostics) == 1_005
    assert str(error.value).endswith("\n\nand 5 more: `diagnostics` of this error has all")
    assert str(error.value).count("error[SEQ") == 1_000
