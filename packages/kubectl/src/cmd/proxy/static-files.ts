import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import type { IncomingMessage, ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { answerText, redirect } from "./answer.ts";

const types: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".gif": "image/gif",
  ".htm": "text/html; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".jpeg": "image/jpeg",
  ".jpg": "image/jpeg",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".mjs": "text/javascript; charset=utf-8",
  ".pdf": "application/pdf",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".wasm": "application/wasm",
  ".webp": "image/webp",
  ".xml": "text/xml; charset=utf-8",
  ".yaml": "application/x-yaml",
  ".yml": "application/x-yaml",
};

/** Answers with a file of a directory, or a list of what is in it. `path` is below the directory and has no `..`. */
export async function serveFile(
  directory: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "GET" && request.method !== "HEAD") return answerText(response, 405, "method not allowed");
  const place = join(directory, path);
  const found = await stat(place).catch(() => undefined);
  if (!found || path.includes("\0")) return answerText(response, 404, "404 page not found");
  const own = (request.url ?? "").split("?", 1)[0] ?? "";
  if (found.isDirectory()) {
    if (!own.endsWith("/")) return redirect(response, 301, `${own.split("/").at(-1) ?? ""}/`);
    const index = join(place, "index.html");
    if ((await stat(index).catch(() => undefined))?.isFile()) return sendFile(index, request, response);
    return listDirectory(place, response);
  }
  if (!found.isFile()) return answerText(response, 404, "404 page not found");
  return sendFile(place, request, response);
}

async function sendFile(place: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { size, mtime } = await stat(place);
  response.writeHead(200, {
    "Content-Type": types[extname(place).toLowerCase()] ?? "application/octet-stream",
    "Content-Length": size,
    "Last-Modified": mtime.toUTCString(),
  });
  if (request.method === "HEAD") response.end();
  // What the file gains meanwhile is not part of the answer.
  else if (size === 0) response.end();
  else await pipeline(createReadStream(place, { end: size - 1 }), response);
}

async function listDirectory(place: string, response: ServerResponse): Promise<void> {
  const entries = await readdir(place, { withFileTypes: true });
  const names = entries.map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name)).toSorted();
  const lines = names.map((name) => `<a href="${encodeURI(name)}">${escapeHtml(name)}</a>\n`);
  const text = `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines.join("")}</pre>\n`;
  response.writeHead(200, { "Content-Type": "text/html; charset=utf-8", "Content-Length": Buffer.byteLength(text) });
  response.end(text);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
