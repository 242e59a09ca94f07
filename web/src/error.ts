// the tab "From an error": a pasted message of Keras or PyTorch, what it means, and the picture to draw instead.

import { button, element, made, paragraph } from "./page";
import type { Explanation, Picture, Tasks } from "./protocol";

type Explain = (input: Tasks["error"]["takes"]) => Promise<Tasks["error"]["gives"]>;

const list = (id: string): string[] => {
  const value = element<HTMLInputElement>(id).value.trim();
  return value === "" ? [] : [value];
};

export class ErrorForm {
  constructor(
    private readonly explain: Explain,
    private readonly choose: (picture: Picture) => void,
    private readonly fault: (error: unknown) => void,
  ) {
    element<HTMLFormElement>("error-form").onsubmit = (event) => {
      event.preventDefault();
      this.show().catch(this.fault);
    };
  }

  private async show(): Promise<void> {
    const message = element<HTMLTextAreaElement>("error-message").value;
    const result = element("error-result");
    result.ariaBusy = "true";
    const input = { message, data: list("error-data"), targets: list("error-target") };
    const { diagnosis, text } = await this.explain(input);
    result.ariaBusy = "false";
    const { known, explanations } = diagnosis;
    // The first paragraph of the text says that it is not known.
    const head = known ? [] : [made("p", "problem", text.split("\n\n")[0] ?? "")];
    result.replaceChildren(...head, ...explanations.map((item, at) => this.item(item, at === 0)));
  }

  private item(item: Explanation, isFirst: boolean): HTMLElement {
    const title = isFirst ? `${item.framework}: ${item.title}` : `It may also be: ${item.title}`;
    const node = made("article", "explanation", made("h3", "", title), paragraph(item.meaning));
    node.append(made("p", "", made("strong", "", "Change: "), ...paragraph(item.fix).childNodes));
    if (item.wrong !== null) node.append(this.picture("wrong", "Wrong", item.wrong, null));
    node.append(this.picture("right", "Right", item.right, "picture"));
    for (const [target, line] of Object.entries(item.layers)) {
      node.append(made("p", "layers", made("strong", "", target), " ", made("code", "", line)));
    }
    if (item.data !== null) node.append(...this.data(item.data));
    return node;
  }

  private picture(kind: string, title: string, text: string, name: string | null): HTMLElement {
    const node = made("div", `drawn ${kind}`, made("h4", "", title), made("pre", "picture", text.trimEnd()));
    if (name !== null) node.append(button("Use this picture", () => this.choose({ text, name })));
    return node;
  }

  private data({ fits, notes, instead }: NonNullable<Explanation["data"]>): HTMLElement[] {
    const head = fits ? "Your data fits the right picture." : "Your data does not fit the right picture.";
    // The picture for this data says what those of the notes would say.
    const shown = instead === null ? notes : notes.map((note) => note.split("\n")[0] ?? "");
    const parts: HTMLElement[] = [made("p", fits ? "fits" : "problem", head), ...shown.map((note) => made("pre", "note", note))];
    if (instead !== null) parts.push(this.picture("right", "A picture for your data", instead.picture, instead.name));
    return parts;
  }
}
