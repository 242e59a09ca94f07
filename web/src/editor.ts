// the editor of a picture: CodeMirror with what a drawing of characters needs, rectangular selections among it.

import { autocompletion, closeCompletion, completionKeymap } from "@codemirror/autocomplete";
import type { CompletionContext, CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { searchKeymap } from "@codemirror/search";
import { EditorState, Prec, Transaction } from "@codemirror/state";
import type { Extension } from "@codemirror/state";
import {
  EditorView,
  crosshairCursor,
  drawSelection,
  highlightActiveLine,
  highlightActiveLineGutter,
  hoverTooltip,
  keymap,
  lineNumbers,
  rectangularSelection,
} from "@codemirror/view";
import type { KeyBinding, Tooltip } from "@codemirror/view";

import { colors, seq } from "./language";
import { applyFirstFix, goToFinding, marks, span } from "./marks";
import { paragraph } from "./page";
import type { Completion, Range } from "./protocol";

export interface Asked {
  changed(text: string): void;
  complete(line: number, column: number): Promise<Completion[]>;
  hover(line: number, column: number): Promise<{ range: Range; text: string } | null>;
  keys: KeyBinding[];
  extensions: Extension[];
}

export function pictureEditor(parent: HTMLElement, text: string, asked: Asked): EditorView {
  return new EditorView({
    parent,
    doc: text,
    extensions: [
      Prec.high(keymap.of([...asked.keys, ...findingKeys])),
      lineNumbers(),
      highlightActiveLine(),
      highlightActiveLineGutter(),
      history(),
      drawSelection(),
      rectangularSelection(),
      crosshairCursor(),
      EditorState.allowMultipleSelections.of(true),
      // Four columns of a tab are an error in a picture: the compiler says so, and offers spaces.
      EditorState.tabSize.of(8),
      seq,
      marks,
      autocompletion({ override: [(context) => completed(context, asked)], icons: false }),
      hoverTooltip((view, at) => hovered(view, at, asked)),
      keymap.of([...completionKeymap, ...historyKeymap, ...searchKeymap, ...defaultKeymap]),
      EditorView.contentAttributes.of({
        "aria-label": "Picture of the model, as text",
        spellcheck: "false",
        autocapitalize: "off",
        autocorrect: "off",
      }),
      EditorView.updateListener.of((update) => {
        if (update.docChanged) asked.changed(update.state.doc.toString());
      }),
      asked.extensions,
    ],
  });
}

const findingKeys: KeyBinding[] = [
  { key: "F8", run: (view) => goToFinding(view, 1) },
  { key: "Shift-F8", run: (view) => goToFinding(view, -1) },
  { key: "Mod-.", run: applyFirstFix },
];

async function completed(context: CompletionContext, asked: Asked): Promise<CompletionResult | null> {
  const line = context.state.doc.lineAt(context.pos);
  // Rows of nodes are typed letter by letter: a list there would be in the way.
  if (!context.explicit && context.matchBefore(/[a-z_]\w*|[(,=]\s*/) === null) return null;
  const items = await asked.complete(line.number, context.pos - line.from + 1);
  const first = items[0];
  if (first === undefined || context.aborted) return null;
  return {
    from: span(context.state.doc, first.range).from,
    options: items.map(({ label, kind, detail, text, insert }) => ({
      label,
      type: kind,
      detail,
      apply: insert,
      ...(text === "" ? {} : { info: () => paragraph(text) }),
    })),
    validFor: /^\w*$/,
  };
}

async function hovered(view: EditorView, at: number, asked: Asked): Promise<Tooltip | null> {
  const line = view.state.doc.lineAt(at);
  const found = await asked.hover(line.number, at - line.from + 1);
  if (found === null) return null;
  const { from, to } = span(view.state.doc, found.range);
  return { pos: from, end: to, above: true, create: () => ({ dom: paragraph(found.text) }) };
}

export function setText(view: EditorView, text: string): void {
  view.dispatch({
    changes: { from: 0, to: view.state.doc.length, insert: text },
    selection: { anchor: 0 },
    annotations: Transaction.userEvent.of("input.replace"),
    scrollIntoView: true,
  });
  closeCompletion(view);
}

export function sourceViewer(parent: HTMLElement, label: string): EditorView {
  return new EditorView({
    parent,
    extensions: [
      EditorState.readOnly.of(true),
      python(),
      colors,
      drawSelection(),
      keymap.of([...searchKeymap, ...defaultKeymap]),
      EditorView.contentAttributes.of({ "aria-label": label, "aria-readonly": "true" }),
    ],
  });
}
