// a browser at the page: Debian's Chromium without a window, and the page under a path as on a static host.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import { serve } from "../serve.mjs";

export const BASE = "/some/where/";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export async function open(options = {}) {
  const bytes = [];
  const server = await serve({ base: BASE, sent: (path, count) => bytes.push({ path, count }) });
  const profile = mkdtempSync(join(tmpdir(), "seqdsl-chromium-"));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    headless: true,
    args: FLAGS,
    viewport: { width: 1280, height: 860 },
    colorScheme: "light",
    ...options,
  });
  context.setDefaultTimeout(15_000);
  // All that any page, worker or frame asks for, and all that goes wrong in one.
  const requests = [];
  const problems = [];
  context.on("request", (request) => requests.push(request.url()));
  context.on("weberror", (error) => problems.push(String(error.error())));
  context.on("console", (message) => {
    if (message.type() === "error") problems.push(message.text());
  });
  return {
    url: server.url,
    context,
    requests,
    problems,
    bytes,
    async close() {
      await context.close();
      server.close();
      rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
    },
  };
}

// A page that has compiled what it began with.
export async function visit(browser, hash = "") {
  const page = await browser.context.newPage();
  await page.goto(`${browser.url}${hash}`);
  // Asked at every frame, the page would draw frames while it loads, which it does for nobody else.
  await page.waitForFunction(() => document.body.dataset.compiler === "ready", null, { timeout: 90_000, polling: 100 });
  await settled(page);
  return page;
}

export const settled = (page) => page.evaluate(() => globalThis.playground.whenSettled());

export const ask = (page, task, input) =>
  page.evaluate(([name, given]) => globalThis.playground.compiler.ask(name, given), [task, input]);

export async function write(page, text) {
  await page.evaluate((given) => {
    const { editor } = globalThis.playground;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: given } });
  }, text);
  await settled(page);
}

export const text = (page) => page.evaluate(() => globalThis.playground.editor.state.doc.toString());
