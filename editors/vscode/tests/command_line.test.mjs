// Words that a shell would change, through a shell.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { test } from "node:test";

const { commandLine } = createRequire(import.meta.url)("../src/command_line.js");

const WORDS = ["/a b/c.seq", "it's", "$(echo no)", "`echo no`", "a\\b", '"quoted"', "!!", "50%", "ä’x"];

for (const shell of ["/bin/sh", "/bin/bash"]) {
  test(`${shell} reads each word as it is`, () => {
    const script = "console.log(JSON.stringify(process.argv.slice(1)))";
    const line = commandLine([process.execPath, "-e", script, "--", ...WORDS], shell);
    const { stdout } = spawnSync(shell, ["-c", line], { encoding: "utf8" });
    assert.deepEqual(JSON.parse(stdout), WORDS);
  });
}

test("PowerShell runs what is quoted, and expands nothing in it", () => {
  const line = commandLine(["C:\\my python\\python.exe", "-m", "seqdsl", "C:\\$(no)\\it's ’.seq"], "C:\\x\\pwsh.exe");
  assert.equal(line, "& 'C:\\my python\\python.exe' '-m' 'seqdsl' 'C:\\$(no)\\it''s ’’.seq'");
});

test("cmd takes double quotes, where they are needed", () => {
  const line = commandLine(["C:\\python.exe", "verify", "C:\\a b.seq"], "C:\\Windows\\System32\\cmd.exe");
  assert.equal(line, 'C:\\python.exe verify "C:\\a b.seq"');
});
