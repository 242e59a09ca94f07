// Which language server is started: the one that the extension carries, or that of an installed Python.

const vscode = require("vscode");
const { join } = require("node:path");
const { TransportKind } = require("vscode-languageclient/node");
const { findPython, lacks, openSettings, installed } = require("./python");

// How to start it; undefined, with a message, if it cannot be.
async function serverOptions(extensionPath) {
  const cwd = extensionPath;
  if (vscode.workspace.getConfiguration("seqdsl").get("server") !== "python") {
    return { module: join(extensionPath, "dist", "server.js"), transport: TransportKind.ipc, options: { cwd } };
  }
  const python = await findPython();
  const missing = await lacks(python, "import seqdsl.lsp.server", cwd);
  if (!missing) return { command: python, args: ["-m", "seqdsl", "lsp", "--stdio"], options: { cwd } };
  // Not awaited: the message may stay for as long as somebody likes.
  tell(python, missing);
  return undefined;
}

async function tell(python, missing) {
  const bundled = "Use the Bundled Server";
  const choices = [bundled, ...(missing.canInstall ? ["Install"] : []), "Choose Another Python"];
  const message = `The language server of seqdsl cannot start: ${missing.reason}.`;
  const chosen = await vscode.window.showErrorMessage(message, ...choices);
  if (chosen === bundled) {
    const settings = vscode.workspace.getConfiguration("seqdsl");
    // Wherever it was set, it no longer counts.
    for (const place of [vscode.ConfigurationTarget.Workspace, vscode.ConfigurationTarget.Global]) {
      await settings.update("server", undefined, place).then(undefined, () => undefined);
    }
  } else if (chosen === "Install") {
    installed(python, "seqdsl[lsp]", "run the command “seqdsl: Restart the language server”");
  } else if (chosen) openSettings();
}

module.exports = { serverOptions };
