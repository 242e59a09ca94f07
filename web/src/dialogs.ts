// dialogs: examples to choose from, pictures for given shapes, what a code means, the keys.

import { button, element, made, notify } from "./page";
import type { Candidate, Picture } from "./protocol";

interface Example {
  name: string;
  topology: string;
  about: string;
  text: string;
}

export function closable(id: string): HTMLDialogElement {
  const dialog = element<HTMLDialogElement>(id);
  // A click beside the dialog is one on its backdrop.
  dialog.onclick = (event) => {
    if (event.target === dialog) dialog.close();
  };
  dialog.querySelector<HTMLButtonElement>(".close")?.addEventListener("click", () => dialog.close());
  return dialog;
}

export class Examples {
  private readonly dialog = closable("examples-dialog");
  private readonly search = element<HTMLInputElement>("examples-search");
  private loaded: Promise<Example[]> | null = null;

  constructor(private readonly choose: (picture: Picture) => void) {
    this.search.oninput = () => void this.list();
    this.search.onkeydown = (event) => {
      // Of a search field, the first Escape would only empty it.
      if (event.key === "Escape") this.dialog.close();
      if (event.key !== "ArrowDown" && event.key !== "Enter") return;
      const first = element("examples-list").querySelector("button");
      event.preventDefault();
      if (event.key === "Enter") first?.click();
      else first?.focus();
    };
    element("examples-list").onkeydown = (event) => this.move(event);
  }

  async find(name: string): Promise<Picture | null> {
    return (await this.all()).find((item) => item.name === name) ?? null;
  }

  open(): void {
    this.dialog.showModal();
    this.search.select();
    void this.list();
  }

  private all(): Promise<Example[]> {
    // Tried again where the network failed.
    this.loaded ??= fetch("examples.json").then(async (response) => {
      if (!response.ok) throw new Error(`examples.json: ${response.status}`);
      return (await response.json()) as Example[];
    });
    this.loaded.catch(() => (this.loaded = null));
    return this.loaded;
  }

  private async list(): Promise<void> {
    const words = this.search.value.toLowerCase().split(/\s+/);
    let all: Example[];
    try {
      all = await this.all();
    } catch {
      notify("The examples could not be loaded.", true);
      return;
    }
    const found = all.filter((item) => {
      const text = `${item.name} ${item.topology} ${item.about} ${item.text}`.toLowerCase();
      return words.every((word) => text.includes(word));
    });
    element("examples-count").textContent = `${found.length} of ${all.length}`;
    element("examples-list").replaceChildren(...found.map((item) => this.item(item)));
  }

  private item(example: Example): HTMLElement {
    const node = button("", () => {
      this.dialog.close();
      this.choose({ name: example.name, text: example.text });
    });
    node.append(
      made("strong", "", example.name),
      made("span", "topology", example.topology),
      made("span", "about", example.about),
    );
    return made("li", "", node);
  }

  private move(event: KeyboardEvent): void {
    const all = [...element("examples-list").querySelectorAll("button")];
    const at = all.findIndex((item) => item === document.activeElement);
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || at < 0) return;
    event.preventDefault();
    if (at + by < 0) this.search.focus();
    else all[at + by]?.focus();
  }
}

type Fit = (inputs: string[], outputs: string[], units: number | null) => Promise<{
  candidates: Candidate[];
  problem: string;
}>;

export class NewPicture {
  private readonly dialog = closable("new-dialog");

  constructor(
    private readonly fit: Fit,
    private readonly choose: (picture: Picture) => void,
  ) {
    element<HTMLFormElement>("new-form").onsubmit = (event) => {
      event.preventDefault();
      void this.list();
    };
    for (const side of ["input", "output"]) {
      element(`new-add-${side}`).onclick = () => this.add(side);
    }
  }

  open(): void {
    this.dialog.showModal();
    element("new-inputs").querySelector("input")?.select();
  }

  private add(side: string): void {
    const input = made("input", "shape");
    input.placeholder = "20, 4";
    input.spellcheck = false;
    input.ariaLabel = `Shape of another ${side}`;
    const remove = button("×", () => row.remove(), "remove");
    remove.ariaLabel = `Remove this ${side}`;
    const row = made("span", "field", input, remove);
    element(`new-${side}s`).append(row);
    input.focus();
  }

  private shapes(side: string): string[] {
    const fields = element(`new-${side}s`).querySelectorAll("input");
    return [...fields].map((field) => field.value.trim()).filter((value) => value !== "");
  }

  private async list(): Promise<void> {
    const [inputs, outputs] = [this.shapes("input"), this.shapes("output")];
    const units = Number.parseInt(element<HTMLInputElement>("new-units").value, 10);
    const result = element("new-result");
    if (inputs.length === 0 || outputs.length === 0) {
      result.replaceChildren(made("p", "problem", "Give the shape of an input and of an output."));
      return;
    }
    result.replaceChildren(made("p", "", "Drawing…"));
    result.ariaBusy = "true";
    const { candidates, problem } = await this.fit(inputs, outputs, Number.isNaN(units) ? null : units);
    result.ariaBusy = "false";
    const count = `${candidates.length} picture${candidates.length === 1 ? " fits" : "s fit, most likely first"}`;
    result.replaceChildren(
      ...(problem === "" ? [made("p", "", count)] : [made("pre", "problem", problem)]),
      ...candidates.map((item) => this.item(item)),
    );
    result.scrollTop = 0;
  }

  private item(item: Candidate): HTMLElement {
    const use = button("Use this picture", () => {
      this.dialog.close();
      this.choose({ name: item.name, text: item.text });
    });
    use.ariaLabel = `Use the picture ${item.name}`;
    const title = item.topology === item.name ? item.name : `${item.name}: ${item.topology}`;
    const layers = Object.entries(item.layers).map(([target, line]) =>
      made("p", "layers", made("strong", "", target), " ", made("code", "", line)),
    );
    return made(
      "article",
      "candidate",
      made("h3", "", title),
      made("p", "", item.when),
      ...(item.order === "" ? [] : [made("p", "note", `In this order: ${item.order}`)]),
      made("pre", "picture", item.picture),
      ...layers,
      use,
    );
  }
}

export class Text {
  private readonly dialog = closable("text-dialog");

  show(title: string, text: string): void {
    element("text-title").textContent = title;
    element("text-body").textContent = text;
    this.dialog.showModal();
  }
}
