// requests → answers: the compiler, run by Pyodide in a worker of its own. Every request is answered, whatever happens.

import type { Answer, FromWorker, Request } from "./protocol";

// Set by the build: where Pyodide is, beside this script, and the names of its archives.
declare const PYODIDE: string;
declare const STANDARD: string;
declare const CORE: string;

interface Adapter {
  answer(task: string, input: string): string;
  start_fixes(input: string): void;
  step_fixes(seconds: number, isLast: boolean): string;
}

interface Pyodide {
  unpackArchive(data: ArrayBuffer, format: string, options: { extractDir: string }): void;
  runPython(code: string): unknown;
  pyimport(name: string): Adapter;
  FS: { writeFile(path: string, data: Uint8Array): void };
}

// Seconds for all fixes of a text, and for one step of the search between two messages.
const FIXES = 3;
const STEP = 0.015;

// What is packed is in memory from here on: Python imports it without opening a file.
const START = `
import gc, marshal, os
# Hardly anything of what starts is ever free again: it is not searched for that, now or later.
gc.disable()
with open("/core.marshal", "rb") as file:
    packed = marshal.loads(file.read())
os.remove("/core.marshal")
names = {"__name__": "start"}
exec(marshal.loads(packed["start"]), names)
names["start"](packed)
del file, names, packed
`;
const STARTED = "gc.freeze(); gc.enable()";

const here = (file: string): string => new URL(file, import.meta.url).href;
const send = (message: FromWorker): void => self.postMessage(message);

// Counts the pictures that were asked for: a search for fixes of an older one ends.
let version = 0;

const adapter: Promise<Adapter> = start();
adapter.catch((error: unknown) => send({ broken: String(error) }));

async function start(): Promise<Adapter> {
  const began = performance.now();
  send({ state: "loading" });
  const [standard, core] = [unpacked(here(STANDARD)), unpacked(here(CORE))];
  const { loadPyodide } = (await import(here(`${PYODIDE}/pyodide.mjs`))) as {
    loadPyodide(options: Record<string, string>): Promise<Pyodide>;
  };
  const stdLibURL = URL.createObjectURL(new Blob([await standard]));
  const python = await loadPyodide({ indexURL: here(`${PYODIDE}/`), stdLibURL });
  URL.revokeObjectURL(stdLibURL);
  send({ state: "starting" });
  python.FS.writeFile("/core.marshal", new Uint8Array(await core));
  python.runPython(START);
  const loaded = python.pyimport("playground");
  python.runPython(STARTED);
  send({ ready: performance.now() - began });
  return loaded;
}

// The archives are compressed as a whole, whatever the host does with files of their type.
async function unpacked(url: string): Promise<ArrayBuffer> {
  const response = await fetch(url);
  if (!response.ok || response.body === null) throw new Error(`${url}: ${response.status}`);
  return new Response(response.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

async function answered({ id, task, input }: Request): Promise<Answer> {
  try {
    const python = await adapter;
    const given = JSON.stringify(input);
    const began = performance.now();
    const result = task === "fixes" ? await fixes(python, given) : python.answer(task, given);
    const found = JSON.parse(result) as { value?: unknown; fault?: string };
    const took = performance.now() - began;
    return found.fault === undefined ? { id, value: found.value, took } : { id, fault: found.fault };
  } catch (error) {
    return { id, fault: String(error) };
  }
}

// Between two steps the messages that came in are answered: a search never keeps a key waiting.
async function fixes(python: Adapter, input: string): Promise<string> {
  const own = version;
  const until = performance.now() + FIXES * 1000;
  python.start_fixes(input);
  for (;;) {
    const isLast = own !== version || performance.now() > until;
    const step = python.step_fixes(STEP, isLast);
    if (step !== "") return step;
    await new Promise((resolve) => setTimeout(resolve));
  }
}

self.onmessage = (event: MessageEvent<Request>): void => {
  if (event.data.task === "compile") version += 1;
  void answered(event.data).then(send);
};
