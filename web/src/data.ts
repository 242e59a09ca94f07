// the tab "Data": the shapes of the user's arrays, against the inputs and outputs of the picture.

import { element, hint, made, paragraph } from "./page";
import type { Finding, Model, Port } from "./protocol";

type Check = (data: string[], targets: string[]) => Promise<{ findings: Finding[]; notes: string[]; problem: string }>;

export class DataForm {
  private readonly given = new Map<string, string>();
  private ports = "";
  private timer = 0;

  constructor(private readonly check: Check) {
    element<HTMLFormElement>("data-fields").onsubmit = (event) => event.preventDefault();
  }

  // The fields follow the picture; what is typed in one stays as long as there is an input of that name.
  show(model: Model): void {
    const ports = JSON.stringify([model.inputs, model.outputs]);
    if (ports !== this.ports) {
      this.ports = ports;
      element("data-fields").replaceChildren(
        ...this.group("data", "Data of the inputs", model.inputs),
        ...this.group("target", "Targets of the outputs", model.outputs),
      );
    }
    this.later();
  }

  private group(kind: string, title: string, ports: Port[]): HTMLElement[] {
    return [made("h3", "", title), ...ports.map((port) => this.field(kind, port))];
  }

  private field(kind: string, port: Port): HTMLElement {
    const key = `${kind} ${port.name}`;
    const input = made("input", "shape");
    input.value = this.given.get(key) ?? "";
    input.dataset["key"] = key;
    input.placeholder = `1000, ${port.shape.replace(/[()]/g, "").replace(/,$/, "").replace(/[a-z]\w*/g, "20")}`
      .replace(/, $/, "");
    input.spellcheck = false;
    input.inputMode = "text";
    input.oninput = () => {
      this.given.set(key, input.value);
      this.later();
    };
    return made("label", "", `${port.name} ${port.shape}`, input);
  }

  private later(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.now(), 150);
  }

  private arrays(kind: string): string[] {
    const inputs = element("data-fields").querySelectorAll<HTMLInputElement>(`[data-key^="${kind} "]`);
    return [...inputs]
      .filter((input) => input.value.trim() !== "")
      .map((input) => `${input.dataset["key"]?.slice(kind.length + 1)}=${input.value.trim()}`);
  }

  private async now(): Promise<void> {
    const [data, targets] = [this.arrays("data"), this.arrays("target")];
    const result = element("data-result");
    if (data.length + targets.length === 0) {
      result.replaceChildren();
      return;
    }
    const { findings, notes, problem } = await this.check(data, targets);
    const fits = made("p", "fits", "The data fits the picture.");
    const lines = findings.map((item) => findingLine(item));
    const isFine = findings.length === 0 && problem === "";
    result.replaceChildren(
      ...(problem === "" ? [] : [made("p", "problem", problem)]),
      ...lines,
      ...(isFine ? [fits] : []),
      ...notes.map((note) => made("p", "note", note)),
    );
  }
}

export function findingLine(finding: Finding): HTMLElement {
  const body = made("div", `finding finding-${finding.severity}`, paragraph(`${finding.code}: ${finding.message}`));
  if (finding.hint !== "") body.append(...hint(finding.hint));
  return body;
}
