import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { type AddressInfo, type Socket, createServer as createTcpServer } from "node:net";
import { after, before, suite, test } from "node:test";
import { connect } from "node:tls";
import { gunzipSync, gzipSync } from "node:zlib";
import type { KubeObject } from "@kube-ts/api/object";
import type { APIResourceList } from "@kube-ts/api/meta/v1";
import { upgradeToWebSocket } from "@kube-ts/client/streaming/upgrade-client";
import { acceptWebSocketUpgrade, refuseUpgrade } from "@kube-ts/client/streaming/upgrade-server";
import { startServer } from "../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../bench/api-server-process.ts";
import { ApiRequests, adminTls } from "../harness/api-requests.ts";
import { ownIpv4, ownIpv6 } from "../harness/own-addresses.ts";
import { eventually } from "../harness/eventually.ts";

// The pods, services and nodes proxies with real backends on an address of this machine that is not loopback.

let server: ServerUnderTest;
let api: ApiRequests;
const cleanup = new AsyncDisposableStack();
/** What the backend received last. */
let seen: { request: IncomingMessage; body: string };
/** What the endless answer has handed to its connection, and whether that is closed. */
let written = 0;
let endlessClosed = false;
let port = 0;
let portIpv6 = 0;

const page = '<html><a href="/next?a=1">n</a><a href="rel">r</a><script>x = "<a href=\\"/no\\">"</script></html>';

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? "").split("?", 1)[0];
  if (path === "/slow") {
    response.write("first");
    await once(request, "close");
    return;
  }
  if (path === "/endless") {
    const closed = once(response, "close").then(() => (endlessClosed = true));
    const chunk = Buffer.alloc(64 * 1024, "x");
    while (!response.destroyed) {
      written += chunk.length;
      if (!response.write(chunk)) await Promise.race([once(response, "drain"), closed]);
    }
    return;
  }
  let body = "";
  for await (const chunk of request) body += String(chunk);
  seen = { request, body };
  if (path === "/redirect") response.writeHead(302, { Location: "/elsewhere?b=2" }).end();
  else if (path === "/html") response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(page);
  else if (path === "/packed") {
    response.writeHead(200, { "Content-Type": "text/html", "Content-Encoding": "gzip" }).end(gzipSync(page));
  } else if (path === "/headers") {
    response.writeHead(418, {
      "X-Two": ["a", "b"],
      "Access-Control-Allow-Origin": "*",
      "X-Hop": "1",
      Connection: "X-Hop",
    });
    response.end("teapot");
  } else if (path === "/die") {
    response.writeHead(200, { "Content-Length": 1000 });
    response.write("part", () => request.socket.destroy());
  } else response.writeHead(200, { "Content-Type": "text/plain" }).end(`${request.method} ${request.url} ${body}`);
}

async function listening<T extends Server | ReturnType<typeof createTcpServer>>(
  backend: T,
  host: string,
): Promise<number> {
  backend.listen(0, host);
  await once(backend, "listening");
  cleanup.defer(() => void backend.close());
  return (backend.address() as AddressInfo).port;
}

/** A server that says this to whoever connects, and keeps what it is told. */
async function hostile(reply: string): Promise<{ port: number; received: () => string; closed: Promise<unknown> }> {
  let received = "";
  const closed = Promise.withResolvers<unknown>();
  const tcp = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("data", (chunk: Buffer) => {
      if (received === "") socket.write(reply);
      received += chunk.toString();
    });
    socket.on("close", closed.resolve);
  });
  return { port: await listening(tcp, ownIpv4), received: () => received, closed: closed.promise };
}

async function create(path: string, object: object, status?: object): Promise<void> {
  const made = await api.ask("POST", path, { body: object });
  assert.equal(made.code, 201, made.text);
  if (!status) return;
  const { metadata } = object as KubeObject;
  const body = { ...(JSON.parse(made.text) as object), status };
  const written = await api.ask("PUT", `${path}/${metadata.name}/status`, { body });
  assert.equal(written.code, 200, written.text);
}

function pod(name: string, address: string, containerPort?: number): Promise<void> {
  const ports = containerPort === undefined ? undefined : [{ containerPort }];
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { containers: [{ name: "c", image: "i", ...(ports && { ports }) }], automountServiceAccountToken: false },
  };
  return create("/api/v1/namespaces/default/pods", object, { podIP: address, podIPs: [{ ip: address }] });
}

