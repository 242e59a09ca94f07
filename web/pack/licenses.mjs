// what is packed → the licenses of all third-party software in it, as one text: they ask to be included.

import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

import { root, run, version } from "./archives.mjs";

// libraries: the packages of the environment; folder: where npm installed; inputs: the bundled files, as esbuild names
// them; work: a file to write to.
export function licenses({ libraries, folder, inputs, work }) {
  run(join(root, "web", "pack", "notices.py"), work, ...libraries);
  const bundled = inputs.map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const texts = [...new Set(bundled)].filter(Boolean).sort().map((name) => {
    const files = readdirSync(join(folder, name));
    const file = files.find((item) => /^licen[cs]e/i.test(item));
    if (!file) throw new Error(`${name} has no license`);
    return `== ${name}\n\n${readFileSync(join(folder, name, file), "utf8").trim()}\n\n`;
  });
  const runtime = `== Pyodide ${version}, with CPython\n\nMPL-2.0 and PSF-2.0: https://github.com/pyodide/pyodide\n\n`;
  return runtime + texts.join("") + readFileSync(work, "utf8");
}
