// the page against the command line, and against people: whatever it shows is what `seqdsl` prints.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, beforeEach, test } from "node:test";

import { BASE, ask, open, settled, text, visit, write } from "./browser.mjs";

const expected = JSON.parse(readFileSync(new URL("../../build/web/expected.json", import.meta.url), "utf8"));
const VIEWS = ["drawing", "keras", "torch", "numpy", "explanation"];
const WRONG = "Y Y Y   dense(2)\n| |  |\nX X X   input(8)\n";

let browser;
let page;

before(async () => {
  browser = await open();
  page = await visit(browser);
});

// One test that fails in a dialog fails alone.
beforeEach(() => page.evaluate(() => document.querySelectorAll("dialog[open]").forEach((item) => item.close())));

after(async () => {
  await browser.close();
});

// What `check` prints as JSON has the first place of a finding alone.
const flat = (findings) =>
  findings.map(({ code, severity, range, message, hint }) => ({
    code,
    severity,
    line: range.line,
    column: range.column,
    message,
    hint,
  }));

test("every example gives what the command line gives", async () => {
  for (const [name, models] of Object.entries(expected.examples)) {
    let explanation = [];
    for (const { model, sources, drawing, explanation: explained } of models) {
      const compiled = await ask(page, "compile", {
        text: expected.texts[name],
        name,
        model,
        views: VIEWS,
        theme: "light",
      });
      assert.equal(compiled.model, model, name);
      assert.equal(compiled.views.drawing.text, drawing, `${name}: drawing`);
      for (const [target, source] of Object.entries(sources)) {
        const view = compiled.views[target];
        assert.equal(view.text, source.text, `${name}: ${target}`);
        assert.ok(source.told.includes(view.note), `${name}: ${target} says ${view.note}`);
      }
      explanation.push(compiled.views.explanation.text);
      if (explanation.length === models.length) assert.equal(explanation.join("\n"), explained, name);
    }
  }
});

test("every wrong picture of the catalog has the findings of the command line", async () => {
  // One of them is wrong by its bytes: that is no text, and is tried as a file.
  const typable = expected.wrong.filter((item) => item.text.isWellFormed());
  assert.equal(typable.length, expected.wrong.length - 1);
  for (const item of typable) {
    const picture = { text: item.text, name: "picture" };
    const { findings } = await ask(page, "compile", { ...picture, model: null, views: [], theme: "light" });
    assert.deepEqual(flat(findings), item.findings, item.code);
    const { text: explained } = await ask(page, "code", { code: item.code });
    assert.equal(explained, item.explanation);
    // However long it takes, it ends.
    const { fixes } = await ask(page, "fixes", picture);
    for (const fix of fixes) assert.ok(fix.title !== "" && fix.changes.length > 0, item.code);
    if (item.with_data.length === 0) continue;
    const checked = await ask(page, "check", { ...picture, model: null, data: item.data, targets: item.targets });
    assert.deepEqual([...flat(findings), ...flat(checked.findings)], item.with_data, item.code);
  }
});

test("every beginning of ten pictures is answered while it is typed", async () => {
  assert.equal(expected.typed.length, 10);
  for (const { name, text: whole, codes } of expected.typed) {
    for (let end = 0; end <= whole.length; end += 1) {
      const given = { text: whole.slice(0, end), name: "picture", model: null, views: ["drawing", "keras"], theme: "light" };
      // At a key, the mistake behind several findings is not looked for; whether there is an error is the same.
      const quick = await ask(page, "compile", { ...given, is_quick: true });
      const { findings } = await ask(page, "compile", given);
      assert.deepEqual(findings.map((item) => item.code), codes[end], `${name}: ${end} characters`);
      const isWrong = (list) => list.some((item) => item.severity === "error");
      assert.equal(isWrong(quick.findings), isWrong(findings), `${name}: ${end} characters`);
    }
  }
});

test("what is typed is compiled, however fast the keys come", async () => {
  await write(page, "");
  await page.locator("#editor .cm-content").focus();
  const picture = expected.texts["many-to-one"].split("\n").filter((line) => !line.startsWith("#")).join("\n");
  await page.evaluate((given) => {
    // An editor that indents by itself would type other columns.
    const { editor } = globalThis.playground;
    for (const char of given) {
      const { head } = editor.state.selection.main;
      editor.dispatch({ changes: { from: head, insert: char }, selection: { anchor: head + 1 } });
    }
  }, picture);
  await settled(page);
  assert.equal(await text(page), picture);
  assert.equal(await page.locator("#status").textContent(), "many-to-one");
});

