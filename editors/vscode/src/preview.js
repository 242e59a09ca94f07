// A drawing beside the text, of the model that the cursor is in.

const vscode = require("vscode");

const DELAY = 120;

class Preview {
  // draw(uri, line, theme): the drawing as SVG, empty if there is none.
  constructor(draw) {
    this.draw = draw;
    this.editor = undefined;
    this.panel = undefined;
    this.timer = undefined;
    this.shown = "";
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
      this.panel = vscode.window.createWebviewPanel("seqdsl.preview", "Drawing", place, { enableScripts: false });
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.shown = "";
      });
    }
    this.panel.reveal(undefined, true);
    this.later(0);
  }

  follow(editor) {
    if (!this.panel || !editor || !["seq", "markdown", "python"].includes(editor.document.languageId)) return;
    this.editor = editor;
    this.later();
  }

  later(delay = DELAY) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.update(), delay);
  }

  async update() {
    if (!this.panel || !this.editor) return;
    const { document, selection } = this.editor;
    const version = document.version;
    let svg;
    try {
      svg = await this.draw(document.uri.toString(), selection.active.line, theme());
    } catch (error) {
      // Such as a server of another version: an empty panel would say nothing.
      this.shown = "";
      if (this.panel) this.panel.webview.html = page(`<p>${escaped(String(error.message ?? error))}</p>`);
      return;
    }
    // A picture with errors keeps its last drawing, and of two answers the older one is dropped.
    if (!svg || !this.panel || document.version !== version || svg === this.shown) return;
    this.shown = svg;
    this.panel.title = `Drawing of ${document.uri.path.split("/").at(-1)}`;
    this.panel.webview.html = page(image(svg));
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

// An image cannot run anything, whatever is in it, and scales with the panel.
function image(svg) {
  const source = `data:image/svg+xml;base64,${Buffer.from(svg, "utf8").toString("base64")}`;
  return `<img alt="The drawing of the model at the cursor" src="${source}">`;
}

function escaped(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

function page(content) {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<style>
  body { margin: 0; padding: 12px; display: flex; justify-content: center; }
  body.vscode-dark, body.vscode-light { background: var(--vscode-editor-background); }
  img { max-width: 100%; height: auto; }
</style>
</head>
<body>${content}</body>
</html>`;
}

module.exports = { Preview };
