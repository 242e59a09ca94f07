// an adapter of the pure core → two archives that Pyodide runs it from: its code and the part of Python's library that it needs.
//
// 1. collect.py: the Python sources that the adapter needs              WORK/core/
// 2. compiled.py, in Pyodide: these and the standard library as code    WORK/core.zip, WORK/standard.zip
//    for a page, with what they compile from text when they start       WORK/core.gz, WORK/standard.zip.gz

import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { loadPyodide } from "pyodide";

const pack = dirname(fileURLToPath(import.meta.url));
export const root = dirname(dirname(pack));
export const pyodide = dirname(createRequire(import.meta.url).resolve("pyodide/package.json"));
export const { version } = JSON.parse(readFileSync(join(pyodide, "package.json"), "utf8"));

// What is loaded of Pyodide's package; its own standard library is replaced.
export const RUNTIME = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "pyodide-lock.json"];

const python = process.env.PYTHON ?? join(root, ".venv", "bin", "python");

export function run(...arguments_) {
  const env = { ...process.env, PYTHONPATH: root };
  process.stdout.write(execFileSync(python, arguments_, { cwd: root, env, encoding: "utf8" }));
}

// adapter: the folder of its modules; libraries: the packages of the environment that it may import; work: where to
// write; isPage: compressed, for hosts that do not compress what they send, and ready to start at once.
export async function archives({ adapter, libraries, work, isPage = false }) {
  mkdirSync(work, { recursive: true });
  run(join(pack, "collect.py"), join(work, "core"), adapter, ...libraries);
  const py = await loadPyodide();
  for (const [inside, outside] of [["/pack", pack], ["/work", work], ["/pyodide", pyodide]]) {
    py.FS.mkdirTree(inside);
    py.FS.mount(py.FS.filesystems.NODEFS, { root: outside }, inside);
  }
  const [standard, core] = isPage ? ["standard.zip.gz", "core.gz"] : ["standard.zip", "core.zip"];
  const packed = py.runPython(`
import sys
sys.dont_write_bytecode = True
sys.path.insert(0, "/pack")
from compiled import pack_core, pack_page, pack_standard
"\\n".join([
    pack_standard("/pyodide/python_stdlib.zip", "/work/core.json", "/work/${standard}", "${isPage ? "/pack/stand_ins" : ""}"),
    ${isPage ? "pack_page" : "pack_core"}("/work/core", "/work/${core}"),
])`);
  console.log(packed);
  return { standard: join(work, standard), core: join(work, core) };
}