test("a mistake is shown below its cell, and its fix is a click", async () => {
  await write(page, expected.fix.text);
  const message = page.locator(".cm-finding", { hasText: "not connected at its lower end" });
  await message.waitFor();
  const caret = await message.locator(".cm-finding-caret").textContent();
  assert.equal(caret, "     ^");
  assert.equal(await page.locator("#status").textContent(), "1 error");
  await message.getByRole("button", { name: /moved one column to the left/ }).click();
  await settled(page);
  assert.equal(await text(page), expected.fix.fixed);
  assert.equal(await page.locator(".cm-finding").count(), 0);
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+z");
  assert.equal(await text(page), expected.fix.text);
  await message.waitFor();
  await message.getByRole("button", { name: "SEQ202" }).click();
  await page.locator("#text-body", { hasText: /^SEQ202: / }).waitFor();
  await page.keyboard.press("Escape");
});

test("a misspelled layer is spelled right by a click, and by a key", async () => {
  const wrong = "Y Y Y   dense(2)\n| | |\nX X X   inputt(3)\n";
  for (const fix of ["click", "key"]) {
    await write(page, wrong);
    const button = page.getByRole("button", { name: "Change inputt to input" });
    await button.waitFor();
    if (fix === "click") await button.click();
    else await page.locator("#editor .cm-content").press("Control+.");
    await settled(page);
    assert.equal(await text(page), wrong.replace("inputt", "input"));
  }
});

test("the page formats as the command does", async () => {
  await write(page, expected.format.text);
  await page.getByRole("button", { name: "Format" }).click();
  await page.waitForFunction((wanted) => globalThis.playground.editor.state.doc.toString() === wanted, expected.format.formatted);
  await write(page, WRONG);
  await page.getByRole("button", { name: "Format" }).click();
  await page.locator("#toast", { hasText: "Fix the errors first" }).waitFor();
  assert.equal(await text(page), WRONG);
});

test("a model is drawn with the mouse alone", async () => {
  // Two rows of three nodes, wires between them, and a layer: X X X below, Y Y Y above.
  await write(page, "\n\n\n");
  await page.getByRole("button", { name: "Draw" }).click();
  const corner = await page.evaluate(() => {
    const { editor } = globalThis.playground;
    const { left, top } = editor.coordsAtPos(0);
    return { left, top, wide: editor.defaultCharacterWidth, high: editor.defaultLineHeight };
  });
  const at = (row, column) => [corner.left + (column + 0.5) * corner.wide, corner.top + (row + 0.5) * corner.high];
  const drag = async (from, to) => {
    await page.mouse.move(...at(...from));
    await page.mouse.down();
    await page.mouse.move(...at(...to));
    await page.mouse.up();
  };
  await page.locator("#letter").fill("x");
  for (const column of [0, 2, 4]) await page.mouse.click(...at(2, column));
  await page.locator("#letter").fill("y");
  for (const column of [0, 2, 4]) await page.mouse.click(...at(0, column));
  for (const column of [0, 2, 4]) await drag([2, column], [0, column]);
  assert.equal(await text(page), "Y Y Y\n| | |\nX X X\n");
  await drag([0, 0], [0, 4]);
  assert.equal(await text(page), "Y-Y-Y\n| | |\nX X X\n");
  // A click on a node of the letter removes it; further to the right and further below there is room.
  await page.mouse.click(...at(0, 2));
  await page.mouse.click(...at(4, 7));
  assert.equal(await text(page), "Y- -Y\n| | |\nX X X\n\n       Y");
  await drag([3, 5], [2, 6]);
  assert.equal(await text(page), "Y- -Y\n| | |\nX X X /\n     /\n       Y");
  // Messages, which would move the lines under the mouse, come when drawing ends.
  await settled(page);
  assert.equal(await page.locator(".cm-finding").count(), 0);
  await page.getByRole("button", { name: "Draw" }).click();
  await page.locator(".cm-finding").first().waitFor();
});

test("shapes are behind the rows, and are no part of the text", async () => {
  await write(page, "O O   lstm(16)\n| |\nO O   input(8)\n");
  assert.deepEqual(await page.locator(".cm-shape").allTextContents(), ["(2, 16)", "(2, 8)"]);
  assert.equal(await text(page), "O O   lstm(16)\n| |\nO O   input(8)\n");
});