const base = "/api/v1/namespaces/default";
const proxied = (name: string, rest = "") => `${base}/pods/${name}/proxy${rest}`;

before(async () => {
  server = cleanup.use(await startServer());
  api = new ApiRequests(server);
  const web = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
  web.on("upgrade", (request, socket, head) => {
    seen = { request, body: "" };
    void acceptWebSocketUpgrade({ request, socket, head }, ["v1.test"]).then(({ socket: accepted }) => {
      accepted.on("message", (data) => accepted.send(`echo ${String(data)}`));
      accepted.resume();
    });
  });
  cleanup.defer(() => web.closeAllConnections());
  port = await listening(web, ownIpv4);
  if (ownIpv6 !== undefined) {
    const other = createServer((request, response) => response.end(`six ${request.url}`));
    cleanup.defer(() => other.closeAllConnections());
    portIpv6 = await listening(other, ownIpv6);
  }
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default" } };
  await api.ask("POST", `${base}/serviceaccounts`, { body: account });
  await pod("web", ownIpv4, port);
});

after(() => cleanup.disposeAsync());

suite("the pod proxy", () => {
  test("is in discovery", async () => {
    const { resources } = await api.json<APIResourceList>("GET", "/api/v1");
    const kinds = ["pods", "services", "nodes"].map((name) => resources.find((each) => each.name === `${name}/proxy`));
    assert.deepEqual(
      kinds.map((entry) => [entry?.kind, entry?.verbs.join(" ")]),
      ["Pod", "Service", "Node"].map((kind) => [`${kind}ProxyOptions`, "create delete get patch update"]),
    );
  });

  for (const method of ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    test(`passes ${method} on with path, query and body`, async () => {
      const body = method === "GET" ? undefined : Buffer.from("payload");
      const { code, text } = await api.ask(method, proxied("web", "/a%2Fb/c/?x=1&y=%20"), {
        ...(body && { body, headers: { "Content-Length": "7" } }),
      });
      assert.deepEqual([code, text], [200, `${method} /a%2Fb/c/?x=1&y=%20 ${body ? "payload" : ""}`]);
    });
  }

  test("passes HEAD on", async () => {
    const { code, text, headers } = await api.ask("HEAD", proxied("web", "/x"));
    assert.deepEqual([code, text, headers["content-type"]], [200, "", "text/plain"]);
  });

  test("leads from the bare path to one with a slash", async () => {
    const bare = await api.ask("GET", proxied("web", "?q=1"));
    assert.deepEqual([bare.code, bare.headers.location], [301, `${proxied("web")}/?q=1`]);
    assert.equal((await api.ask("GET", proxied("web", "/"))).text, "GET / ");
    assert.equal((await api.ask("POST", proxied("web"), { body: Buffer.from("b") })).text, "POST / b");
  });

  test("keeps credentials to itself and says where the request came from", async () => {
    const headers = {
      "Impersonate-User": "admin",
      "Impersonate-Group": "system:masters",
      "X-Remote-User": "root",
      "X-Remote-Extra-A": "b",
      "X-Forwarded-For": "1.2.3.4",
      "X-Mine": "kept",
      "Proxy-Authorization": "secret",
      "X-Hop": "dropped",
      Connection: "X-Hop",
      Cookie: "a=b",
      Authorization: "Bearer secret",
    };
    assert.equal((await api.ask("GET", proxied("web", "/h"), { headers })).code, 200);
    const got = seen.request.headers;
    const names = ["authorization", "impersonate-user", "impersonate-group", "x-remote-user", "x-remote-extra-a"];
    for (const name of [...names, "proxy-authorization", "x-hop"]) assert.equal(got[name], undefined, name);
    assert.equal(got["x-forwarded-for"], "1.2.3.4, 127.0.0.1");
    assert.equal(got["x-forwarded-uri"], proxied("web", "/h"));
    assert.deepEqual([got["x-mine"], got.cookie], ["kept", "a=b"]);
  });

  test("says where a body ends, whatever the client does to its headers", async () => {
    const headers = { Connection: "content-length, host", "Content-Length": "7" };
    const { text } = await api.ask("GET", proxied("web", "/framed"), { body: Buffer.from("payload"), headers });
    assert.equal(text, "GET /framed payload");
    const chunked = { "Transfer-Encoding": "chunked" };
    const sent = await api.ask("DELETE", proxied("web", "/chunks"), { body: Buffer.from("payload"), headers: chunked });
    assert.deepEqual([sent.code, sent.text], [200, "DELETE /chunks payload"]);
  });

  test("passes the answer's code and headers back, without those of the connection", async () => {
    const { code, text, headers } = await api.ask("GET", proxied("web", "/headers"));
    assert.deepEqual([code, text, headers["x-two"]], [418, "teapot", "a, b"]);
    assert.deepEqual([headers["access-control-allow-origin"], headers["x-hop"]], [undefined, undefined]);
  });

  test("rewrites redirects and links", async () => {
    const redirect = await api.ask("GET", proxied("web", "/redirect"));
    assert.deepEqual([redirect.code, redirect.headers.location], [302, proxied("web", "/elsewhere?b=2")]);
    const expected = page.replace('"/next', `"${proxied("web")}/next`);
    assert.equal((await api.ask("GET", proxied("web", "/html"))).text, expected);
    assert.equal(gunzipSync((await api.ask("GET", proxied("web", "/packed"))).bytes).toString(), expected);
  });

  test("streams, and ends the backend's work when the client leaves", async () => {
    const stream = await api.open("GET", proxied("web", "/slow"));
    const [first] = (await once(stream, "data")) as [Buffer];
    assert.equal(first.toString(), "first");
    stream.on("error", () => {});
    stream.destroy();
  });

  test("cuts the answer where the backend dies", async () => {
    await assert.rejects(api.ask("GET", proxied("web", "/die")), /aborted|hang up|ECONNRESET/);
  });

  test("reads from the backend no faster than the client does", async () => {
    const stream = await api.open("GET", proxied("web", "/endless"));
    stream.pause();
    const last = await eventually(
      "the backend has to wait",
      async () => {
        const before = written;
        await new Promise((resolve) => setTimeout(resolve, 300));
        return { before, after: written };
      },
      ({ before, after: now }) => now > 0 && now === before,
      15_000,
    );
    assert.ok(last.after < 32 * 1024 * 1024, `${last.after} bytes are in buffers`);
    stream.on("error", () => {});
    stream.destroy();
    await eventually("the backend is told", () => Promise.resolve(endlessClosed), Boolean, 10_000);
  });

  test("takes large bodies both ways", async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, "x");
    const { text } = await api.ask("POST", proxied("web", "/big"), { body });
    assert.equal(text.length, "POST /big ".length + body.length);
  });

  test("takes schemes and ports, and refuses what is neither", async () => {
    assert.equal((await api.ask("GET", proxied(`http:web:${port}`, "/p"))).text, "GET /p ");
    assert.equal((await api.ask("GET", proxied(`web:${port}`, "/p"))).text, "GET /p ");
    const message = async (name: string) => {
      const { code, text } = await api.ask("GET", proxied(name, "/"));
      return [code, (JSON.parse(text) as { message: string }).message];
    };
    assert.deepEqual(await message("ftp:web:1"), [400, 'invalid pod request "ftp:web:1"']);
    assert.deepEqual(await message("a:b:c:d"), [400, 'invalid pod request "a:b:c:d"']);
    assert.deepEqual(await message("gone"), [404, 'pods "gone" not found']);
    assert.deepEqual(await message("web:1"), [
      503,
      `error trying to reach service: dial tcp ${ownIpv4}:1: connect: connection refused`,
    ]);
  });

  test("refuses addresses that only this machine has", async () => {
    for (const [index, address] of ["127.0.0.1", "169.254.1.1", "0.0.0.0", "::1", "fe80::1"].entries()) {
      await pod(`local-${index}`, address, port);
      const { code, text } = await api.ask("GET", proxied(`local-${index}`, "/"));
      assert.deepEqual([code, /address not allowed/.test(text)], [400, true], `${address}: ${text}`);
    }
  });

  test("reaches IPv6", { skip: ownIpv6 === undefined }, async () => {
    await pod("six", ownIpv6 ?? "", portIpv6);
    assert.equal((await api.ask("GET", proxied("six", "/v"))).text, "six /v");
  });
});

