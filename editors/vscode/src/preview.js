// A drawing beside the text, of the model that the cursor is in, with what is at the cursor highlighted.

const vscode = require("vscode");
const { randomBytes } = require("node:crypto");

const DELAY = 60;
const LANGUAGES = ["seq", "markdown", "python"];

class Preview {
  // draw(uri, line, character, theme): the drawing as SVG, empty if there is none.
  constructor(draw) {
    this.draw = draw;
    this.editor = undefined;
    this.panel = undefined;
    this.timer = undefined;
    this.shown = "";
    this.document = undefined;
    this.listeners = [
      vscode.window.onDidChangeTextEditorSelection((event) => this.follow(event.textEditor)),
      vscode.window.onDidChangeActiveTextEditor((editor) => this.follow(editor)),
      vscode.window.onDidChangeActiveColorTheme(() => this.later()),
      vscode.workspace.onDidChangeTextDocument((event) => {
        if (event.document === this.editor?.document) this.later();
      }),
    ];
  }

  show(editor) {
    if (!editor) return;
    this.editor = editor;
    if (!this.panel) {
      const place = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
      this.panel = vscode.window.createWebviewPanel("seqdsl.preview", "Drawing", place, { enableScripts: true });
      this.panel.webview.html = page();
      // The page of a hidden panel is dropped: it is given its drawing again.
      this.panel.onDidChangeViewState(() => this.again());
      this.panel.webview.onDidReceiveMessage(() => this.again());
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.shown = "";
      });
    }
    this.panel.reveal(undefined, true);
    this.later(0);
  }

  follow(editor) {
    if (!this.panel || !editor || !LANGUAGES.includes(editor.document.languageId)) return;
    this.editor = editor;
    this.later();
  }

  again() {
    this.shown = "";
    this.later(0);
  }

  later(delay = DELAY) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), delay);
  }

  async update() {
    if (!this.panel || !this.editor) return;
    const { document, selection } = this.editor;
    const { line, character } = selection.active;
    const version = document.version;
    let message;
    try {
      const svg = await this.draw(document.uri.toString(), line, character, theme());
      message = svg ? { image: image(svg) } : this.without(document);
    } catch (error) {
      // Such as a server of another version: an empty panel would say nothing.
      message = { words: String(error.message ?? error) };
    }
    const text = JSON.stringify(message);
    // Of two answers the older one is dropped.
    if (!message || !this.panel || document.version !== version || text === this.shown) return;
    this.shown = text;
    this.document = document;
    this.panel.title = `Drawing of ${document.uri.path.split("/").at(-1)}`;
    this.panel.webview.postMessage(message);
  }

  // What to show where nothing can be drawn: a picture with errors keeps its last drawing, but not that of another text.
  without(document) {
    if (document === this.document && this.shown) return undefined;
    return { words: "There is nothing to draw yet: no picture in this text, or each one has errors." };
  }

  dispose() {
    clearTimeout(this.timer);
    this.panel?.dispose();
    for (const listener of this.listeners) listener.dispose();
  }
}

// An image follows the colors of the system: those of the editor are asked for.
function theme() {
  const { Dark, HighContrast } = vscode.ColorThemeKind;
  return [Dark, HighContrast].includes(vscode.window.activeColorTheme.kind) ? "dark" : "light";
}

// As an image, a drawing cannot run anything, whatever is in it, and scales with the panel.
function image(svg) {
  return `data:image/svg+xml;base64,${Buffer.from(svg, "utf8").toString("base64")}`;
}

// The page stays while drawings change: it would flicker at each move of the cursor.
function page() {
  const nonce = randomBytes(16).toString("hex");
  const policy = `default-src 'none'; img-src data:; style-src 'nonce-${nonce}'; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<style nonce="${nonce}">
  body { margin: 0; padding: 12px; text-align: center; }
  img { max-width: 100%; height: auto; }
</style>
</head>
<body>
<p></p>
<img alt="The drawing of the model at the cursor" hidden>
<script nonce="${nonce}">
  const drawing = document.querySelector("img");
  addEventListener("message", ({ data }) => {
    document.querySelector("p").textContent = data.words ?? "";
    if (data.image) drawing.src = data.image;
    drawing.hidden = !data.image;
  });
  acquireVsCodeApi().postMessage("ready");
</script>
</body>
</html>`;
}

module.exports = { Preview };
