// findings and shapes → what is shown in the text: underlined cells, messages below their lines, shapes behind rows.

import { StateEffect, StateField } from "@codemirror/state";
import type { EditorState, Text } from "@codemirror/state";
import { Decoration, EditorView, WidgetType } from "@codemirror/view";
import type { DecorationSet } from "@codemirror/view";

import { hint, paragraph } from "./page";
import type { Change, Finding, Fix, Inlay, Range } from "./protocol";

// Cells are underlined at once; messages, which move the lines below them, wait until nobody types.
export interface Shown {
  findings: Finding[];
  messages: Finding[];
  inlays: Inlay[];
  fixes: Fix[];
}

// More messages than this hide the picture that they are about.
const MOST = 12;

export const show = StateEffect.define<Partial<Shown>>();
export const nothing: Shown = { findings: [], messages: [], inlays: [], fixes: [] };

// Places of the compiler's text, which may be a few keys behind: what is not there any more is at the end.
export function position(doc: Text, line: number, column: number): number {
  if (line > doc.lines) return doc.length;
  const found = doc.line(Math.max(line, 1));
  return Math.min(found.from + Math.max(column - 1, 0), found.to);
}

export function span(doc: Text, range: Range): { from: number; to: number } {
  const from = position(doc, range.line, range.column);
  return { from, to: Math.max(from, position(doc, range.end_line, range.end_column)) };
}

export function changes(doc: Text, list: Change[]): { from: number; to: number; insert: string }[] {
  return list.map(({ range, text }) => ({ ...span(doc, range), insert: text }));
}

class ShapeWidget extends WidgetType {
  constructor(
    private readonly text: string,
    private readonly title: string,
  ) {
    super();
  }
  override eq(other: ShapeWidget): boolean {
    return this.text === other.text && this.title === other.title;
  }
  toDOM(): HTMLElement {
    const element = document.createElement("span");
    element.className = "cm-shape";
    element.textContent = this.text;
    element.title = this.title;
    return element;
  }
}

class MessageWidget extends WidgetType {
  constructor(
    private readonly finding: Finding,
    private readonly fixes: Fix[],
  ) {
    super();
  }
  override eq(other: MessageWidget): boolean {
    return JSON.stringify([this.finding, this.fixes]) === JSON.stringify([other.finding, other.fixes]);
  }
  toDOM(view: EditorView): HTMLElement {
    const element = document.createElement("div");
    element.className = `cm-finding cm-finding-${this.finding.severity}`;
    element.append(this.caret(view), this.body(view));
    return element;
  }
  // The caret is in the column of the cell; the message begins below it, or further left where it would be too narrow.
  private caret(view: EditorView): HTMLElement {
    const element = document.createElement("div");
    element.className = "cm-finding-caret";
    element.ariaHidden = "true";
    const { column, end_column, line, end_line } = this.finding.range;
    const tabs = view.state.doc.line(Math.min(line, view.state.doc.lines)).text.slice(0, column - 1);
    const wide = line === end_line ? Math.max(1, end_column - column) : 1;
    element.textContent = tabs.replace(/[^\t]/g, " ").padEnd(column - 1) + "^".repeat(wide);
    return element;
  }
  private body(view: EditorView): HTMLElement {
    const element = document.createElement("div");
    element.className = "cm-finding-body";
    const message = document.createElement("p");
    const code = document.createElement("button");
    code.type = "button";
    code.className = "code";
    code.textContent = this.finding.code;
    code.title = `Explain ${this.finding.code}`;
    code.onclick = () => {
      view.dom.dispatchEvent(new CustomEvent("explain-code", { detail: this.finding.code, bubbles: true }));
    };
    message.append(code, " ", ...paragraph(this.finding.message).childNodes);
    element.append(message);
    if (this.finding.hint !== "") element.append(...hint(this.finding.hint));
    for (const fix of this.fixes) element.append(fixButton(view, fix));
    return element;
  }
  override ignoreEvent(): boolean {
    return true;
  }
}

