"""``seqdsl verify``: a real run in both frameworks, and what a failure looks like."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

GOOD = "Y Y   dense(2)\n| |\nX X   input(8)\n"


def verify(*arguments: str, text: str = GOOD, **env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "seqdsl", "verify", "-", *arguments]
    return subprocess.run(
        command, input=text, capture_output=True, text=True, check=False, env={**os.environ, **env}
    )


def test_both_frameworks() -> None:
    done = verify()
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines()[-1].startswith("1 model, 2 frameworks, ")
    assert done.stdout.endswith("checks: all passed\n")


def test_json() -> None:
    done = verify("--to", "torch", "--format", "json")
    results = json.loads(done.stdout)["results"]
    assert {item["target"] for item in results} == {"torch"}
    assert {"shapes", "parameters"} <= {item["check"] for item in results}
    assert all(item["passed"] for item in results)


def test_a_framework_that_is_missing_is_a_failure(tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise ImportError('no torch here')\n")
    done = verify("--to", "torch", PYTHONPATH=str(tmp_path))
    assert done.returncode == 2
    assert "no torch here" in done.stdout
