import type { Stats } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { readdir } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { hasCode, openBeneath, OutsideError } from "../volumes/open-beneath.ts";
import { sendText } from "./exchange.ts";
import { RequestError } from "./pod-source.ts";

/** Names of one directory that are listed at most. */
const maxNames = 10_000;

/**
 * Sends a file of the directory, or lists a directory of it. Links count where they lead to something inside; whatever
 * leads outside, be it by way of links that appear meanwhile, is not there.
 */
export async function sendNodeLog(
  root: string,
  segments: readonly string[],
  response: ServerResponse,
  signal: AbortSignal,
): Promise<void> {
  if (segments.some((part) => part === ".." || part === "." || part.includes("/") || part.includes("\0"))) {
    throw new RequestError(400, "invalid URL path");
  }
  await using opened = await openBeneath(root, segments.join("/")).catch((error: unknown) => {
    throw error instanceof OutsideError || hasCode(error, "ENOENT", "ENOTDIR", "ELOOP", "ENXIO", "EACCES")
      ? new RequestError(404, "404 page not found")
      : error;
  });
  const info = await opened.handle.stat();
  if (info.isDirectory()) sendText(response, 200, await listing(opened.handle), "text/html; charset=utf-8");
  else if (info.isFile()) await sendFile(opened.handle, info, response, signal);
  else throw new RequestError(404, "404 page not found");
}

async function sendFile(handle: FileHandle, info: Stats, response: ServerResponse, signal: AbortSignal): Promise<void> {
  response.writeHead(200, {
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Length": info.size,
    "Last-Modified": info.mtime.toUTCString(),
    "X-Content-Type-Options": "nosniff",
  });
  if (response.req.method === "HEAD" || info.size === 0) {
    response.end();
    return;
  }
  // What is written to the file from now on is not part of the answer.
  await pipeline(handle.createReadStream({ start: 0, end: info.size - 1, autoClose: false }), response, { signal });
}

async function listing(handle: FileHandle): Promise<string> {
  const entries = await readdir(`/proc/self/fd/${handle.fd}`, { withFileTypes: true });
  const lines = entries
    .map((entry) => (entry.isDirectory() ? `${entry.name}/` : entry.name))
    .sort()
    .slice(0, maxNames)
    .map((name) => `<a href="${encodeURI(name).replaceAll("?", "%3F").replaceAll("#", "%23")}">${escape(name)}</a>\n`);
  return `<pre>\n${lines.join("")}</pre>\n`;
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
