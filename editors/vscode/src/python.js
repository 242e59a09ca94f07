// Which Python has seqdsl, and what is missing if none has.

const vscode = require("vscode");
const { execFile } = require("node:child_process");

async function findPython() {
  const chosen = vscode.workspace.getConfiguration("seqdsl").get("interpreter");
  return chosen || (await selected()) || (process.platform === "win32" ? "python" : "python3");
}

// The one that the Python extension has, where that is installed.
async function selected() {
  const extension = vscode.extensions.getExtension("ms-python.python");
  if (!extension) return undefined;
  const api = await extension.activate();
  const place = api?.environments?.getActiveEnvironmentPath?.(vscode.window.activeTextEditor?.document.uri);
  const environment = place && (await api.environments.resolveEnvironment(place));
  return environment?.executable?.uri?.fsPath;
}

// A sentence about what keeps the server from starting; undefined if nothing does.
async function problem(python, cwd) {
  const error = await run(python, ["-c", "import seqdsl.lsp.server"], cwd);
  if (!error) return undefined;
  if (error.code === "ENOENT" || error.code === "EACCES") {
    return { message: `seqdsl: there is no Python at “${python}”.`, install: false };
  }
  const last = error.stderr.trim().split("\n").at(-1) ?? "";
  const what = /No module named/.test(last) ? "does not have seqdsl[lsp]" : `cannot start it (${last})`;
  return { message: `seqdsl: the Python “${python}” ${what}.`, install: true };
}

function run(command, given, cwd) {
  return new Promise((resolve) => {
    // Never within the opened folder: a file `types.py` there would be imported in place of Python's own.
    execFile(command, given, { cwd, timeout: 30_000 }, (error, _, stderr) => {
      resolve(error && { code: error.code, stderr });
    });
  });
}

module.exports = { findPython, problem };
