import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import { createInterface } from "node:readline";
import { text } from "node:stream/consumers";

/**
 * An API server as far as the agent needs one, on all addresses and the given port. Each line of input is the list of
 * all nodes; watches then end with "410 Gone", so that clients list again. What clients write is printed, a line each.
 */
const port = Number(process.argv[2]);
const watches = new Set<ServerResponse>();
let nodes: readonly unknown[] = [];
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
    response.end(
      JSON.stringify({ kind: "List", apiVersion: "v1", metadata: { resourceVersion: String(version) }, items: nodes }),
    );
  } else if (url.searchParams.get("resourceVersion") !== String(version)) {
    response.end(gone());
  } else {
    response.flushHeaders();
    watches.add(response);
    response.once("close", () => watches.delete(response));
  }
});
server.listen(port, "::", () => process.stdout.write("ready\n"));

for await (const line of createInterface({ input: process.stdin })) {
  nodes = JSON.parse(line) as readonly unknown[];
  version += 1;
  for (const watch of watches) watch.end(gone());
}
