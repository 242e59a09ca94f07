// `seqdsl verify` in a terminal: it builds and runs the model, for which Python and a framework have to be installed.

const vscode = require("vscode");
const { findPython, inTerminal, installed, lacks, openSettings } = require("./python");

// Ends with an error that names what is missing.
const CHECK =
  "import seqdsl.cli.main; from importlib.util import find_spec as f; f('torch') or f('keras') or __import__('keras')";

async function verify(uri, cwd) {
  if (!vscode.workspace.isTrusted) {
    vscode.window.showErrorMessage("Verify runs the model: trust this folder first.");
    return;
  }
  const python = await findPython();
  const missing = await lacks(python, CHECK, cwd);
  if (missing) {
    await tell(python, missing);
    return;
  }
  const path = await saved(uri);
  if (path === undefined) return;
  inTerminal("seqdsl verify", [python, "-m", "seqdsl", "verify", path]);
}

// The file of a text: what is verified is what others have, too.
async function saved(uri) {
  const document = vscode.workspace.textDocuments.find((item) => item.uri.toString() === uri);
  const isSaved = document === undefined || (await document.save());
  if (!isSaved) return undefined;
  // A text that was new has another address once it is saved.
  const place = document?.isUntitled ? vscode.window.activeTextEditor?.document.uri : vscode.Uri.parse(uri);
  return place?.scheme === "file" ? place.fsPath : undefined;
}

async function tell(python, missing) {
  const message =
    "Verify builds the model in Keras and PyTorch and compares what they compute with the picture. " +
    `It needs a Python that has seqdsl and one of them: ${missing.reason}. Everything else works without it.`;
  const choices = missing.canInstall ? ["Install for Keras", "Install for PyTorch"] : [];
  const chosen = await vscode.window.showErrorMessage(message, ...choices, "Choose Another Python");
  if (chosen === "Choose Another Python") openSettings();
  else if (chosen) {
    const extra = chosen.endsWith("Keras") ? "keras" : "torch";
    installed(python, `seqdsl[${extra}]`, "click Verify again");
  }
}

module.exports = { verify };
