"""SARIF, JUnit and GitHub's workflow commands: what other programs read."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree as ET

import fastjsonschema
import pytest
from click.testing import CliRunner

from seqdsl.api import analyze
from seqdsl.cli.main import cli
from seqdsl.reports import FORMATS, render
from seqdsl.verify.report import Report, Result

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"
BAD = "Y Y   dense(2)\n|  |\nX X   input(8)\n"
TWICE = GOOD + "\nX = input(8)\nX = input(8)\n"
"""A picture whose finding speaks of two places."""

# The schema of the standard without its prose, as SchemaStore publishes it under the Apache License.
VALID = fastjsonschema.compile(
    json.loads((Path(__file__).parent / "sarif-2.1.0-rtm.5.json").read_text("utf-8"))
)
HOSTILE = "100%, a:b\r\n::error::x\x00\x1b \ud800 </failure>]]>\n"


def result(check: str, message: str = "", *, file: str = "a.seq") -> Result:
    return Result("net", "torch", check, not message, message, 0.25, file, 7)


def rendered(form: str, texts: dict[str, str], *results: Result) -> str:
    return render(form, [analyze(text, name) for name, text in texts.items()], Report(results))


def test_github_commands() -> None:
    text = rendered("github", {"a,b.seq": BAD}, result("shapes", "50% off\nby one: a, b"))
    finding, failure = text.splitlines()
    assert finding.startswith(
        "::error file=a%2Cb.seq,line=2,col=4,endColumn=4,title=SEQ202 a wire that is not connected at its "
        "lower end::this `|` "
    )
    assert "%0Ahint: there is nothing to connect to in column 4 of" in finding
    assert failure == (
        "::error file=a.seq,line=7,title=net%2C torch%3A shapes failed::50%25 off%0Aby one: a, b"
    )


def test_github_warnings() -> None:
    text = rendered("github", {"a.seq": f"{GOOD}\nunits = 3\n"})
    assert text.startswith("::warning file=a.seq,line=5,col=1,endColumn=5,title=SEQ113 ")


def test_one_message_is_one_command() -> None:
    assert rendered("github", {}, result("shapes", HOSTILE)).count("\n") == 1


@pytest.mark.parametrize(
    "texts", [{}, {"a.seq": GOOD}, {"a.seq": BAD, "b c.seq": TWICE, "<stdin>": "?", "/x/é.seq": ""}]
)
def test_sarif_is_valid(texts: dict[str, str]) -> None:
    results = [result("shapes", HOSTILE), result("import", "none", file="<stdin>"), result("x")]
    log = json.loads(rendered("sarif", texts, *results))
    VALID(log)
    (run,) = log["runs"]
    for item in run["results"]:
        assert run["tool"]["driver"]["rules"][item["ruleIndex"]]["id"] == item["ruleId"]
        uri = item["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
        assert urlsplit(uri).geturl() == uri and " " not in uri and "<" not in uri


def test_the_sarif_schema_can_refuse() -> None:
    log = json.loads(rendered("sarif", {"a.seq": BAD}))
    log["runs"][0]["results"][0]["level"] = "fatal"
    with pytest.raises(fastjsonschema.JsonSchemaException):
        VALID(log)


def test_sarif_places() -> None:
    log = json.loads(rendered("sarif", {"a.seq": TWICE}, result("shapes", "no")))
    finding, failure = log["runs"][0]["results"]
    region = finding["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 6, "startColumn": 1, "endColumn": 2}
    (related,) = finding["relatedLocations"]
    assert related["physicalLocation"]["region"]["startLine"] == 5
    assert related["message"]["text"] == "first defined here"
    assert failure["ruleId"] == "verify/shapes"
    assert failure["locations"][0]["physicalLocation"]["region"] == {"startLine": 7}


def test_junit() -> None:
    text = rendered(
        "junit",
        {"a.seq": GOOD, "b.seq": BAD},
        result("shapes"),
        result("parameters", f"one\ntwo {HOSTILE}"),
    )
    root = ET.fromstring(text.encode())
    assert (root.tag, root.get("tests"), root.get("failures")) == ("testsuites", "3", "2")
    good, bad = root
    assert (good.get("name"), good.get("tests"), good.get("time")) == ("a.seq", "2", "0.500")
    shapes, parameters = good
    assert shapes.attrib == {
        "classname": "net.torch",
        "name": "shapes",
        "file": "a.seq",
        "line": "7",
        "time": "0.250",
    }
    assert len(shapes) == 0
    failure = parameters.find("failure")
    assert failure is not None and failure.get("message") == "one"
    assert str(failure.text).startswith("one\ntwo 100%, a:b")
    (compiling,) = bad
    assert (compiling.get("name"), compiling.get("line")) == ("compile", "2")
    assert "error[SEQ202]" in str(compiling[0].text)


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_check_prints_one_document(form: str) -> None:
    done = CliRunner().invoke(cli, ["check", "-", "--format", form], input=BAD)
    assert done.exit_code == 1
    assert json.loads(done.output)


def test_check_for_github_ends_with_a_line_for_people() -> None:
    done = CliRunner().invoke(cli, ["check", "-", "--format", "github"], input=GOOD)
    assert (done.exit_code, done.output) == (0, "1 model, no problems\n")


def test_files_are_named_from_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.seq").write_text(BAD)
    done = CliRunner().invoke(cli, ["check", str(tmp_path / "a.seq"), "--format", "github"])
    assert done.output.startswith("::error file=a.seq,")


@pytest.mark.parametrize("form", FORMATS)
def test_every_format_takes_anything(form: str) -> None:
    assert rendered(form, {"a.seq": HOSTILE, "b": "", "c": GOOD}, result("size", HOSTILE))


def test_github_is_told_how_much_it_does_not_show() -> None:
    unused = "".join(f"p{number} = 1\n" for number in range(1_002))
    few = rendered("github", {"a.seq": f"{GOOD}\n{unused[: 10 * len('p0 = 1 ')]}"})
    assert (few.count("::warning "), few.count("::notice ")) == (10, 0)
    *commands, notice, rest = rendered("github", {"a.seq": f"{GOOD}\n{unused}"}).splitlines()
    assert len(commands) == 1_000
    assert notice.startswith("::notice title=seqdsl::warnings: 1,002; GitHub shows 10 of each")
    assert rest == "and 2 more: `seqdsl check --format json` lists all"


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_programs_are_told_all(form: str) -> None:
    unused = "".join(f"p{number} = 1\n" for number in range(1_002))
    assert rendered(form, {"a.seq": f"{GOOD}\n{unused}"}).count("the parameter `p") == 1_002
