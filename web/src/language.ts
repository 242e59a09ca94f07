// the language's lines → colors, as far as a line tells them; what a letter means is the compiler's business.

import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import type { StringStream } from "@codemirror/language";
import { tags } from "@lezer/highlight";

interface LineState {
  isPicture: boolean;
}

// A row of a picture: nodes and wires, up to a layer that begins with a lower-case word, or a comment.
const ROW = /^[\sA-Z|^/\\+\-<>=.0-9a-z_*●○◯│─┼┌┐└┘├┤┬┴╱╲→←↑…]*$/u;
const DEFINITION = /^\s*(?:[A-Z]\s*=\s*[a-z]|[a-z]\w*\s*=|model\s|cell\s)/;

function token(stream: StringStream, state: LineState): string | null {
  if (stream.sol()) {
    const text = stream.string.replace(/#.*/, "");
    state.isPicture = !DEFINITION.test(text) && ROW.test(text.replace(/[a-z]\w*\(.*/, ""));
  }
  if (stream.eatSpace()) return null;
  if (stream.match(/#.*/)) return "comment";
  if (stream.match(/(?:model|cell)(?=\s)/)) return "keyword";
  if (stream.match(/\.\.+\w*\.*|…/)) return "meta";
  if (stream.match(/[a-z]\w*(?=\()/)) return "function";
  if (stream.match(/[a-z]\w*(?=\s*=)/)) return "propertyName";
  if (stream.match(/\d+(?:\.\d+)?(?:e[+-]?\d+)?/)) return "number";
  if (stream.match(/true|false|none/)) return "bool";
  if (stream.match(/[a-z_]\w*/)) return "variableName";
  if (stream.match(/[A-Z●○◯]/)) return "typeName";
  if (state.isPicture && stream.match(/[<>=-]/)) return "state";
  if (stream.match(/[|^/\\+\-<>=*│─┼┌┐└┘├┤┬┴╱╲→←↑]/)) return "operator";
  stream.next();
  return null;
}

const language = StreamLanguage.define<LineState>({
  name: "seq",
  startState: () => ({ isPicture: false }),
  copyState: (state) => ({ ...state }),
  token,
  tokenTable: {
    state: tags.controlOperator,
    function: tags.function(tags.variableName),
  },
  languageData: { commentTokens: { line: "#" } },
});

// Classes, not colors: the page's style sheet has them, for light and dark.
const classes = HighlightStyle.define([
  { tag: tags.comment, class: "tok-comment" },
  { tag: [tags.keyword, tags.controlKeyword, tags.operatorKeyword], class: "tok-keyword" },
  { tag: tags.meta, class: "tok-meta" },
  { tag: tags.function(tags.variableName), class: "tok-function" },
  { tag: tags.propertyName, class: "tok-property" },
  { tag: [tags.number, tags.bool], class: "tok-number" },
  { tag: [tags.string, tags.special(tags.string)], class: "tok-string" },
  { tag: [tags.typeName, tags.className, tags.definition(tags.className)], class: "tok-letter" },
  { tag: tags.controlOperator, class: "tok-state" },
  { tag: tags.operator, class: "tok-wire" },
]);

export const colors = syntaxHighlighting(classes);
export const seq = [language, colors];
