"""commands as JSON → what each of them prints, and how it ends, as JSON.

    python -m tests.verify.commands '[["verify", "picture.seq"], ["transfer", "picture.seq", ...]]'

They run one after the other, and go on with the same processes: on another backend than that of the other tests most
of a command's time is the import of its framework.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TypedDict

from click.testing import CliRunner

from seqdsl.cli.main import cli
from tests.shared_servers import shared

WATCHED = "SEQDSL_WATCHED"
"""The variable that names a file."""


class Done(TypedDict):
    """How a command ended.

    Attributes:
        code: its exit code.
        stdout: what it printed.
        stderr: what it said.
        watched: whether the file of `WATCHED` was there then.
    """

    code: int
    stdout: str
    stderr: str
    watched: bool


def run(command: list[str]) -> Done:
    """Run a command in this process."""
    found = CliRunner().invoke(cli, command)
    watched = Path(os.environ[WATCHED]).exists()
    return Done(code=found.exit_code, stdout=found.stdout, stderr=found.stderr, watched=watched)


if __name__ == "__main__":
    with shared():
        done = [run(command) for command in json.loads(sys.argv[1])]
    print(json.dumps(done))
