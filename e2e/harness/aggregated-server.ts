import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from "node:http";
import { createServer } from "node:https";
import type { Server } from "node:https";
import type { AddressInfo } from "node:net";
import type { TLSSocket } from "node:tls";
import { acceptWebSocketUpgrade } from "@kube-ts/client/streaming/upgrade-server";
import type { KubeObject } from "@kube-ts/api/object";
import type { KeyPairFiles } from "../../deploy/pki/authority.ts";

export const group = "wardle.example.com";
const root = `/apis/${group}/v1`;
const kind = { group, version: "v1", kind: "Flunder" };

const resource = {
  name: "flunders",
  singularName: "flunder",
  namespaced: true,
  kind: "Flunder",
  verbs: ["create", "delete", "get", "list", "watch"],
  shortNames: ["fl"],
};

const metadataType = { type: "object", description: "Standard metadata." };
const schema = (reference: string) => ({
  type: "object",
  description: "Flunder is made of something.",
  properties: {
    apiVersion: { type: "string", description: "Version." },
    kind: { type: "string", description: "Kind." },
    metadata: reference === "" ? metadataType : { $ref: reference },
    spec: {
      type: "object",
      description: "What it is made of.",
      properties: { material: { type: "string", description: "The material of the flunder." } },
    },
  },
  "x-kubernetes-group-version-kind": [kind],
});

const name = "com.example.wardle.v1.Flunder";
const metaName = "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta";
const post = (body: object) => ({
  post: {
    ...body,
    operationId: "createFlunder",
    "x-kubernetes-action": "post",
    "x-kubernetes-group-version-kind": kind,
  },
});
const openApiV2 = {
  swagger: "2.0",
  info: { title: "wardle", version: "v1" },
  paths: {
    [`${root}/namespaces/{namespace}/flunders`]: post({
      parameters: [
        { name: "body", in: "body", required: true, schema: { $ref: `#/definitions/${name}` } },
        { name: "fieldValidation", in: "query", type: "string", uniqueItems: true },
      ],
      responses: { 200: { description: "OK", schema: { $ref: `#/definitions/${name}` } } },
    }),
    "/apis/elsewhere/v1/": { get: { operationId: "foreign", responses: { 200: { description: "OK" } } } },
  },
  // Its own idea of a type that the cluster's API server has, too.
  definitions: {
    [name]: schema(`#/definitions/${metaName}`),
    [metaName]: { type: "object", description: "Different." },
  },
};
const openApiV3 = {
  openapi: "3.0.0",
  info: { title: "wardle", version: "v1" },
  paths: {
    [`${root}/namespaces/{namespace}/flunders`]: post({
      parameters: [{ name: "fieldValidation", in: "query", schema: { type: "string" } }],
      requestBody: { content: { "*/*": { schema: { $ref: `#/components/schemas/${name}` } } } },
      responses: { 200: { description: "OK" } },
    }),
  },
  components: { schemas: { [name]: schema("") } },
};

/** An API server with one resource, as somebody might write it who knows nothing of ours. */
export class AggregatedServer implements AsyncDisposable {
  readonly port: number;
  /** Headers of the last request that was not for discovery. */
  seen: IncomingHttpHeaders = {};
  /** Names on the client certificates that came with requests. */
  readonly clients = new Set<string>();
  /** Discovery fails while this is set. */
  broken = false;
  readonly objects = new Map<string, KubeObject>();
  readonly #server: Server;
  readonly #watchers = new Set<ServerResponse>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
  }

  static async start(identity: KeyPairFiles, clientAuthority: string, host: string): Promise<AggregatedServer> {
    const server = createServer({
      cert: readFileSync(identity.cert),
      key: readFileSync(identity.key),
      ca: readFileSync(clientAuthority),
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.listen(0, host);
    await once(server, "listening");
    const made = new AggregatedServer(server);
    server.on("request", (request, response) => void made.#answer(request, response));
    server.on("upgrade", (request, socket, head) => {
      made.seen = request.headers;
      if (request.url?.includes("/refuse"))
        socket.end("HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\n\r\n");
      else {
        void acceptWebSocketUpgrade({ request, socket, head }, ["v1.test"]).then(({ socket: accepted }) => {
          accepted.on("message", (data) => accepted.send(`echo ${String(data)}`));
          accepted.resume();
        });
      }
    });
    return made;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, "close");
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const subject = (request.socket as TLSSocket).getPeerCertificate().subject;
    this.clients.add(String(subject.CN));
    const url = new URL(request.url ?? "/", "https://server");
    const send = (code: number, body: object, headers: Record<string, string> = {}) => {
      response.writeHead(code, { "Content-Type": "application/json", ...headers }).end(JSON.stringify(body));
    };
    if (this.broken) send(500, {});
    else if (url.pathname === root) {
      send(200, { kind: "APIResourceList", apiVersion: "v1", groupVersion: `${group}/v1`, resources: [resource] });
    } else if (url.pathname === "/openapi/v2") send(200, openApiV2, { ETag: '"two"' });
    else if (url.pathname === "/openapi/v3") {
      const path = root.slice(1);
      send(200, { paths: { [path]: { serverRelativeURL: `/openapi/v3/${path}?hash=ABC` } } });
    } else if (url.pathname === `/openapi/v3${root}`) send(200, openApiV3);
    else if (url.pathname.startsWith(`${root}/`)) {
      this.seen = request.headers;
      await this.#resource(request, response, url, send);
    } else send(404, failure(404, "NotFound"));
  }

  async #resource(
    request: IncomingMessage,
    response: ServerResponse,
    url: URL,
    send: (code: number, body: object) => void,
  ): Promise<void> {
    const object = url.pathname.split("/flunders/")[1];
    if (url.pathname.endsWith("/redirect")) response.writeHead(302, { Location: "https://elsewhere/" }).end();
    else if (url.pathname.endsWith("/hang")) await once(response, "close");
    else if (url.pathname.endsWith("/die")) request.socket.destroy();
    else if (request.method === "POST") {
      let body = "";
      for await (const chunk of request) body += String(chunk);
      const made = JSON.parse(body) as KubeObject;
      made.metadata = { ...made.metadata, namespace: "default", uid: "1", resourceVersion: "1" };
      this.objects.set(made.metadata.name ?? "", made);
      for (const watcher of this.#watchers) watcher.write(`${JSON.stringify({ type: "ADDED", object: made })}\n`);
      send(201, made);
    } else if (object !== undefined) {
      const found = this.objects.get(object);
      send(found ? 200 : 404, found ?? failure(404, "NotFound"));
    } else if (url.searchParams.get("watch")) {
      response.writeHead(200, { "Content-Type": "application/json" });
      response.flushHeaders();
      this.#watchers.add(response);
      response.on("close", () => this.#watchers.delete(response));
    } else {
      const items = [...this.objects.values()];
      send(200, { kind: "FlunderList", apiVersion: `${group}/v1`, metadata: { resourceVersion: "1" }, items });
    }
  }
}

function failure(code: number, reason: string): object {
  return { kind: "Status", apiVersion: "v1", metadata: {}, status: "Failure", message: reason, reason, code };
}
