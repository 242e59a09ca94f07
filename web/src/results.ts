// compiled picture → the right side of the page: drawing, sources, explanation.

import type { EditorView } from "@codemirror/view";

import { sourceViewer } from "./editor";
import { button, copy, download, element, made } from "./page";
import type { Compiled, Model, View } from "./protocol";

const TARGETS = { keras: "Keras", torch: "PyTorch", numpy: "NumPy" } as const;
type Target = keyof typeof TARGETS;

const key = (view: View, theme: string): string => (view === "drawing" ? `${view} ${theme}` : view);
const isTarget = (view: string): view is Target => view in TARGETS;

export class Results {
  private readonly viewers = new Map<Target, EditorView>();
  // What is shown of the present model; of the drawing, its colors as well.
  private readonly shown = new Set<string>();
  private drawn = "";
  private url = "";
  private model: Model | null = null;
  private readonly image = element<HTMLImageElement>("drawing");

  constructor(private readonly fileName: () => string) {
    for (const target of Object.keys(TARGETS) as Target[]) this.sourcePanel(target);
    element("explanation-tools").append(
      button("Copy", () => void copy(element("explanation-text").textContent ?? "", "Explanation")),
    );
    element("drawing-tools").append(
      button("Copy SVG", () => void copy(this.drawn, "SVG")),
      button("Download SVG", () => download(this.drawn, `${this.base()}.svg`, "image/svg+xml")),
    );
  }

  show(compiled: Compiled, theme: string): void {
    const model = compiled.models.find((item) => item.name === compiled.model) ?? null;
    const isStale = model === null;
    // With errors, the last result stays: less jumps, and it can still be read.
    document.body.classList.toggle("stale", isStale && this.model !== null);
    element("stale").hidden = !isStale || this.model === null;
    element("empty").hidden = this.model !== null || !isStale;
    if (isStale) return;
    this.model = model;
    this.shown.clear();
    this.recall(compiled, theme);
  }

  // The views that are not there for the model that is shown.
  missing(views: View[], theme: string): View[] {
    return views.filter((view) => !this.shown.has(key(view, theme)));
  }

  recall(compiled: Compiled, theme: string): void {
    for (const [view, { text, note }] of Object.entries(compiled.views)) {
      this.shown.add(key(view as View, theme));
      this.view(view as View, text, note);
    }
  }

  private view(view: View, text: string, note: string): void {
    if (view === "drawing") this.drawing(text);
    else if (view === "explanation") element("explanation-text").textContent = text;
    else if (isTarget(view)) this.source(view, text, note);
  }

  // As an image, a drawing is a document of its own: whatever is in it, no script of it runs.
  private drawing(svg: string): void {
    if (svg === this.drawn) return;
    this.drawn = svg;
    const old = this.url;
    this.url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    this.image.src = this.url;
    this.image.hidden = false;
    this.image.alt = `Drawing of ${this.model?.name}: ${this.model?.topology}`;
    if (old !== "") setTimeout(() => URL.revokeObjectURL(old), 1_000);
  }

  private source(target: Target, text: string, note: string): void {
    const viewer = this.viewers.get(target);
    const panel = element(`panel-${target}`);
    const hint = panel.querySelector(".note");
    if (hint !== null) hint.textContent = note;
    panel.classList.toggle("without", text === "");
    if (viewer === undefined || viewer.state.doc.toString() === text) return;
    viewer.dispatch({ changes: { from: 0, to: viewer.state.doc.length, insert: text } });
  }

  private sourcePanel(target: Target): void {
    const panel = element(`panel-${target}`);
    const tools = made(
      "div",
      "tools",
      button("Copy", () => void copy(this.text(target), `${TARGETS[target]} source`)),
      button("Download", () => {
        download(this.text(target), `${this.base().replace(/-/g, "_")}.py`, "text/x-python");
      }),
    );
    const code = made("div", "code");
    panel.append(tools, made("p", "note"), code);
    this.viewers.set(target, sourceViewer(code, `${TARGETS[target]} source of the model`));
  }

  text(target: Target): string {
    return this.viewers.get(target)?.state.doc.toString() ?? "";
  }

  get svg(): string {
    return this.drawn;
  }

  private base(): string {
    return this.model?.name ?? this.fileName();
  }
}