test("pictures for shapes are those that `new` lists", async () => {
  for (const { inputs, outputs, listed, first, text: written } of expected.new) {
    const { candidates, problem } = await ask(page, "fit", { inputs, outputs, units: null });
    assert.equal(candidates[0]?.name ?? "", first);
    if (first === "") {
      assert.equal(`${problem}\n`, listed);
      continue;
    }
    const heads = listed.split("\n\n").map((part) => part.split("\n")[0].split(":")[0]);
    assert.deepEqual(candidates.map((item) => item.name).filter((name) => !heads.includes(name)), []);
    assert.equal(candidates[0].text, written);
    for (const line of Object.values(candidates[0].layers)) assert.ok(listed.includes(line));
  }
  await page.getByRole("button", { name: "From shapes…" }).click();
  await page.getByRole("button", { name: "Show pictures" }).click();
  await page.getByRole("button", { name: "Use the picture encoder-decoder", exact: true }).click();
  await settled(page);
  assert.equal(await text(page), expected.new[0].text);
  assert.equal(await page.locator("#name").textContent(), "encoder-decoder.seq");
});

test("data is checked as it is typed", async () => {
  await write(page, expected.texts["many-to-one"]);
  await page.getByRole("tab", { name: "Check data" }).click();
  const fields = page.locator("#data-fields input");
  await fields.nth(0).fill("(1000, 7, 8)");
  await page.locator("#data-result .finding").first().waitFor();
  await fields.nth(0).fill("1000, 7");
  await page.locator("#data-result .finding", { hasText: "SEQ503" }).waitFor();
  await fields.nth(0).fill("many");
  await page.locator("#data-result .problem", { hasText: "not a valid shape" }).waitFor();
  await page.getByRole("tab", { name: "Keras" }).click();
});

test("an error message of a framework is explained, and its picture opened", async () => {
  for (const { message, data, targets, words } of expected.errors) {
    const { diagnosis, text: told } = await ask(page, "error", { message, data, targets });
    assert.equal(told, words);
    for (const { meaning, right } of diagnosis.explanations) assert.ok(meaning !== "" && right !== "");
  }
  const { message, right } = expected.errors[0];
  await page.getByRole("tab", { name: "From an error" }).click();
  await page.locator("#error-message").fill(message);
  await page.getByRole("button", { name: "Explain" }).click();
  await page.locator("#error-result .right").getByRole("button", { name: "Use this picture" }).first().click();
  await settled(page);
  assert.equal(await text(page), right);
  await page.locator("#error-message").fill("nothing of this is a message");
  await page.getByRole("button", { name: "Explain" }).click();
  await page.locator("#error-result", { hasText: "is not known" }).waitFor();
  await page.getByRole("tab", { name: "Keras" }).click();
});

test("examples are found and opened", async () => {
  await page.getByRole("button", { name: "Examples…" }).click();
  await page.locator("#examples-list li").first().waitFor();
  await page.locator("#examples-search").fill("residual transformer");
  const names = await page.locator("#examples-list strong").allTextContents();
  assert.ok(names.length > 0 && names.length < Object.keys(expected.examples).length);
  await page.locator("#examples-search").fill("karpathy-five");
  await page.keyboard.press("Enter");
  await settled(page);
  assert.equal(await text(page), expected.texts["karpathy-five"]);
  // It has five models: each is shown when it is chosen.
  const models = expected.examples["karpathy-five"];
  await page.locator("#models").selectOption(models[3].model);
  await settled(page);
  const keras = () => page.evaluate(() => globalThis.playground.results.text("keras"));
  assert.equal(await keras(), models[3].sources.keras.text);
});

test("a file is opened under its name, and one that is no text is refused", async () => {
  const file = (name, buffer) => ({ name, mimeType: "text/plain", buffer });
  await page.locator("#open").setInputFiles(file("my model.seq", Buffer.from(expected.texts.residual)));
  await page.locator("#name", { hasText: "my-model.seq" }).waitFor();
  await settled(page);
  assert.equal(await text(page), expected.texts.residual);
  await page.locator("#open").setInputFiles(file("latin.seq", Buffer.from("O  # caf\xe9\n|\nO\n", "latin1")));
  await page.locator("#toast", { hasText: "latin.seq is not UTF-8 text" }).waitFor();
  assert.equal(await text(page), expected.texts.residual);
});

test("a link holds the picture and its name", async () => {
  await browser.context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const picture = `${expected.texts["attention-decoder"]}# Ω, an arrow →, a box │\n`;
  await page.evaluate((given) => globalThis.playground.open({ text: given, name: "my-model" }), picture);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.locator("#toast", { hasText: "Link copied" }).waitFor();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  assert.ok(link.startsWith(`${browser.url}#z=`) && link.length < 2000, link);
  const other = await visit(browser, link.slice(browser.url.length));
  assert.equal(await text(other), picture);
  assert.equal(await other.locator("#name").textContent(), "my-model.seq");
  await other.close();
});

