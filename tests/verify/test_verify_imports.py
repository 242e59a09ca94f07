"""What threads of `verify` may import is there before they start; see `tests.shared_servers`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]

CODE = """
import sys
import seqdsl
from tests.shared_servers import WRITING, import_writers

import_writers()
assert not sys.modules.keys() & {"keras", "torch", "jax", "tensorflow", "h5py"}
before = set(sys.modules)
for name in ("translation-of-blocks", "char-rnn", "wavenet-generated", "masked-translation", "hierarchical-attention"):
    for model in seqdsl.compile_all(open(f"examples/{name}.seq").read(), name):
        for target in ("keras", "torch", "numpy"):
            model.source(target)
new = set(sys.modules) - before
print([name for name in new if name.startswith(WRITING)])
"""


def test_nothing_that_writes_source_is_imported_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.stdout.strip(), done.returncode) == ("[]", 0), done.stderr
