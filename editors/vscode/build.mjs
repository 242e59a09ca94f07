// this repository → dist/: the extension, and the language server with all that it runs on.
//
// 1. archives.mjs, which the playground shares: the server and Python's library, as code     dist/pyodide/*.zip
// 2. esbuild: the extension, and the process of its server                                   dist/*.js

import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { archives, pyodide, root, RUNTIME } from "../../web/pack/archives.mjs";
import { licenses } from "../../web/pack/licenses.mjs";

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
const notices = licenses({
  libraries: LIBRARIES,
  folder: join(here, "node_modules"),
  inputs: Object.keys(built.metafile.inputs),
  work: join(root, "build", "vscode", "licenses.txt"),
});
writeFileSync(join(dist, "LICENSES.txt"), notices);
