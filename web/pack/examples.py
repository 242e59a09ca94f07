"""the repository's examples → a list that the page offers: name, topology, what it is, text."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from seqdsl.api import analyze
from seqdsl.lowering.compiled import uncalled

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"


def example(path: Path) -> dict[str, str]:
    """What the page shows of an example."""
    text = path.read_text("utf-8")
    model = uncalled(analyze(text, path.name).models)[0]
    comment = next((line for line in text.splitlines() if line.startswith("#")), "")
    return {
        "name": path.stem,
        "topology": ", ".join([model.topology, *model.qualifiers]),
        "about": comment.lstrip("# "),
        "text": text,
    }


if __name__ == "__main__":
    found = [example(path) for path in sorted(EXAMPLES.glob("*.seq"))]
    Path(sys.argv[1]).write_text(json.dumps(found, ensure_ascii=False), "utf-8")
