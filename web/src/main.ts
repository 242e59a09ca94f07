// the page: the text is the truth, and all else follows from it.

import type { EditorView } from "@codemirror/view";

import { Compiler, Fault } from "./compiler";
import type { State } from "./compiler";
import { DataForm } from "./data";
import { Examples, NewPicture, Text, closable } from "./dialogs";
import { pictureEditor, setText } from "./editor";
import { ErrorForm } from "./error";
import { gridDrawing, toggleDrawing } from "./grid";
import { BadLink, TooLong, fromHash, toLink } from "./link";
import { show, shownIn } from "./marks";
import { applyTheme, copy, download, element, made, memory, notify, tabs, theme } from "./page";
import type { Compiled, Picture, View } from "./protocol";
import { Results } from "./results";

// The worker's file; its name is known when it is built.
declare const WORKER: string;

const FIRST: Picture = {
  name: "picture",
  text: `# Rows are layers, columns are time steps.

          O   dense(3)
          |
O O O O O O   lstm(16)
| | | | | |
O O O O O O   input(8)
`,
};

// Milliseconds without a key after which messages are shown, and fixes are looked for.
const QUIET = 400;

class Page {
  private name = FIRST.name;
  private model: string | null = null;
  private view: View | null = "keras";
  // The last picture without errors: what is shown of it follows the tabs and the colors as well.
  private good: Picture | null = null;
  private isBusy = false;
  private isOutdated = false;
  private isOpen = false;
  private timer = 0;
  private settled: (() => void)[] = [];
  readonly compiler: Compiler;
  readonly editor: EditorView;
  readonly results = new Results(() => this.name);
  private readonly text = new Text();
  private readonly data: DataForm;
  private readonly examples = new Examples((picture) => this.open(picture));
  private readonly fresh: NewPicture;

  constructor() {
    this.compiler = new Compiler(new URL(WORKER, import.meta.url), (state, detail) => this.state(state, detail));
    this.data = new DataForm((data, targets) =>
      this.compiler.ask("check", { ...this.picture(), model: this.model, data, targets }),
    );
    this.fresh = new NewPicture(
      (inputs, outputs, units) => this.compiler.ask("fit", { inputs, outputs, units }),
      (picture) => this.open(picture),
    );
    new ErrorForm(
      (input) => this.compiler.ask("error", input),
      (picture) => this.open(picture),
      (error) => this.fault(error),
    );
    this.editor = pictureEditor(element("editor"), "", {
      changed: () => this.changed(),
      complete: async (line, column) =>
        (await this.compiler.ask("complete", { ...this.picture(), line, column })).items,
      hover: async (line, column) => (await this.compiler.ask("hover", { ...this.picture(), line, column })).hover,
      keys: [
        { key: "Shift-Alt-f", run: () => this.done(this.format()) },
        { key: "Mod-s", run: () => this.done(this.save()) },
        { key: "Mod-Shift-e", run: () => this.done(this.examples.open()) },
      ],
      extensions: [gridDrawing(() => /[A-Z]/.exec(element<HTMLInputElement>("letter").value.toUpperCase())?.[0] ?? "O")],
    });
    this.wire();
  }

  private done(_: unknown): boolean {
    return true;
  }

  private wire(): void {
    const clicks: Record<string, () => unknown> = {
      examples: () => this.examples.open(),
      new: () => this.fresh.open(),
      format: () => this.format(),
      link: () => this.link(),
      reset: () => this.reset(),
      save: () => this.save(),
      draw: () => this.toggleDrawing(),
      help: () => closable("help-dialog").showModal(),
    };
    for (const [id, run] of Object.entries(clicks)) element(id).onclick = () => void run();
    element("open").onchange = (event) => void this.opened(event.target as HTMLInputElement);
    element<HTMLSelectElement>("models").onchange = (event) => {
      this.model = (event.target as HTMLSelectElement).value;
      void this.refresh();
    };
    element("editor").addEventListener("explain-code", (event) => {
      void this.explainCode((event as CustomEvent<string>).detail);
    });
    applyTheme(() => void this.refresh());
    tabs(element("tabs"), (name) => this.select(name))(memory.get("tab") ?? "keras");
    window.addEventListener("hashchange", () => void this.start());
  }