test("links that others write work, too, and broken ones say so", async () => {
  const plain = await visit(browser, `#text=${encodeURIComponent(WRONG)}&name=wrong`);
  assert.equal(await text(plain), WRONG);
  assert.equal(await plain.locator("#name").textContent(), "wrong.seq");
  await plain.close();
  const example = await visit(browser, "#example=stacked");
  assert.equal(await text(example), expected.texts.stacked);
  await example.close();
  const damaged = await visit(browser, "#z=eJz_damaged");
  await damaged.locator("#toast", { hasText: "The link is damaged" }).waitFor();
  await damaged.close();
});

test("a picture that is too long for a link says so", async () => {
  const noise = Array.from({ length: 900 }, (_, at) => `# ${Math.sin(at)} ${Math.cos(at)}`).join("\n");
  await write(page, `${noise}\nO\n|\nO\n`);
  await page.getByRole("button", { name: "Copy link" }).click();
  await page.locator("#toast", { hasText: "too long for a link" }).waitFor();
});

test("without a mouse everything is reached", async () => {
  await write(page, expected.fix.text);
  await page.locator(".cm-finding .fix").waitFor();
  await page.locator("#editor .cm-content").focus();
  await page.keyboard.press("Control+Home");
  await page.keyboard.press("F8");
  const head = () => page.evaluate(() => globalThis.playground.editor.state.selection.main.head);
  assert.equal(await head(), expected.fix.text.indexOf("|  |") + 3);
  await page.keyboard.press("Control+.");
  await settled(page);
  assert.equal(await text(page), expected.fix.fixed);
  // From the first control of the page to its last, by Tab alone.
  await page.evaluate(() => document.activeElement?.blur());
  const reached = new Set();
  for (let count = 0; count < 60; count += 1) {
    await page.keyboard.press("Tab");
    reached.add(await page.evaluate(() => document.activeElement?.id || document.activeElement?.className));
  }
  for (const id of ["examples", "new", "format", "link", "open", "save", "reset", "help", "theme", "tab-keras"]) {
    assert.ok(reached.has(id), `${id} of ${[...reached].join(", ")}`);
  }
  await page.locator("#tab-keras").focus();
  for (const id of ["tab-torch", "tab-numpy", "tab-explanation"]) {
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.evaluate(() => document.activeElement?.id), id);
    assert.equal(await page.locator('[role="tabpanel"]:visible').getAttribute("aria-labelledby"), id);
  }
  await page.keyboard.press("Home");
});

test("every control has a name", async () => {
  for (const control of [null, "#examples", "#new", "#help"]) {
    if (control !== null) await page.locator(control).click();
    const session = await browser.context.newCDPSession(page);
    const { nodes } = await session.send("Accessibility.getFullAXTree");
    const roles = new Set(["button", "textbox", "searchbox", "combobox", "tab", "tabpanel", "img", "image", "dialog"]);
    const shown = nodes.filter((node) => !node.ignored && roles.has(node.role?.value));
    const nameless = shown.filter((node) => !node.name?.value);
    assert.ok(shown.length > 1, control ?? "page");
    assert.deepEqual(nameless.map((node) => node.role.value), [], control ?? "page");
    await session.detach();
    if (control !== null) await page.keyboard.press("Escape");
  }
});

test("light and dark are remembered, and the drawing follows", async () => {
  await write(page, expected.texts.stacked);
  const light = await page.evaluate(() => globalThis.playground.results.svg);
  await page.getByRole("button", { name: "Use dark colors" }).click();
  await settled(page);
  const drawn = await page.evaluate(() => globalThis.playground.results.svg);
  assert.notEqual(drawn, light);
  const other = await visit(browser);
  assert.equal(await other.evaluate(() => document.documentElement.dataset.theme), "dark");
  await other.close();
  await page.getByRole("button", { name: "Use light colors" }).click();
  await settled(page);
  assert.equal(await page.evaluate(() => globalThis.playground.results.svg), light);
});

test("within another page the colors are those of that page", async () => {
  const other = await visit(browser, "?theme=dark");
  const shown = () => other.evaluate(() => document.documentElement.dataset.theme);
  assert.equal(await shown(), "dark");
  await other.evaluate(() => postMessage({ theme: "light" }, location.origin));
  await other.waitForFunction(() => document.documentElement.dataset.theme === "light");
  await other.evaluate(() => postMessage({ theme: "no theme" }, location.origin));
  assert.equal(await shown(), "light");
  await other.close();
  assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), "light");
});

