"""The lines of a drawing join what the step graph says is joined."""

from __future__ import annotations

from pathlib import Path

import networkx as nx
import pytest

from seqdsl.api import Model, compile_all
from seqdsl.draw.axis import columns_of, rows_of
from seqdsl.draw.chains import Cell, find_chains
from seqdsl.draw.lines import row_runs
from seqdsl.draw.sheet import Sheet
from tests.compiled import compiled

EXAMPLES = Path(__file__).parents[2] / "examples"
MODELS = {model.name: model for path in sorted(EXAMPLES.glob("*.seq")) for model in compiled(path)}


def drawn_sheet(model: Model) -> Sheet:
    grid = model.drawing.grid
    return Sheet(model.drawing, columns_of(grid), rows_of(grid))


def drawn_joins(model: Model) -> set[tuple[int, int]]:
    """Which units the lines lead from and to."""
    sheet, trace = drawn_sheet(model), model.drawing.trace
    units = {
        Cell(column, row): unit
        for unit, (column, row) in enumerate(zip(trace.units, trace.rows, strict=True))
    }
    graph = nx.DiGraph()
    for chain in find_chains(model.drawing.grid, sheet.drawn_columns, sheet.drawn_rows):
        graph.add_edge(chain.cells[0], chain.cells[-1])
    for row in sheet.drawn_rows:
        columns = model.drawing.grid[row].columns
        for run in row_runs(sheet, row):
            if run.line == "data":
                left, right = Cell(columns[run.left], row), Cell(columns[run.right], row)
                graph.add_edges_from([(left, right), (right, left)])
    return joins(graph, units)


def joins(graph: nx.DiGraph, units: dict[Cell, int] | dict[int, int]) -> set[tuple[int, int]]:
    """The pairs of units that are joined with no other unit between."""
    found = set()
    for start, unit in units.items():
        waiting, seen = list(graph.successors(start)) if start in graph else [], set()
        while waiting:
            cell = waiting.pop()
            if cell in units:
                found.add((unit, units[cell]))
            elif cell not in seen:
                seen.add(cell)
                waiting += graph.successors(cell)
    return found


@pytest.mark.parametrize("name", sorted(MODELS))
def test_lines_join_what_the_graph_joins(name: str) -> None:
    model = MODELS[name]
    named = {node for node, by_name in model.graph.nodes(data="named") if by_name}
    wires = nx.DiGraph(
        (source, target)
        for source, target, kind in model.graph.edges(data="kind")
        # A row that is named and not wired has no line.
        if kind == "wire" and not {source, target} & named
    )
    units = {unit: unit for unit in range(len(model.drawing.trace.units))}
    assert drawn_joins(model) == joins(wires, units)


def test_corners() -> None:
    (model,) = compile_all("Y\n|\\\nH |\n| |\n|/\nX\n\nX = input(2)\nY = add\nH = dense(2)")
    chains = find_chains(model.drawing.grid, range(9), range(6))
    skip = max(chains, key=lambda chain: len(chain.cells))
    assert skip.cells == (Cell(0, 0), Cell(2, 2), Cell(2, 3), Cell(0, 5))
    assert skip.to_unit


def test_wires_that_leave_the_drawing_are_left_out() -> None:
    (model,) = compile_all("O O\n| |\nO O")
    (chain,) = find_chains(model.drawing.grid, {2}, range(3))
    assert chain.cells == (Cell(2, 0), Cell(2, 2))
    assert find_chains(model.drawing.grid, {0, 2}, range(1, 3)) == []
