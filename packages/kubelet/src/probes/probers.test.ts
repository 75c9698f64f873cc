import assert from "node:assert/strict";
import { type Server, createServer } from "node:http";
import { type Http2Server, type ServerHttp2Stream, createServer as createHttp2Server } from "node:http2";
import { type AddressInfo, createServer as createTcpServer } from "node:net";
import { test } from "node:test";
import { RuntimeError } from "../runtime/runtime-error.ts";
import { testContainer } from "../testing/pod-fixtures.ts";
import { probeExec } from "./exec-probe.ts";
import { createProber, resolvePort } from "./prober.ts";

const signal = new AbortController().signal;
const noExec = { execSync: () => Promise.reject(new Error("no exec")) };
const prober = createProber(noExec, "kube-probe/1.36");

async function listen(server: Server | Http2Server | ReturnType<typeof createTcpServer>) {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { port, [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())) };
}

function ask(probe: Parameters<typeof prober>[0]["probe"]) {
  return prober({ probe, container: testContainer("app"), containerId: "c", podIp: "127.0.0.1" }, signal);
}

test("http: status codes, headers and redirects", async () => {
  const seen: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    seen.push(request.headers);
    const path = request.url ?? "";
    if (path === "/away") response.writeHead(302, { location: "http://elsewhere.invalid/" }).end("moved");
    else if (path === "/hop") response.writeHead(302, { location: "/fine?x=1" }).end();
    else if (path === "/loop") response.writeHead(302, { location: "/loop" }).end();
    else if (path === "/slow") return;
    else if (path === "/cut") request.socket.destroy();
    else response.writeHead(path.startsWith("/fine") ? 200 : 503).end("hello");
  });
  await using listening = await listen(server);
  const { port } = listening;
  const get = (path: string, more = {}) => ask({ httpGet: { port, path, ...more } });
  assert.deepEqual(await get("/fine"), { result: "success", output: "hello" });
  assert.equal(seen[0]?.["user-agent"], "kube-probe/1.36");
  assert.equal(seen[0]?.["accept"], "*/*");
  await get("/fine", {
    httpHeaders: [
      { name: "Host", value: "web.example" },
      { name: "User-Agent", value: "mine" },
      { name: "Accept", value: "" },
    ],
  });
  assert.deepEqual(
    [seen[1]?.["host"], seen[1]?.["user-agent"], seen[1]?.["accept"]],
    ["web.example", "mine", undefined],
  );
  assert.deepEqual(await get("/"), { result: "failure", output: "HTTP probe failed with statuscode: 503" });
  assert.deepEqual(await get("/hop"), { result: "success", output: "hello" });
  assert.deepEqual(await get("/away"), {
    result: "warning",
    output: "Probe terminated redirects, Response body: moved",
  });
  assert.match((await get("/loop")).output, /stopped after 10 redirects$/);
  assert.equal((await get("/cut")).output, `Get "http://127.0.0.1:${port}/cut": EOF`);
  const slow = await ask({ httpGet: { port, path: "/slow" }, timeoutSeconds: 1 });
  assert.equal(
    slow.output,
    `Get "http://127.0.0.1:${port}/slow": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`,
  );
  server.closeAllConnections();
});

test("http and tcp: nobody listens", async () => {
  const tcp = createTcpServer();
  const { port } = await (async () => {
    await using listening = await listen(tcp);
    assert.equal((await ask({ tcpSocket: { port: listening.port } })).result, "success");
    return { port: listening.port };
  })();
  const refused = `dial tcp 127.0.0.1:${port}: connect: connection refused`;
  assert.deepEqual(await ask({ tcpSocket: { port } }), { result: "failure", output: refused });
  assert.equal((await ask({ httpGet: { port } })).output, `Get "http://127.0.0.1:${port}/": ${refused}`);
});

test("grpc: the health protocol", async () => {
  const server = createHttp2Server();
  const statuses = new Map([
    ["", 1],
    ["sick", 2],
  ]);
  server.on("stream", (stream: ServerHttp2Stream, headers) => {
    const chunks: Buffer[] = [];
    stream.on("data", (chunk: Buffer) => chunks.push(chunk));
    stream.on("end", () => {
      const body = Buffer.concat(chunks);
      const service = body.subarray(7).toString();
      assert.equal(headers[":path"], "/grpc.health.v1.Health/Check");
      const status = statuses.get(service);
      stream.respond({ ":status": 200, "content-type": "application/grpc" }, { waitForTrailers: true });
      stream.on("wantTrailers", () =>
        stream.sendTrailers({
          "grpc-status": status === undefined ? "5" : "0",
          "grpc-message": status === undefined ? "unknown%20service" : "",
        }),
      );
      stream.end(status === undefined ? Buffer.alloc(0) : Buffer.from([0, 0, 0, 0, 2, 8, status]));
    });
  });
  await using listening = await listen(server);
  const { port } = listening;
  assert.deepEqual(await ask({ grpc: { port } }), { result: "success", output: "service healthy" });
  assert.equal(
    (await ask({ grpc: { port, service: "sick" } })).output,
    'service unhealthy (responded with "NOT_SERVING")',
  );
  assert.equal(
    (await ask({ grpc: { port, service: "what" } })).output,
    "error: health rpc probe failed: unknown service",
  );
});

test("exec: exit code and time", async () => {
  const result = (exitCode: number) => ({
    execSync: async () => ({ stdout: Buffer.from("out"), stderr: Buffer.from("err"), exitCode }),
  });
  assert.deepEqual(await probeExec(result(0), "c", ["true"], 1000, signal), { result: "success", output: "outerr" });
  assert.deepEqual(await probeExec(result(3), "c", ["false"], 1000, signal), { result: "failure", output: "outerr" });
  const late = { execSync: () => Promise.reject(new RuntimeError("DeadlineExceeded", "too late")) };
  assert.equal(
    (await probeExec(late, "c", ["sleep", "9"], 1000, signal)).output,
    'command timed out: "sleep 9" timed out after 1s',
  );
  const down = { execSync: () => Promise.reject(new RuntimeError("Unavailable", "down")) };
  await assert.rejects(probeExec(down, "c", ["true"], 1000, signal), { message: "down" });
});

test("ports by name and number", () => {
  const container = testContainer("app", { ports: [{ name: "web", containerPort: 8080 }] });
  assert.equal(resolvePort("web", container), 8080);
  assert.equal(resolvePort("81", container), 81);
  assert.throws(() => resolvePort("nope", container), /port nope not found/);
  assert.throws(() => resolvePort(70_000, container), /invalid port number: 70000/);
});
