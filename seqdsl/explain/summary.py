"""compiled model → summary: what was inferred, for people."""

from __future__ import annotations

from typing import TYPE_CHECKING

from seqdsl.analysis.parameter_counts import TARGETS, numbers
from seqdsl.ir.called import with_parts

if TYPE_CHECKING:
    from seqdsl.lowering.compiled import CompiledModel


def headline(model: CompiledModel) -> str:
    """Name, topology, N and qualifiers on one line."""
    n = ", ".join("any" if item is None else str(item) for item in model.n)
    return ", ".join([f"{model.name}: {model.topology}", f"N = {n}", *model.qualifiers])


def rows(model: CompiledModel) -> list[tuple[str, str, str]]:
    """Role, name and facts of every input, layer, output and of the pairs between them."""
    found = [
        ("input", item.name, f"{model.shape_text(item.shape)} {item.dtype}")
        for item in model.spec.arguments
    ]
    for layer, held in with_parts(model.spec):
        parts = [numbers(item, model.spec.defaults) for item in held]
        counts = {target: sum(part[target] for part in parts) for target in TARGETS}
        found.append(("layer", layer.name, f"{layer.kind}, {counted(counts)}"))
    found += [("output", item.name, model.shape_text(item.shape)) for item in model.outputs]
    if len(model.spec.pairs) > 1:
        found += [
            ("path", f"{pair.input} to {pair.output}", pair.topology.value)
            for pair in model.spec.pairs
        ]
    return [*found, ("total", "parameters", counted(model.parameters))]


def counted(counts: dict[str, int]) -> str:
    """Parameter counts, said once where the frameworks agree."""
    if len(set(counts.values())) == 1:
        return f"{next(iter(counts.values())):,} parameters"
    return ", ".join(f"{target} {count:,}" for target, count in counts.items()) + " parameters"


def plain(model: CompiledModel) -> str:
    """The summary as plain text."""
    table = rows(model)
    # The last column is not padded: no line ends in spaces.
    widths = [max(len(row[column]) for row in table) for column in (0, 1)]
    lines = [f"  {role:<{widths[0]}}  {name:<{widths[1]}}  {facts}" for role, name, facts in table]
    return "\n".join([f"{model.file}: {headline(model)}", *lines])
