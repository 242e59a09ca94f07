"""texts → how long an editor waits: from a start or a change to the findings, through the language server.

python -m benchmarks.editors
SEQDSL_LSP="node editors/vscode/dist/server.js --stdio" python -m benchmarks.editors    the one of the extension
"""

from __future__ import annotations

import asyncio
import re
import resource
import statistics
import time

from benchmarks.timing import table
from seqdsl.api import analyze
from seqdsl.editing.findings import diagnostics
from seqdsl.editing.snapshot import snapshot
from tests.lsp.clients import ROOT, Client, with_client

CHANGES = 40
STARTS = 5
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


def started(text: str) -> tuple[float, float]:
    """Seconds from the start of a server to the first findings, and processor time of its whole life."""

    async def scenario(client: Client) -> float:
        client.open("file:///a/first.seq", text)
        await client.diagnostics()
        return time.perf_counter()

    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    ended = with_client(scenario)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return ended - began, used


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
    starts = [started(given["one model"]) for _ in range(STARTS)]
    waits, used = (statistics.median(times) for times in zip(*starts, strict=True))
    print(f"start to first findings {waits:.1f} s, processor time {used:.1f} s\n")
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
    print(table(["file", "to compile it here", "change to findings", "19 of 20"], rows))


if __name__ == "__main__":
    main()