test("the licenses of all that is packed are one click away", async () => {
  const response = await page.request.get(`${browser.url}licenses.txt`);
  const notices = await response.text();
  const packages = ["@codemirror/view", "@lezer/common", "Pyodide", "Jinja2", "lark", "MarkupSafe", "networkx"];
  for (const name of packages) assert.ok(notices.includes(`== ${name}`), name);
  await page.getByRole("button", { name: "Keys and help" }).click();
  assert.equal(await page.getByRole("link", { name: "licenses" }).getAttribute("href"), "licenses.txt");
});

test("what was drawn is there after a reload, until it is reset", async () => {
  await write(page, expected.texts.residual);
  const other = await visit(browser);
  assert.equal(await text(other), expected.texts.residual);
  await other.getByRole("button", { name: "Reset" }).click();
  await settled(other);
  assert.match(await text(other), /lstm\(16\)/);
  await other.close();
  const third = await visit(browser);
  assert.match(await text(third), /lstm\(16\)/);
  await third.close();
});

test("a picture from a link runs no script", async () => {
  const evil = 'model a\n\nO  # <img src=x onerror="globalThis.evil = 1"><script>globalThis.evil = 1</script>\n|\nO\n';
  const other = await visit(browser, `#text=${encodeURIComponent(evil)}&name=${encodeURIComponent("<b>x</b>")}`);
  assert.equal(await text(other), evil);
  assert.equal(await other.locator("#name").textContent(), "picture.seq");
  assert.equal(await other.evaluate(() => globalThis.evil), undefined);
  await other.close();
});

test("a phone has all of it in one column", async () => {
  const other = await visit(browser);
  await other.setViewportSize({ width: 360, height: 720 });
  await write(other, expected.texts["attention-decoder"]);
  const wide = await other.evaluate(() => document.documentElement.scrollWidth);
  assert.equal(wide, 360);
  const tops = await other.evaluate(() =>
    ["editor", "drawing", "tabs", "panel-keras"].map((id) => document.getElementById(id).getBoundingClientRect().top),
  );
  assert.deepEqual(tops, [...tops].sort((one, two) => one - two));
  await other.getByRole("button", { name: "From shapes…" }).click();
  const dialog = await other.locator("#new-dialog").boundingBox();
  assert.ok(dialog.x >= 0 && dialog.x + dialog.width <= 360);
  await other.close();
});

test("a fault of ours is an answer, and the next request is answered as well", async () => {
  const known = browser.problems.length;
  await assert.rejects(ask(page, "code", { code: "SEQ999" }), /KeyError: 'SEQ999'/);
  await assert.rejects(ask(page, "compile", { text: 1, name: "picture" }), /AttributeError|TypeError/);
  const { models } = await ask(page, "compile", {
    text: expected.texts.stacked,
    name: "stacked",
    model: null,
    views: ["keras"],
    theme: "light",
  });
  assert.equal(models[0].name, "stacked");
  browser.problems.splice(known);
});

test("the watchdog starts another compiler where one does not answer", async () => {
  const other = await visit(browser);
  const wide = "O".repeat(1) + " O".repeat(300);
  const rows = Array.from({ length: 300 }, () => wide).join(`\n${wide.replace(/O/g, "|")}\n`);
  const slow = { text: rows, name: "slow", model: null, views: ["drawing"], theme: "light" };
  await other.evaluate(() => (globalThis.playground.compiler.limits.compile = 30));
  await assert.rejects(ask(other, "compile", slow), /no answer to compile in time/);
  await other.evaluate(() => (globalThis.playground.compiler.limits.compile = 10_000));
  const quick = { ...slow, text: expected.texts.stacked, name: "stacked", views: ["keras"] };
  const { views } = await ask(other, "compile", quick);
  assert.equal(views.keras.text, expected.examples.stacked[0].sources.keras.text);
  assert.equal(await other.evaluate(() => globalThis.playground.compiler.restarts), 1);
  await other.close();
});

test("nothing was asked of another host, and nothing went wrong unseen", () => {
  const elsewhere = browser.requests.filter((url) => {
    const { protocol, origin, pathname } = new URL(url);
    const isHere = origin === new URL(browser.url).origin && pathname.startsWith(BASE);
    return !isHere && !["blob:", "data:"].includes(protocol);
  });
  assert.ok(browser.requests.some((url) => url.endsWith(".wasm")));
  assert.deepEqual(elsewhere, []);
  assert.deepEqual(browser.problems, []);
});
