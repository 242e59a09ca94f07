// drawing by mouse on the character grid: a click sets or removes a node, a drag draws a wire. The text stays the truth:
// each stroke is one change of it, which one undoes like any other.

import { StateEffect, StateField } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

// A cell of the grid, from 0; there are cells behind the ends of lines, and below the last one.
export interface Cell {
  row: number;
  column: number;
}

interface Stroke {
  cell: Cell;
  char: string;
}

const NODE = /[A-Z]/;
const VERTICAL = /[|^+]/;

const setDrawing = StateEffect.define<boolean>();

const drawing = StateField.define<boolean>({
  create: () => false,
  update: (value, transaction) =>
    transaction.effects.reduce((now, effect) => (effect.is(setDrawing) ? effect.value : now), value),
  provide: (field) =>
    EditorView.contentAttributes.from(field, (isOn) => (isOn ? { class: "drawing-mode" } : { class: "" })),
});

export function toggleDrawing(view: EditorView, isOn: boolean): void {
  view.dispatch({ effects: setDrawing.of(isOn) });
}

export const charAt = (lines: string[], { row, column }: Cell): string => lines[row]?.[column] ?? " ";

// What a click does: a node where nothing is, nothing where that node is, another letter where another is.
export function clicked(lines: string[], cell: Cell, letter: string): Stroke[] {
  const there = charAt(lines, cell);
  if (there === letter) return [{ cell, char: " " }];
  return there === " " || NODE.test(there) ? [{ cell, char: letter }] : [{ cell, char: " " }];
}

// The wire of a drag, in the direction that is nearest to it: upright, level or slanted.
//
//     Y          from X to Y, two rows up: `|`; from H to the H beside it: `-`;
//     |          one column to the right for each row up: `/`
//     X
export function dragged(lines: string[], from: Cell, to: Cell): Stroke[] {
  const rows = to.row - from.row;
  const columns = to.column - from.column;
  const [down, right] = [Math.abs(rows), Math.abs(columns)];
  if (down === 0 || right > 2 * down) return level(lines, from, to.column);
  const isSlanted = right * 2 >= down;
  const step = isSlanted ? Math.sign(columns) : 0;
  const char = step === 0 ? "|" : step === Math.sign(rows) ? "\\" : "/";
  const strokes: Stroke[] = [];
  for (let count = 0; count <= down; count += 1) {
    const cell = { row: from.row + count * Math.sign(rows), column: from.column + count * step };
    strokes.push(...crossing(lines, cell, char));
  }
  return strokes;
}

function level(lines: string[], from: Cell, last: number): Stroke[] {
  const [start, end] = [Math.min(from.column, last), Math.max(from.column, last)];
  const strokes: Stroke[] = [];
  for (let column = start; column <= end; column += 1) {
    strokes.push(...crossing(lines, { row: from.row, column }, "-"));
  }
  return strokes;
}

// Nodes stay; what is upright stays where a level wire passes it, and the other way round it passes, too.
function crossing(lines: string[], cell: Cell, char: string): Stroke[] {
  const there = charAt(lines, cell);
  if (there === " ") return [{ cell, char }];
  return there === "-" && VERTICAL.test(char) && !isNodeRow(lines, cell.row) ? [{ cell, char: "+" }] : [];
}

const isNodeRow = (lines: string[], row: number): boolean => NODE.test(lines[row] ?? "");

// A row with its cells written; a layer behind it keeps its column where it can.
export function drawn(line: string, strokes: Stroke[]): string {
  const cells = [...line];
  for (const { cell, char } of strokes) {
    while (cells.length <= cell.column) cells.push(" ");
    cells[cell.column] = char;
  }
  return cells.join("").trimEnd();
}

export function apply(view: EditorView, strokes: Stroke[]): void {
  const { doc } = view.state;
  const rows = new Map<number, Stroke[]>();
  for (const stroke of strokes) rows.set(stroke.cell.row, [...(rows.get(stroke.cell.row) ?? []), stroke]);
  if (rows.size === 0) return;
  const changes = [];
  let below = "";
  for (let row = 0; row <= Math.max(...rows.keys()); row += 1) {
    const own = rows.get(row) ?? [];
    if (row >= doc.lines) {
      below += `\n${drawn("", own)}`;
      continue;
    }
    const line = doc.line(row + 1);
    const text = drawn(line.text, own);
    if (own.length > 0 && text !== line.text) changes.push({ from: line.from, to: line.to, insert: text });
  }
  const last = changes.at(-1);
  if (below !== "" && last?.to === doc.length) last.insert += below;
  else if (below !== "") changes.push({ from: doc.length, to: doc.length, insert: below });
  view.dispatch({ changes, userEvent: "input.draw" });
}

// The cell under a pointer. Messages are shown between lines: of a line with one, its own height counts.
export function cellAt(view: EditorView, x: number, y: number): Cell {
  const height = y - view.documentTop;
  const block = view.lineBlockAtHeight(height);
  const row = view.state.doc.lineAt(block.from).number - 1;
  const below = Math.floor((height - block.bottom) / view.defaultLineHeight) + 1;
  const left = view.coordsAtPos(block.from)?.left ?? view.contentDOM.getBoundingClientRect().left;
  const column = Math.max(0, Math.floor((x - left) / view.defaultCharacterWidth));
  return { row: height > block.bottom ? row + Math.max(1, below) : row, column };
}

export function gridDrawing(letter: () => string): Extension {
  const lines = (view: EditorView): string[] => view.state.doc.toString().split("\n");
  const finish = (view: EditorView, from: Cell, event: MouseEvent): void => {
    const to = cellAt(view, event.clientX, event.clientY);
    const isClick = to.row === from.row && to.column === from.column;
    apply(view, isClick ? clicked(lines(view), from, letter()) : dragged(lines(view), from, to));
  };
  return [
    drawing,
    EditorView.domEventHandlers({
      mousedown: (event, view) => {
        if (!view.state.field(drawing) || event.button !== 0) return false;
        const from = cellAt(view, event.clientX, event.clientY);
        // The button may be let go beside the editor.
        window.addEventListener("mouseup", (end) => finish(view, from, end), { once: true });
        event.preventDefault();
        return true;
      },
    }),
  ];
}