suite("upgrades", () => {
  test("carry a WebSocket", async () => {
    const url = new URL(`${server.url}${proxied("web", "/socket?q=1")}`);
    const { socket, protocol } = await upgradeToWebSocket(
      { url, headers: {}, tls: adminTls(server) },
      ["v1.test"],
      AbortSignal.timeout(20_000),
    );
    socket.resume();
    socket.send("hello");
    const [data] = (await once(socket, "message")) as [Buffer];
    assert.equal(data.toString(), "echo hello");
    assert.deepEqual([seen.request.url, protocol], ["/socket?q=1", "v1.test"]);
    socket.close();
    await once(socket, "close");
  });

  /** Sends two requests in one go, and resolves with everything that comes back until the connection ends. */
  async function pipelined(path: string): Promise<string> {
    const { hostname, port: apiPort } = new URL(server.url);
    const socket = connect({ host: hostname, port: Number(apiPort), ...adminTls(server) });
    await once(socket, "secureConnect");
    const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==";
    socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n${upgrade}\r\nSec-WebSocket-Version: 13\r\n\r\n`);
    socket.write("GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n");
    let text = "";
    socket.on("error", () => {});
    for await (const chunk of socket as Socket) text += String(chunk);
    return text;
  }

  const replies: [string, string, RegExp][] = [
    [
      "200",
      "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
      /^HTTP\/1\.1 500 .*invalid upgrade response: status code 200/s,
    ],
    [
      "302",
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\nContent-Length: 0\r\n\r\n",
      /^HTTP\/1\.1 500 .*invalid upgrade response: status code 302/s,
    ],
    ["400", "HTTP/1.1 400 Bad Request\r\nContent-Length: 3\r\n\r\nbad", /^HTTP\/1\.1 400 .*\r\n\r\nbad$/s],
    [
      "101 to something else",
      "HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
      /^HTTP\/1\.1 500 /,
    ],
    ["nonsense", "SSH-2.0-x\r\n\r\n", /^HTTP\/1\.1 500 .*error dialing backend/s],
  ];
  for (const [name, reply, expected] of replies) {
    test(`end when the backend answers ${name}`, async () => {
      const backend = await hostile(reply);
      const text = await pipelined(proxied(`web:${backend.port}`, "/u"));
      assert.match(text, expected);
      assert.equal(text.match(/HTTP\/1\.1/g)?.length, 1);
      assert.doesNotMatch(text, /127\.0\.0\.1/);
      await backend.closed;
      assert.doesNotMatch(backend.received(), /smuggled/);
    });
  }
});

suite("the service proxy", () => {
  before(async () => {
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "front" },
      spec: {
        ports: [
          { name: "http", port: 80 },
          { name: "none", port: 81 },
        ],
      },
    };
    await create(`${base}/services`, service);
    const slice = (name: string, endpoints: object[], slicePort: number) => ({
      apiVersion: "discovery.k8s.io/v1",
      kind: "EndpointSlice",
      metadata: { name, labels: { "kubernetes.io/service-name": "front" } },
      addressType: "IPv4",
      endpoints,
      ports: [{ name: "http", port: slicePort }],
    });
    const targetRef = { kind: "Pod", namespace: "default", name: "web" };
    const slices = "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices";
    await create(slices, slice("front-1", [{ addresses: [ownIpv4], conditions: { ready: true }, targetRef }], port));
    // Neither what is not ready, nor what is no pod's address, is ever chosen.
    await create(slices, slice("front-2", [{ addresses: [ownIpv4], conditions: { ready: false }, targetRef }], 1));
    await create(slices, slice("front-3", [{ addresses: ["203.0.113.9"], targetRef }, { addresses: [ownIpv4] }], 1));
  });

  const path = (name: string) => `${base}/services/${name}/proxy/s`;

  for (const name of ["front:http", "front:80", "http:front:http"]) {
    test(`reaches an endpoint of ${name}`, async () => {
      for (let round = 0; round < 5; round++) assert.equal((await api.ask("GET", path(name))).text, "GET /s ");
    });
  }

  test("says what is missing", async () => {
    const message = async (name: string) => {
      const { code, text } = await api.ask("GET", path(name));
      return [code, (JSON.parse(text) as { message: string }).message];
    };
    assert.deepEqual(await message("front:none"), [503, 'no endpoints available for service "front:none"']);
    assert.deepEqual(await message("front:99"), [503, 'no service port 99 found for service "front"']);
    assert.deepEqual(await message("gone:80"), [404, 'services "gone" not found']);
    assert.deepEqual(await message("x:front:80"), [400, 'invalid service request "x:front:80"']);
  });
});

suite("the node proxy", () => {
  const node = (name: string, address: string) =>
    create(
      "/api/v1/nodes",
      { apiVersion: "v1", kind: "Node", metadata: { name } },
      { addresses: [{ type: "InternalIP", address }], daemonEndpoints: { kubeletEndpoint: { Port: 10250 } } },
    );

  test("reaches another port of the node", async () => {
    await node("one", ownIpv4);
    assert.equal((await api.ask("GET", `/api/v1/nodes/one:${port}/proxy/n`)).text, "GET /n ");
    assert.equal((await api.ask("GET", `/api/v1/nodes/gone/proxy/n`)).code, 404);
  });

  test("refuses a node that calls itself loopback", async () => {
    await node("loop", "127.0.0.1");
    const { code, text } = await api.ask("GET", `/api/v1/nodes/loop:${port}/proxy/n`);
    assert.deepEqual([code, /address not allowed/.test(text)], [400, true], text);
  });

  test("takes the permission for the subresource", async () => {
    const headers = { "Impersonate-User": "jane" };
    const { code, text } = await api.ask("GET", "/api/v1/nodes/one/proxy/n", { headers });
    assert.equal(code, 403);
    assert.match(text, /cannot get resource \\"nodes\/proxy\\" in API group/);
  });
});

suite("the kubelet of a node", () => {
  let kubeletPort = 0;
  const asked: string[] = [];

  before(async () => {
    const { cert, key } = adminTls(server);
    const kubelet = createSecureServer({ cert, key }, (request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.end(`kubelet ${request.url}`);
    });
    kubelet.on("upgrade", (request, socket, head) => {
      asked.push(`${request.method} ${request.url} ${request.headers.authorization ?? "anonymous"}`);
      if (request.url?.includes("refused")) refuseUpgrade(socket, 403, "not for you");
      else {
        void acceptWebSocketUpgrade({ request, socket, head }, ["v5.channel.k8s.io"]).then(({ socket: accepted }) => {
          accepted.send("from the kubelet");
          accepted.resume();
        });
      }
    });
    cleanup.defer(() => kubelet.closeAllConnections());
    kubeletPort = await listening(kubelet, ownIpv4);
    const node = { apiVersion: "v1", kind: "Node", metadata: { name: "worker" } };
    await create("/api/v1/nodes", node, {
      addresses: [{ type: "InternalIP", address: ownIpv4 }],
      daemonEndpoints: { kubeletEndpoint: { Port: kubeletPort } },
    });
    const runs = (name: string) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name },
      spec: { nodeName: "worker", containers: [{ name, image: "i" }], automountServiceAccountToken: false },
    });
    await create(`${base}/pods`, runs("running"));
    await create(`${base}/pods`, runs("refused"));
  });

  test("is proxied to by its node", async () => {
    for (const name of ["worker", `worker:${kubeletPort}`, "https:worker:"]) {
      assert.equal((await api.ask("GET", `/api/v1/nodes/${name}/proxy/metrics?a=b`)).text, "kubelet /metrics?a=b");
    }
  });

  test("gets exec with the pod's uid, and without credentials", async () => {
    const signal = AbortSignal.timeout(20_000);
    const target = (name: string) => ({
      url: new URL(`${server.url}${base}/pods/${name}/exec?command=a&stdout=true`),
      headers: { "X-Remote-User": "root" },
      tls: adminTls(server),
    });
    const protocols = ["v5.channel.k8s.io"];
    const { socket } = await upgradeToWebSocket(target("running"), protocols, signal);
    const message = once(socket, "message");
    socket.resume();
    const [data] = (await message) as [Buffer];
    assert.equal(data.toString(), "from the kubelet");
    assert.match(
      asked.at(-1) ?? "",
      /^GET \/exec\/default\/running\/[0-9a-f-]{36}\/running\?output=1&command=a anonymous$/,
    );
    socket.terminate();
    await assert.rejects(upgradeToWebSocket(target("refused"), protocols, signal), /not for you/);
  });
});