  picture(): Picture {
    return { text: this.editor.state.doc.toString(), name: this.name };
  }

  async start(): Promise<void> {
    this.open((await this.linked()) ?? this.kept() ?? FIRST);
  }

  private async linked(): Promise<Picture | null> {
    try {
      const found = await fromHash(location.hash);
      if (found === null || !("example" in found)) return found;
      const example = await this.examples.find(found.example);
      if (example === null) notify(`There is no example ${found.example}.`, true);
      return example;
    } catch (error) {
      notify(error instanceof BadLink ? error.message : String(error), true);
      return null;
    }
  }

  private kept(): Picture | null {
    const text = memory.get("text");
    return text === null ? null : { text, name: memory.get("name") ?? FIRST.name };
  }

  open(picture: Picture): void {
    this.isOpen = true;
    this.good = null;
    this.name = picture.name;
    this.model = null;
    element("name").textContent = `${picture.name}.seq`;
    setText(this.editor, picture.text);
    // The same text again is no change, but its name may be another.
    void this.refresh();
  }

  private changed(): void {
    if (!this.isOpen) return;
    memory.set("text", this.editor.state.doc.toString());
    memory.set("name", this.name);
    clearTimeout(this.timer);
    void this.refresh();
  }

  // One text is compiled at a time; of those that come meanwhile, the last one.
  private async refresh(): Promise<void> {
    this.isOutdated = true;
    if (this.isBusy) return;
    this.isBusy = true;
    while (this.isOutdated) {
      this.isOutdated = false;
      await this.compile();
    }
    this.isBusy = false;
    this.settled.splice(0).forEach((resolve) => resolve());
  }

  private async compile(): Promise<void> {
    const views: View[] = this.view === null ? ["drawing"] : ["drawing", this.view];
    const picture = this.picture();
    try {
      const compiled = await this.compiler.ask("compile", {
        ...picture,
        model: this.model,
        views,
        theme: theme(),
        is_quick: true,
      });
      if (picture.text !== this.picture().text) return;
      this.show(compiled);
      if (compiled.model !== null) this.good = picture;
      else if (this.good !== null) await this.recall(this.good, views);
      this.later(picture);
    } catch (error) {
      this.fault(error);
    }
  }

  private async recall(good: Picture, views: View[]): Promise<void> {
    const missing = this.results.missing(views, theme());
    if (missing.length === 0) return;
    const request = { ...good, model: this.model, views: missing, theme: theme() };
    this.results.recall(await this.compiler.ask("compile", request), theme());
  }

  private show(compiled: Compiled): void {
    const { findings, inlays } = compiled;
    const messages = findings.length === 0 ? { messages: [] } : {};
    this.editor.dispatch({ effects: show.of({ findings, inlays, fixes: [], ...messages }) });
    this.results.show(compiled, theme());
    const model = compiled.models.find((item) => item.name === compiled.model);
    if (model !== undefined) this.data.show(model);
    this.chooseModel(compiled);
    this.count(compiled);
  }

  private chooseModel({ models, model }: Compiled): void {
    const select = element<HTMLSelectElement>("models");
    element("models-label").hidden = models.length < 2;
    select.replaceChildren(
      ...models.map((item) => {
        const option = made("option", "", item.name);
        option.value = item.name;
        option.selected = item.name === model;
        return option;
      }),
    );
  }

  private count({ findings, models, model }: Compiled): void {
    const errors = findings.filter((item) => item.severity === "error").length;
    const warnings = findings.length - errors;
    const parts = [errors && plural(errors, "error"), warnings && plural(warnings, "warning")].filter(Boolean);
    const topology = models.find((item) => item.name === model)?.topology ?? "Draw a picture";
    element("status").textContent = parts.length === 0 ? topology : parts.join(", ");
    element("status").className = errors > 0 ? "error" : warnings > 0 ? "warning" : "fine";
  }

