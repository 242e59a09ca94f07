// picture ↔ the hash of a link: `#text=...` as it is, `#z=...` compressed; `name=` beside it names the file.

import type { Picture } from "./protocol";

// Longer addresses are cut by mail programs, messengers and proxies.
export const LONGEST = 8_000;

// A link may hold anything: more than this is no picture, however small it is compressed.
const LARGEST = 1_000_000;
const NAME = /^[A-Za-z][\w-]{0,80}$/;

export class TooLong extends Error {}
export class BadLink extends Error {}

export async function toLink(picture: Picture, page: string): Promise<string> {
  const parameters = new URLSearchParams({ z: base64url(await deflated(picture.text)) });
  if (picture.name !== "picture") parameters.set("name", picture.name);
  const link = `${page.split("#")[0]}#${parameters.toString()}`;
  if (link.length > LONGEST) {
    throw new TooLong(
      `The picture is too long for a link: ${link.length.toLocaleString("en")} characters, ` +
        `and at most ${LONGEST.toLocaleString("en")} are safe. Download it as a file instead.`,
    );
  }
  return link;
}

export async function fromHash(hash: string): Promise<Picture | { example: string } | null> {
  const parameters = new URLSearchParams(hash.replace(/^#/, ""));
  const example = parameters.get("example");
  if (example !== null) return { example };
  const name = parameters.get("name") ?? "picture";
  const text = parameters.get("text") ?? (await unpacked(parameters.get("z")));
  if (text === null) return null;
  if (text.length > LARGEST) throw new BadLink("The picture in this link is too large.");
  return { text, name: NAME.test(name) ? name : "picture" };
}

async function unpacked(packed: string | null): Promise<string | null> {
  if (packed === null) return null;
  try {
    return await inflated(bytes(packed));
  } catch (error) {
    throw new BadLink("The link is damaged: a part of it may be missing.", { cause: error });
  }
}

async function deflated(text: string): Promise<Uint8Array> {
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Read piece by piece, as a few bytes may inflate to more than a page can hold.
async function inflated(data: Uint8Array<ArrayBuffer>): Promise<string> {
  const stream = new Blob([data]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  const reader = stream.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    text += decoder.decode(value, { stream: true });
    if (text.length > LARGEST) return text;
  }
}

function base64url(data: Uint8Array): string {
  let binary = "";
  for (const byte of data) binary += String.fromCharCode(byte);
  return btoa(binary).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function bytes(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(binary, (char) => char.charCodeAt(0));
}
