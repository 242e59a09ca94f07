// Which Python is meant, and what is missing in it.

const vscode = require("vscode");
const { execFile } = require("node:child_process");
const { commandLine } = require("./command_line");

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

// Why a Python cannot run some code, in words that follow a colon; undefined if it can.
async function lacks(python, code, cwd) {
  const error = await run(python, ["-c", code], cwd);
  if (!error) return undefined;
  if (error.code === "ENOENT" || error.code === "EACCES") {
    return { reason: `there is no Python at “${python}”`, canInstall: false };
  }
  const last = error.stderr.trim().split("\n").at(-1) ?? "";
  const module = /No module named '([\w.]+)'/.exec(last)?.[1];
  const reason = module ? `the Python “${python}” does not have ${module}` : `“${python}” says “${last}”`;
  return { reason, canInstall: true };
}

function run(command, given, cwd) {
  return new Promise((resolve) => {
    // Never within the opened folder: a file `types.py` there would be imported in place of Python's own.
    execFile(command, given, { cwd, timeout: 30_000 }, (error, _, stderr) => {
      resolve(error && { code: error.code, stderr });
    });
  });
}

function openSettings() {
  vscode.commands.executeCommand("workbench.action.openSettings", "seqdsl.");
}

// Install packages, where people see it; `next`: what to do after that.
function installed(python, packages, next) {
  inTerminal("seqdsl", [python, "-m", "pip", "install", packages]);
  vscode.window.showInformationMessage(`seqdsl: when it is installed, ${next}.`);
}

// Run a command in a new terminal.
function inTerminal(name, words) {
  const { shell } = vscode.env;
  // Named, so that it is the one that the words are quoted for.
  const terminal = vscode.window.createTerminal({ name, shellPath: shell || undefined });
  terminal.show();
  terminal.sendText(commandLine(words, shell));
}

module.exports = { findPython, inTerminal, installed, lacks, openSettings };