  private later(picture: Picture): void {
    clearTimeout(this.timer);
    // While the user draws, messages wait: lines are not to move under the mouse.
    if (element("draw").ariaPressed === "true") return;
    this.timer = setTimeout(() => void this.quiet(picture), QUIET);
  }

  private async quiet(picture: Picture): Promise<void> {
    if (shownIn(this.editor.state).findings.length === 0) return;
    try {
      const request = { ...picture, model: this.model, views: [], theme: theme() };
      const compiled = await this.compiler.ask("compile", request);
      if (picture.text !== this.picture().text) return;
      const { findings } = compiled;
      this.editor.dispatch({ effects: show.of({ findings, messages: findings }) });
      this.count(compiled);
      const { fixes } = await this.compiler.ask("fixes", picture);
      if (picture.text === this.picture().text) this.editor.dispatch({ effects: show.of({ fixes }) });
    } catch (error) {
      this.fault(error);
    }
  }

  // Of use for tests, and for whoever scripts the page: when all that was typed is compiled.
  whenSettled(): Promise<void> {
    return this.isBusy ? new Promise((resolve) => this.settled.push(resolve)) : Promise.resolve();
  }

  private select(name: string): void {
    memory.set("tab", name);
    this.view = ["keras", "torch", "numpy", "explanation"].includes(name) ? (name as View) : null;
    // The first tab is selected before there is anything to compile.
    if (this.isOpen) void this.refresh();
  }

  private async format(): Promise<void> {
    try {
      const { text, reason } = await this.compiler.ask("format", this.picture());
      if (text === null) notify(reason, true);
      else if (text === this.picture().text) notify("Already formatted");
      else setText(this.editor, text);
    } catch (error) {
      this.fault(error);
    }
  }

  private async explainCode(code: string): Promise<void> {
    try {
      this.text.show(code, (await this.compiler.ask("code", { code })).text);
    } catch (error) {
      this.fault(error);
    }
  }

  private async link(): Promise<void> {
    try {
      const link = await toLink(this.picture(), location.href);
      history.replaceState(null, "", link);
      await copy(link, "Link");
    } catch (error) {
      if (error instanceof TooLong) notify(error.message, true);
      else throw error;
    }
  }

  private reset(): void {
    history.replaceState(null, "", location.pathname + location.search);
    for (const key of ["text", "name"]) memory.set(key, null);
    this.open(FIRST);
    notify("Reset; undo with Ctrl-Z");
  }

  private toggleDrawing(): void {
    const isOn = element("draw").ariaPressed !== "true";
    element("draw").ariaPressed = String(isOn);
    element("letter-label").hidden = !isOn;
    toggleDrawing(this.editor, isOn);
    this.editor.dispatch({ effects: show.of({ messages: [] }) });
    this.later(this.picture());
  }

  private save(): void {
    download(this.picture().text, `${this.name}.seq`);
  }

  private async opened(input: HTMLInputElement): Promise<void> {
    const file = input.files?.[0];
    if (file === undefined) return;
    const name = file.name.replace(/\.[^.]*$/, "").replace(/[^\w-]/g, "-");
    try {
      const text = new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
      this.open({ text, name: /^[A-Za-z]/.test(name) ? name : FIRST.name });
    } catch {
      notify(`${file.name} is not UTF-8 text.`, true);
    }
    // The same file may be opened again.
    input.value = "";
  }

  private fault(error: unknown): void {
    const text = error instanceof Fault ? error.message : String(error);
    element("status").textContent = "Internal error";
    element("status").className = "error";
    notify(`Internal error in seqdsl: ${text.trim().split("\n").pop()}`, true);
    console.error(text);
  }

  private state(state: State, detail: string): void {
    const words: Record<State, string> = {
      loading: "Loading the compiler…",
      starting: "Starting the compiler…",
      ready: "",
      broken: `The compiler could not be loaded: ${detail}`,
    };
    document.body.dataset["compiler"] = state;
    element("progress").textContent = words[state];
    element("progress").hidden = state === "ready";
  }
}

const plural = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? "" : "s"}`;

const page = new Page();
void page.start();
Object.assign(globalThis, { playground: page });
