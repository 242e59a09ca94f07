// The extension: it starts the language server, shows drawings, and runs the commands that are offered above models.
// What a picture means, the server knows; nothing of it is decided here.

const vscode = require("vscode");
const { LanguageClient, State } = require("vscode-languageclient/node");
const { Preview } = require("./preview");
const { serverOptions } = require("./server_options");
const { verify } = require("./verify");

const LANGUAGES = ["seq", "markdown", "python"];

// Where the core looks for pictures in texts of other languages: a server for all who open Python would be one too many.
const PICTURE = /(\.\. |[`~]{3}\s*)seq\b/;

let client;
// Starting and stopping, one after the other.
let changing = Promise.resolve();

async function activate(context) {
  const preview = new Preview((...given) => ask("seqdsl.server.drawing", ...given));
  const commands = {
    "seqdsl.preview": () => preview.show(vscode.window.activeTextEditor),
    "seqdsl.draw": (uri) => preview.show(editorOf(uri) ?? vscode.window.activeTextEditor),
    "seqdsl.generate": generate,
    "seqdsl.problems": () => vscode.commands.executeCommand("workbench.actions.view.problems"),
    "seqdsl.verify": (uri) => verify(uri, context.extensionPath),
    "seqdsl.restart": () => restart(context),
  };
  for (const [name, run] of Object.entries(commands)) {
    context.subscriptions.push(vscode.commands.registerCommand(name, run));
  }
  context.subscriptions.push(
    preview,
    vscode.workspace.onDidChangeConfiguration((change) => {
      const isOurs = ["seqdsl.server", "seqdsl.interpreter"].some((name) => change.affectsConfiguration(name));
      if (isOurs && client) restart(context);
    }),
    vscode.workspace.onDidOpenTextDocument((document) => startFor(document, context)),
    vscode.workspace.onDidChangeTextDocument((change) => startFor(change.document, context)),
  );
  for (const document of vscode.workspace.textDocuments) startFor(document, context);
  await changing;
}

function startFor(document, context) {
  if (client || !LANGUAGES.includes(document.languageId)) return;
  if (document.languageId !== "seq" && !PICTURE.test(document.getText())) return;
  client = "starting";
  changing = changing.then(() => start(context));
}

async function start(context) {
  const options = await serverOptions(context.extensionPath);
  if (!options) return;
  client = new LanguageClient("seqdsl", "seqdsl", options, {
    documentSelector: LANGUAGES.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
  });
  await client.start();
}

function restart(context) {
  changing = changing.then(async () => {
    const old = client;
    // A client that did not start has nothing to stop.
    if (old?.state === State.Running) await old.dispose();
    await start(context);
  });
  return changing;
}

async function ask(command, ...given) {
  await changing;
  if (client?.state !== State.Running) return "";
  return client.sendRequest("workspace/executeCommand", { command, arguments: given });
}

async function generate(uri, model, target) {
  const content = await ask("seqdsl.server.source", uri, model, target);
  if (!content) return;
  const document = await vscode.workspace.openTextDocument({ language: "python", content });
  await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside, true);
}

function editorOf(uri) {
  return vscode.window.visibleTextEditors.find((editor) => editor.document.uri.toString() === uri);
}

async function deactivate() {
  await changing;
  if (client?.state === State.Running) await client.dispose();
}

module.exports = { activate, deactivate };
