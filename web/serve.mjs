// a folder → a server on loopback, as static hosts serve it: compressed, with types, under any path.

import { createReadStream, existsSync, readFileSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { dirname, extname, join, normalize } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".json": "application/json",
  ".mjs": "text/javascript",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
  ".gz": "application/gzip",
};
const COMPRESSED = new Set([".css", ".html", ".js", ".json", ".mjs", ".svg", ".wasm"]);

export const site = join(dirname(fileURLToPath(import.meta.url)), "..", "build", "site");

// `sent` is called with the path and the number of bytes of each answer.
export function serve({ folder = site, base = "/", port = 0, sent = () => {} } = {}) {
  const packed = new Map();
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, "http://localhost");
    const inside = pathname.startsWith(base) ? pathname.slice(base.length) : "..";
    const file = normalize(join(folder, decodeURIComponent(inside) || "index.html"));
    if (!file.startsWith(normalize(folder)) || !existsSync(file) || !statSync(file).isFile()) {
      response.writeHead(404).end();
      return;
    }
    const ending = extname(file);
    const headers = { "content-type": TYPES[ending] ?? "application/octet-stream", "cache-control": "no-cache" };
    if (!COMPRESSED.has(ending)) {
      sent(pathname, statSync(file).size);
      response.writeHead(200, headers);
      createReadStream(file).pipe(response);
      return;
    }
    // Built anew, it is another file.
    const key = `${file} ${statSync(file).mtimeMs}`;
    if (!packed.has(key)) packed.set(key, gzipSync(readFileSync(file), { level: 9 }));
    const body = packed.get(key);
    sent(pathname, body.length);
    response.writeHead(200, { ...headers, "content-encoding": "gzip" }).end(body);
  });
  return new Promise((resolve) => {
    server.listen(port, "127.0.0.1", () => {
      const url = `http://127.0.0.1:${server.address().port}${base}`;
      resolve({ url, close: () => server.close() });
    });
  });
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { url } = await serve({ port: Number(process.env.PORT ?? 8000) });
  console.log(`The playground is at ${url} (Ctrl-C ends it)`);
}
