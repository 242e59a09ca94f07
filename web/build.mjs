// this repository → build/site: the page, its worker, Pyodide and the compiler, all of it served from one folder.
//
// 1. collect.py: the Python sources that the page needs                 build/web/core/
// 2. compiled.py, in Pyodide: these and the standard library as code    core-HASH.gz, standard-HASH.gz
//    and what they compile from text when they start, compiled
// 3. esbuild: the page and its worker                                   main-HASH.js, worker-HASH.js, style-HASH.css

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";
import { loadPyodide } from "pyodide";

const web = dirname(fileURLToPath(import.meta.url));
const root = dirname(web);
const work = join(root, "build", "web");
const site = join(root, "build", "site");
const python = process.env.PYTHON ?? join(root, ".venv", "bin", "python");
const pyodide = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
const { version } = JSON.parse(readFileSync(join(pyodide, "package.json"), "utf8"));

// What a browser loads of Pyodide's package; its own standard library is replaced.
const RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json"];

const run = (...arguments_) => {
  const env = { ...process.env, PYTHONPATH: root };
  process.stdout.write(execFileSync(python, arguments_, { cwd: root, env, encoding: "utf8" }));
};

// A file with its hash in its name may be kept by a browser for ever.
function hashed(name, data) {
  const [stem, ending] = name.split(/\.(?=[^.]+$)/);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 10);
  const file = `${stem}-${hash}.${ending}`;
  writeFileSync(join(site, file), data);
  return file;
}

async function archives() {
  run(join(web, "pack", "collect.py"), join(work, "core"));
  const py = await loadPyodide();
  for (const [inside, outside] of [["/pack", join(web, "pack")], ["/work", work], ["/pyodide", pyodide]]) {
    py.FS.mkdirTree(inside);
    py.FS.mount(py.FS.filesystems.NODEFS, { root: outside }, inside);
  }
  const packed = py.runPython(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/pack")
from compiled import pack_core, pack_standard
"\\n".join([
    pack_standard("/pyodide/python_stdlib.zip", "/work/core.json", "/pack/stand_ins", "/work/standard.zip.gz"),
    pack_core("/work/core", "/work/core.gz"),
])`);
  console.log(packed);
}

async function scripts(STANDARD, CORE) {
  const common = {
    bundle: true,
    write: false,
    format: "esm",
    target: "es2022",
    minify: true,
    legalComments: "none",
    loader: { ".css": "css" },
  };
  const text = (value) => JSON.stringify(value);
  const define = { PYODIDE: text(`pyodide-${version}`), STANDARD: text(STANDARD), CORE: text(CORE) };
  const worker = await esbuild.build({ ...common, entryPoints: [join(web, "src/worker.ts")], define });
  const WORKER = hashed("worker.js", worker.outputFiles[0].contents);
  const main = await esbuild.build({
    ...common,
    entryPoints: [join(web, "src/main.ts")],
    define: { WORKER: text(WORKER) },
  });
  const style = await esbuild.build({ ...common, entryPoints: [join(web, "style.css")] });
  return [
    hashed("main.js", main.outputFiles[0].contents),
    hashed("style.css", style.outputFiles[0].contents),
  ];
}

rmSync(site, { recursive: true, force: true });
mkdirSync(join(site, `pyodide-${version}`), { recursive: true });
mkdirSync(work, { recursive: true });
await archives().catch((error) => {
  // Node would print the source of Pyodide's line as well, which is a megabyte.
  console.error(error.message);
  process.exit(1);
});
for (const file of RUNTIME) cpSync(join(pyodide, file), join(site, `pyodide-${version}`, file));
const standard = hashed("standard.gz", readFileSync(join(work, "standard.zip.gz")));
const core = hashed("core.gz", readFileSync(join(work, "core.gz")));
const [script, style] = await scripts(standard, core);
run(join(web, "pack", "examples.py"), join(site, "examples.json"));
const page = readFileSync(join(web, "index.html"), "utf8").replace("@SCRIPT@", script).replace("@STYLE@", style);
writeFileSync(join(site, "index.html"), page);
console.log(`${site} is ready`);
