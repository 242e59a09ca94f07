// The extension: it starts `seqdsl lsp`, shows drawings, and runs the commands that are offered above models.
// What a picture means, the server knows; nothing of it is decided here.

const vscode = require("vscode");
const { LanguageClient, State } = require("vscode-languageclient/node");
const { findPython, problem } = require("./python");
const { Preview } = require("./preview");

const LANGUAGES = ["seq", "markdown", "python"];

let client;
let python;

async function activate(context) {
  const preview = new Preview((uri, line, theme) => ask("seqdsl.server.drawing", uri, line, "", theme));
  const commands = {
    "seqdsl.preview": () => preview.show(vscode.window.activeTextEditor),
    "seqdsl.draw": (uri) => preview.show(editorOf(uri) ?? vscode.window.activeTextEditor),
    "seqdsl.generate": generate,
    "seqdsl.verify": verify,
    "seqdsl.restart": () => restart(context),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  context.subscriptions.push(
    preview,
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("seqdsl.interpreter")) restart(context);
    }),
  );
  await start(context);
}

async function start(context) {
  python = await findPython();
  const missing = await problem(python, context.extensionPath);
  if (missing) {
    // Not awaited: the message may stay for as long as somebody likes.
    tell(missing);
    return;
  }
  const run = { command: python, args: ["-m", "seqdsl", "lsp", "--stdio"], options: { cwd: context.extensionPath } };
  const found = new LanguageClient("seqdsl", "seqdsl", { run, debug: run }, {
    documentSelector: LANGUAGES.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
  });
  await found.start();
  client = found;
}

async function tell(missing) {
  const choices = missing.install ? ["Install", "Choose another Python"] : ["Choose another Python"];
  const chosen = await vscode.window.showErrorMessage(missing.message, ...choices);
  if (chosen === "Install") {
    const terminal = vscode.window.createTerminal("seqdsl");
    terminal.show();
    terminal.sendText(`${quoted(python)} -m pip install "seqdsl[lsp]"`);
    vscode.window.showInformationMessage("seqdsl: when it is installed, run the command “Restart the language server”.");
  } else if (chosen) {
    vscode.commands.executeCommand("workbench.action.openSettings", "seqdsl.interpreter");
  }
}

async function restart(context) {
  const old = client;
  client = undefined;
  await old?.dispose();
  await start(context);
}

async function ask(command, ...given) {
  if (client?.state !== State.Running) return "";
  return client.sendRequest("workspace/executeCommand", { command, arguments: given });
}

async function generate(uri, model, target) {
  const content = await ask("seqdsl.server.source", uri, model, target);
  if (!content) return;
  const document = await vscode.workspace.openTextDocument({ language: "python", content });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside, true);
}

async function verify(uri) {
  const editor = editorOf(uri);
  // What is verified is the file: it is what others have, too.
  if (editor?.document.isUntitled || (editor && !(await editor.document.save()))) return;
  const terminal = vscode.window.createTerminal("seqdsl verify");
  terminal.show();
  terminal.sendText(`${quoted(python)} -m seqdsl verify ${quoted(vscode.Uri.parse(uri).fsPath)}`);
}

function editorOf(uri) {
  return vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
}

function quoted(text) {
  // A name with a quote in it would end the argument: it is left to be typed by hand.
  if (/["$`\\]/.test(text) && process.platform !== "win32") return `'${text.replaceAll("'", "'\\''")}'`;
  return /^[\w./:+-]+$/.test(text) ? text : `"${text}"`;
}

async function deactivate() {
  await client?.dispose();
}

module.exports = { activate, deactivate };
