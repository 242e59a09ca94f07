// this repository → dist/: the extension, and the language server with all that it runs on.
//
// 1. archives.mjs, which the playground shares: the server and Python's library, as code     dist/pyodide/*.zip
// 2. esbuild: the extension, and the process of its server                                   dist/*.js

import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { archives, pyodide, root, run, RUNTIME, version } from "../../web/pack/archives.mjs";

// What the language server imports beside the compiler, all of it pure Python.
const LIBRARIES = ["jinja2", "lark", "markupsafe", "networkx", "markdown_it", "mdurl"];
LIBRARIES.push("pygls", "lsprotocol", "cattrs", "attr", "attrs", "typing_extensions");

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "dist");

rmSync(dist, { recursive: true, force: true });
mkdirSync(join(dist, "pyodide"), { recursive: true });
const packed = await archives({
  adapter: join(here, "python"),
  libraries: LIBRARIES,
  work: join(root, "build", "vscode"),
}).catch((error) => {
  // Node would print the source of Pyodide's line as well, which is a megabyte.
  console.error(error.message);
  process.exit(1);
});
for (const path of Object.values(packed)) cpSync(path, join(dist, "pyodide", path.split("/").at(-1)));
for (const file of RUNTIME) cpSync(join(pyodide, file), join(dist, "pyodide", file));
const built = await esbuild.build({
  entryPoints: [join(here, "src/extension.js"), join(here, "src/server.js")],
  outdir: dist,
  bundle: true,
  minify: true,
  platform: "node",
  target: "node20",
  external: ["vscode"],
  metafile: true,
});
writeFileSync(join(dist, "LICENSES.txt"), licenses());

// What the extension carries belongs to others, who want to be named.
function licenses() {
  const work = join(root, "build", "vscode", "licenses.txt");
  run(join(root, "web", "pack", "notices.py"), work, ...LIBRARIES);
  const bundled = Object.keys(built.metafile.inputs).map((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1]);
  const texts = [...new Set(bundled)].filter(Boolean).sort().map((name) => {
    const folder = join(here, "node_modules", name);
    const file = readdirSync(folder).find((item) => /^licen[cs]e/i.test(item));
    return `== ${name}\n\n${readFileSync(join(folder, file), "utf8").trim()}\n\n`;
  });
  const runtime = `== Pyodide ${version}, with CPython\n\nMPL-2.0 and PSF-2.0: https://github.com/pyodide/pyodide\n\n`;
  return runtime + texts.join("") + readFileSync(work, "utf8");
}
