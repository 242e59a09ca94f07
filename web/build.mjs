// this repository → build/site: the page, its worker, Pyodide and the compiler, all of it served from one folder.
//
// 1. archives.mjs: the compiler and the standard library, as code       core-HASH.gz, standard-HASH.gz
// 2. esbuild: the page and its worker                                   main-HASH.js, worker-HASH.js, style-HASH.css
// 3. licenses.mjs: the licenses of third-party software in these         licenses.txt

import { createHash } from "node:crypto";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import * as esbuild from "esbuild";

import { archives, pyodide, root, run, RUNTIME, version } from "./pack/archives.mjs";
import { licenses } from "./pack/licenses.mjs";

const web = dirname(fileURLToPath(import.meta.url));
const work = join(root, "build", "web");
const site = join(root, "build", "site");
const LIBRARIES = ["jinja2", "lark", "markupsafe", "networkx"];

// A file with its hash in its name may be kept by a browser for ever.
function hashed(name, data) {
  const [stem, ending] = name.split(/\.(?=[^.]+$)/);
  const hash = createHash("sha256").update(data).digest("hex").slice(0, 10);
  const file = `${stem}-${hash}.${ending}`;
  writeFileSync(join(site, file), data);
  return file;
}

async function scripts(STANDARD, CORE) {
  const common = {
    bundle: true,
    write: false,
    metafile: true,
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
  return {
    script: hashed("main.js", main.outputFiles[0].contents),
    style: hashed("style.css", style.outputFiles[0].contents),
    inputs: [worker, main, style].flatMap((built) => Object.keys(built.metafile.inputs)),
  };
}

rmSync(site, { recursive: true, force: true });
mkdirSync(join(site, `pyodide-${version}`), { recursive: true });
mkdirSync(work, { recursive: true });
const packed = await archives({
  adapter: join(web, "python"),
  libraries: LIBRARIES,
  work,
  isPage: true,
}).catch((error) => {
  // Node would print the source of Pyodide's line as well, which is a megabyte.
  console.error(error.message);
  process.exit(1);
});
for (const file of RUNTIME) cpSync(join(pyodide, file), join(site, `pyodide-${version}`, file));
const standard = hashed("standard.gz", readFileSync(packed.standard));
const core = hashed("core.gz", readFileSync(packed.core));
const { script, style, inputs } = await scripts(standard, core);
const notices = licenses({
  libraries: LIBRARIES,
  folder: join(web, "node_modules"),
  inputs,
  work: join(work, "licenses.txt"),
});
writeFileSync(join(site, "licenses.txt"), notices);
run(join(web, "pack", "examples.py"), join(site, "examples.json"));
const page = readFileSync(join(web, "index.html"), "utf8").replace("@SCRIPT@", script).replace("@STYLE@", style);
writeFileSync(join(site, "index.html"), page);
console.log(`${site} is ready`);
