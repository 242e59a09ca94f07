// small things of the page that have no place of their own: elements, messages, files, tabs, the theme.

export function element<T extends HTMLElement = HTMLElement>(id: string): T {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no #${id}`);
  return found as T;
}

export function made<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  className: string,
  ...children: (Node | string)[]
): HTMLElementTagNameMap[K] {
  const node = document.createElement(tag);
  node.className = className;
  node.append(...children);
  return node;
}

export function button(label: string, run: () => void, className = ""): HTMLButtonElement {
  const node = made("button", className, label);
  node.type = "button";
  node.onclick = run;
  return node;
}

// The compiler writes Markdown for editors; of it, code and emphasis are shown, and nothing is read as HTML.
export function paragraph(markdown: string): HTMLElement {
  const element = document.createElement("div");
  element.className = "markdown";
  for (const part of markdown.split(/(```[\s\S]*?```|`[^`\n]+`|\*\*[^*\n]+\*\*)/)) {
    const block = /^```\w*\n?([\s\S]*?)\n?```$/.exec(part);
    const [, code] = /^`([^`]+)`$/.exec(part) ?? [];
    const [, strong] = /^\*\*([^*]+)\*\*$/.exec(part) ?? [];
    if (block) element.append(tagged("pre", block[1] ?? ""));
    else if (code !== undefined) element.append(tagged("code", code));
    else if (strong !== undefined) element.append(tagged("strong", strong));
    else element.append(part);
  }
  return element;
}

function tagged(tag: string, text: string): HTMLElement {
  const element = document.createElement(tag);
  element.textContent = text;
  return element;
}

// A hint is a sentence, below which a picture may be drawn.
export function hint(text: string): HTMLElement[] {
  const [first = "", ...rest] = text.split("\n");
  const below = rest.join("\n").replace(/^\n+/, "");
  return [paragraph(first), ...(below === "" ? [] : [tagged("pre", below)])];
}

let timer = 0;
const SHOWN_FOR = 4_000;
const hideLater = (): void => {
  clearTimeout(timer);
  timer = setTimeout(() => (element("toast").hidden = true), SHOWN_FOR);
};
// A problem stays until somebody goes on: the page may still be loading when it is found.
const WENT_ON = ["keydown", "pointerdown"] as const;
const goesOn = (): void => {
  for (const event of WENT_ON) window.removeEventListener(event, goesOn);
  hideLater();
};

// A word on what was done, which screen readers say, too.
export function notify(text: string, isProblem = false): void {
  const toast = element("toast");
  toast.textContent = text;
  toast.classList.toggle("problem", isProblem);
  toast.hidden = false;
  clearTimeout(timer);
  if (!isProblem) hideLater();
  else for (const event of WENT_ON) window.addEventListener(event, goesOn);
}

export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    notify(`${what} copied`);
  } catch {
    notify(`The browser does not allow copying: select the text and press Ctrl-C.`, true);
  }
}

export function download(text: string, name: string, type = "text/plain"): void {
  const url = URL.createObjectURL(new Blob([text], { type }));
  const link = made("a", "");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1_000);
}

// A browser may keep nothing, and say so by an exception.
export const memory = {
  get(key: string): string | null {
    try {
      return localStorage.getItem(`seqdsl.${key}`);
    } catch {
      return null;
    }
  },
  set(key: string, value: string | null): void {
    try {
      if (value === null) localStorage.removeItem(`seqdsl.${key}`);
      else localStorage.setItem(`seqdsl.${key}`, value);
    } catch {
      // Then nothing is kept.
    }
  },
};

export type Theme = "light" | "dark";

const dark = matchMedia("(prefers-color-scheme: dark)");

// The colors of the page around this one, which passes them in the address, and as a message when they change.
let around = new URLSearchParams(location.search).get("theme");

const isTheme = (value: unknown): value is Theme => value === "light" || value === "dark";

export function theme(): Theme {
  if (isTheme(around)) return around;
  const kept = memory.get("theme");
  if (isTheme(kept)) return kept;
  return dark.matches ? "dark" : "light";
}

export function applyTheme(onChange: () => void): void {
  const apply = (): void => {
    document.documentElement.dataset["theme"] = theme();
    const toggle = element<HTMLButtonElement>("theme");
    const other = theme() === "dark" ? "light" : "dark";
    toggle.textContent = other === "dark" ? "☾" : "☀";
    toggle.ariaLabel = `Use ${other} colors`;
    toggle.title = toggle.ariaLabel;
  };
  apply();
  element("theme").onclick = () => {
    const other = theme() === "dark" ? "light" : "dark";
    // Within another page the choice is for this visit: the page around has a switch of its own.
    if (isTheme(around)) around = other;
    else memory.set("theme", other);
    apply();
    onChange();
  };
  addEventListener("message", ({ origin, source, data }: MessageEvent<{ theme?: unknown } | null>) => {
    if (origin !== location.origin || source !== parent || !isTheme(data?.theme)) return;
    around = data.theme;
    apply();
    onChange();
  });
  dark.addEventListener("change", () => {
    apply();
    onChange();
  });
}

// Tabs as screen readers and keyboards know them: one of them is in the order of Tab, arrows go to the others.
export function tabs(list: HTMLElement, onSelect: (name: string) => void): (name: string) => void {
  const all = [...list.querySelectorAll<HTMLButtonElement>('[role="tab"]')];
  const select = (chosen: HTMLButtonElement): void => {
    for (const tab of all) {
      const isChosen = tab === chosen;
      tab.ariaSelected = String(isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      element(tab.getAttribute("aria-controls") ?? "").hidden = !isChosen;
    }
    chosen.scrollIntoView({ block: "nearest", inline: "nearest" });
    onSelect(chosen.dataset["name"] ?? "");
  };
  for (const tab of all) tab.onclick = () => select(tab);
  list.onkeydown = (event) => {
    const at = all.findIndex((tab) => tab === document.activeElement);
    const to = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const target = all[(to + all.length) % all.length];
    target?.focus();
    if (target !== undefined) select(target);
  };
  return (name) => {
    const tab = all.find((item) => item.dataset["name"] === name) ?? all[0];
    if (tab !== undefined) select(tab);
  };
}
