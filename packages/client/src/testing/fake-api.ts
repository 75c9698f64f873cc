import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/**
 * An API server as far as informers need one, as a process of its own: `fake-api.ts PORT [ADDRESS]`, on 127.0.0.1 when no
 * address is given. It prints `ready`, then each write of a client as `{"method", "path", "body"}`, a line each. Each line
 * of input replaces all objects, `{"services": [...], "nodes": [...]}`; watches then end with "410 Gone", so that clients
 * list again.
 */
const [port, address = "127.0.0.1"] = process.argv.slice(2);
const watches = new Set<ServerResponse>();
let objects: Readonly<Record<string, readonly unknown[]>> = {};
let version = 1;

const gone = () => `${JSON.stringify({ type: "ERROR", object: { kind: "Status", code: 410, reason: "Expired" } })}\n`;

const server = createServer((request, response) => {
  const url = new URL(request.url ?? "/", "http://localhost");
  response.setHeader("content-type", "application/json");
  if (request.method !== "GET") {
    void text(request).then((body) => {
      process.stdout.write(`${JSON.stringify({ method: request.method, path: url.pathname, body })}\n`);
      response.end("{}");
    });
  } else if (!url.searchParams.has("watch")) {
    const items = objects[url.pathname.split("/").at(-1) ?? ""] ?? [];
    const metadata = { resourceVersion: String(version) };
    response.end(JSON.stringify({ kind: "List", apiVersion: "v1", metadata, items }));
  } else if (url.searchParams.get("resourceVersion") !== String(version)) {
    response.end(gone());
  } else {
    response.flushHeaders();
    watches.add(response);
    response.once("close", () => watches.delete(response));
  }
});
server.listen(Number(port), address, () => process.stdout.write("ready\n"));

for await (const line of createInterface({ input: process.stdin })) {
  objects = JSON.parse(line) as typeof objects;
  version += 1;
  for (const watch of watches) watch.end(gone());
}
