// the page → figures: how much is loaded, how long the first result takes, and each key.
//
// Processor time is that of the process that shows the page, as Chromium counts it, with all its threads. It is what the page costs; how
// long somebody waits depends on the machine and on what else it does.

import { readFileSync, writeFileSync } from "node:fs";

import { ask, open, settled, visit } from "./test/browser.mjs";

const RUNS = 3;
const examples = new URL("../examples/", import.meta.url);
const picture = (name) => readFileSync(new URL(`${name}.seq`, examples), "utf8");

// Of each process that shows pages; Chromium has some for itself.
async function processorTimes(session) {
  const { processInfo } = await session.send("SystemInfo.getProcessInfo");
  return new Map(processInfo.filter(({ type }) => type === "renderer").map(({ id, cpuTime }) => [id, cpuTime]));
}

// What the process of the page took meanwhile: the one that worked most.
async function spent(session, before) {
  const now = await processorTimes(session);
  return Math.max(...[...now].map(([id, time]) => time - (before.get(id) ?? 0)));
}

const at = (numbers, share) => [...numbers].sort((a, b) => a - b)[Math.floor(share * (numbers.length - 1))];

// A browser of its own: nothing is in a cache.
async function first() {
  const browser = await open();
  const session = await browser.context.browser()?.newBrowserCDPSession() ??
    await browser.context.newCDPSession(browser.context.pages()[0]);
  const before = await processorTimes(session);
  const began = performance.now();
  const page = await visit(browser);
  await page.waitForFunction(() => document.getElementById("drawing").complete, null, { polling: 50 });
  const wall = performance.now() - began;
  const cold = await spent(session, before);
  const bytes = browser.bytes.reduce((sum, { count }) => sum + count, 0);
  await page.close();
  const again = await processorTimes(session);
  const other = await visit(browser);
  const warm = await spent(session, again);
  return { browser, page: other, bytes, cold, warm, wall };
}

// Every key of two pictures, with the drawing and a source, as the page asks for them.
async function keys(page) {
  const found = { worker: [], page: [] };
  for (const name of ["attention-decoder", "encoder-decoder"]) {
    const text = picture(name);
    for (let end = 1; end <= text.length; end += 1) {
      const given = { text: text.slice(0, end), name, model: null, views: ["drawing", "keras"], theme: "light", is_quick: true };
      const took = await page.evaluate(async (input) => {
        const { compiler } = globalThis.playground;
        const began = performance.now();
        await compiler.ask("compile", input);
        return [compiler.took, performance.now() - began];
      }, given);
      found.worker.push(took[0]);
      found.page.push(took[1]);
    }
  }
  return found;
}

const runs = [];
let typed = { worker: [], page: [] };
for (let run = 0; run < RUNS; run += 1) {
  const { browser, page, ...figures } = await first();
  runs.push(figures);
  if (run === RUNS - 1) {
    await ask(page, "compile", { text: picture("stacked"), name: "x", model: null, views: ["keras"], theme: "light" });
    typed = await keys(page);
    await settled(page);
  }
  await browser.close();
}

const median = (key) => at(runs.map((run) => run[key]), 0.5);
const megabytes = `${(median("bytes") / 1e6).toFixed(1)} MB`;
const seconds = (key) => `${median(key).toFixed(1)} s`;
const milliseconds = (numbers, share) => `${at(numbers, share).toFixed(1)} ms`;
const rows = [
  ["download, compressed", megabytes, "9 MB"],
  ["processor time to the first result, nothing cached", seconds("cold"), "2 s"],
  ["processor time to the first result, the second time", seconds("warm"), ""],
  ["time to the first result, on 2 cores", `${(median("wall") / 1000).toFixed(1)} s`, ""],
  ["compilation after a key, median", milliseconds(typed.worker, 0.5), "10 ms"],
  ["compilation after a key, 95th percentile", milliseconds(typed.worker, 0.95), "30 ms"],
  ["from a key to the result in the page, median", milliseconds(typed.page, 0.5), ""],
  ["from a key to the result in the page, 95th percentile", milliseconds(typed.page, 0.95), ""],
];
const table = ["| what | measured | goal |", "| --- | --- | --- |", ...rows.map((row) => `| ${row.join(" | ")} |`)];
console.log(table.join("\n"));

const file = new URL("../docs/playground.md", import.meta.url);
const marks = ["<!-- figures -->", "<!-- end of figures -->"];
const [before, rest] = readFileSync(file, "utf8").split(marks[0]);
const after = rest.split(marks[1])[1];
writeFileSync(file, `${before}${marks[0]}\n${table.join("\n")}\n${marks[1]}${after}`);
