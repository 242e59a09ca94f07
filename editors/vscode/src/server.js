// The language server without an installed Python: Pyodide runs it, this process has the pipes.
// `node server.js --stdio` serves any editor; without an argument, the process that forked it.

const { readFileSync } = require("node:fs");
const { join } = require("node:path");
const { pathToFileURL } = require("node:url");
const {
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
} = require("vscode-jsonrpc/node");

const isStdio = process.argv.includes("--stdio");
const reader = isStdio ? new StreamMessageReader(process.stdin) : new IPCMessageReader(process);
const writer = isStdio ? new StreamMessageWriter(process.stdout) : new IPCMessageWriter(process);

const server = start();
server.catch((error) => {
  console.error(error);
  process.exit(1);
});
// Messages that come in while Python starts wait for it, in their order.
reader.listen(async (message) => {
  const receive = await server;
  if (!receive(JSON.stringify(message))) process.exit(0);
});
// An editor that was killed says no goodbye.
reader.onClose(() => process.exit(0));
process.on("disconnect", () => process.exit(0));

async function start() {
  const here = join(__dirname, "pyodide");
  const { loadPyodide } = await import(pathToFileURL(join(here, "pyodide.mjs")).href);
  const python = await loadPyodide({
    indexURL: `${here}/`,
    stdLibURL: join(here, "standard.zip"),
    // Standard output may be the pipe to the editor: what Python prints goes elsewhere.
    stdout: console.error,
    stderr: console.error,
  });
  // Python imports from the archive as it is: nothing is unpacked.
  python.FS.writeFile("/core.zip", readFileSync(join(here, "core.zip")));
  python.runPython("import sys; sys.path.insert(0, '/core.zip')");
  return python.pyimport("bundled").connect((text) => void writer.write(JSON.parse(text)));
}
