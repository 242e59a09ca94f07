"""texts → how long an editor waits: from a change to its findings, through the language server.

python -m benchmarks.editors
"""

from __future__ import annotations

import asyncio
import re
import statistics
import time

from benchmarks.timing import table
from seqdsl.api import analyze
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.snapshot import snapshot
from tests.lsp.clients import ROOT, Client, with_client

CHANGES = 40
PAUSE = 0.02
"""Seconds between a finding and the next key."""


def texts() -> dict[str, str]:
    """An ordinary file, and one of fourteen models."""
    found = []
    for path in sorted((ROOT / "examples").glob("*.seq")):
        text = path.read_text("utf-8")
        analysis = analyze(text, path.name)
        # Files that can stand beside others: one model, no cell, no finding.
        if len(analysis.models) == 1 and not analysis.diagnostics and not analysis.document.cells:
            found.append(re.sub(r"(?m)^model .*$", "", text))
    chosen = found[:: len(found) // 14][:14]
    many = "\n".join(f"model m{number}\n\n{text}" for number, text in enumerate(chosen))
    return {"one model": chosen[0], "14 models": many}


def compiled(text: str) -> float:
    """Seconds of processor time from a text to its findings, without a server."""
    seconds = []
    for number in range(CHANGES):
        started = time.process_time()
        diagnostics(snapshot(f"{text}# {number}\n"))
        seconds.append(time.process_time() - started)
    return statistics.median(seconds)


def changed(given: dict[str, str]) -> dict[str, list[float]]:
    """Seconds from each of some changes to its findings, for each text."""

    async def scenario(client: Client) -> dict[str, list[float]]:
        found: dict[str, list[float]] = {}
        for at, (name, text) in enumerate(given.items()):
            uri = f"file:///a/{at}.seq"
            client.open(uri, text)
            await client.diagnostics()
            found[name] = []
            for version in range(2, CHANGES + 2):
                started = time.perf_counter()
                client.change(uri, version, f"{text}# {version}\n")
                while (await client.diagnostics()).version != version:
                    pass
                found[name].append(time.perf_counter() - started)
                await asyncio.sleep(PAUSE)
        return found

    return with_client(scenario)


def main() -> None:
    """Print a table: medians, and what 19 of 20 changes took at most."""
    given = texts()
    waited = changed(given)
    rows = [
        [
            name,
            f"{1_000 * compiled(text):.1f} ms",
            f"{1_000 * statistics.median(waited[name]):.0f} ms",
            f"{1_000 * sorted(waited[name])[CHANGES * 19 // 20 - 1]:.0f} ms",
        ]
        for name, text in given.items()
    ]
    print(table(["file", "processor time", "change to findings", "19 of 20"], rows))


if __name__ == "__main__":
    main()