function fixButton(view: EditorView, fix: Fix): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "fix";
  button.append(...paragraph(fix.title).childNodes);
  button.onclick = () => applyFix(view, fix);
  return button;
}

export function applyFix(view: EditorView, fix: Fix): void {
  view.dispatch({
    changes: changes(view.state.doc, fix.changes),
    userEvent: "input.fix",
    scrollIntoView: true,
  });
  view.focus();
}

interface Marks {
  shown: Shown;
  decorations: DecorationSet;
}

// A fix is shown once: at the finding in whose line it changes something, else at the first of its codes.
function fixesByFinding({ messages, fixes }: Shown): Map<Finding, Fix[]> {
  const found = new Map<Finding, Fix[]>();
  for (const fix of fixes) {
    const meant = messages.filter((item) => fix.codes.includes(item.code));
    const here = meant.find((item) => fix.changes.some((change) => holds(change.range, item.range.line)));
    const finding = here ?? meant[0];
    if (finding !== undefined) found.set(finding, [...(found.get(finding) ?? []), fix]);
  }
  return found;
}

const holds = (range: Range, line: number): boolean => range.line <= line && line <= range.end_line;

interface Placed {
  from: number;
  to: number;
  value: Decoration;
}

function decorated(doc: Text, shown: Shown): DecorationSet {
  const placed: Placed[] = [];
  for (const inlay of shown.inlays) {
    if (inlay.line > doc.lines) continue;
    const at = doc.line(inlay.line).to;
    const widget = new ShapeWidget(inlay.text, inlay.tooltip);
    placed.push({ from: at, to: at, value: Decoration.widget({ widget, side: 1 }) });
  }
  for (const finding of shown.findings) {
    const { from, to } = span(doc, finding.range);
    if (to > from) placed.push({ from, to, value: Decoration.mark({ class: `cm-${finding.severity}` }) });
  }
  const fixes = fixesByFinding(shown);
  for (const finding of [...shown.messages].sort((one, other) => rank(one) - rank(other)).slice(0, MOST)) {
    const end = doc.lineAt(span(doc, finding.range).from).to;
    const widget = new MessageWidget(finding, fixes.get(finding) ?? []);
    placed.push({ from: end, to: end, value: Decoration.widget({ widget, side: 2, block: true }) });
  }
  return Decoration.set(
    placed.map(({ from, to, value }) => value.range(from, to)),
    true,
  );
}

const rank = (finding: Finding): number => (finding.severity === "error" ? 0 : 1);

export const marks = StateField.define<Marks>({
  create: () => ({ shown: nothing, decorations: Decoration.none }),
  update({ shown, decorations }, transaction) {
    let moved = decorations.map(transaction.changes);
    let now = shown;
    for (const effect of transaction.effects) {
      if (!effect.is(show)) continue;
      now = { ...now, ...effect.value };
      moved = decorated(transaction.state.doc, now);
    }
    return { shown: now, decorations: moved };
  },
  provide: (field) => EditorView.decorations.from(field, (value) => value.decorations),
});

export function shownIn(state: EditorState): Shown {
  return state.field(marks).shown;
}

// The finding behind the cursor, or the first one: F8 goes through them.
export function goToFinding(view: EditorView, direction: 1 | -1): boolean {
  const { findings } = shownIn(view.state);
  const doc = view.state.doc;
  const places = [...new Set(findings.map((item) => span(doc, item.range).from))].sort((a, b) => a - b);
  if (places.length === 0) return false;
  const head = view.state.selection.main.head;
  const next =
    direction === 1 ? places.find((place) => place > head) : places.filter((place) => place < head).pop();
  const target = next ?? (direction === 1 ? places[0] : places[places.length - 1]);
  view.dispatch({ selection: { anchor: target ?? 0 }, scrollIntoView: true });
  view.focus();
  return true;
}

export function applyFirstFix(view: EditorView): boolean {
  const { fixes } = shownIn(view.state);
  const fix = fixes.find((item) => item.is_preferred) ?? fixes[0];
  if (fix === undefined) return false;
  applyFix(view, fix);
  return true;
}

