import assert from "node:assert/strict";
import { after, before, beforeEach, suite, test } from "node:test";
import { eventually } from "../harness/eventually.ts";
import { WebhookBench } from "../harness/webhook-bench.ts";
import { type WebhookRequest, WebhookServer, jsonPatch } from "../harness/webhook-server.ts";

// Webhooks that do not do what they should, by accident or on purpose.

let bench: WebhookBench;

before(async () => {
  bench = await WebhookBench.start();
});

after(() => bench[Symbol.asyncDispose]());

beforeEach(() => bench.enter());

suite("hostile webhooks", () => {
  const cases: readonly { what: string; path: string; says: RegExp; timeoutSeconds?: number }[] = [
    { what: "garbage", path: "/garbage", says: /failed to call webhook: couldn't get version\/kind; json parse error/ },
    { what: "an empty object", path: "/empty", says: /received invalid webhook response: webhook response was absent/ },
    { what: "another uid", path: "/uid", says: /expected response\.uid="[^"]+", got "other"/ },
    {
      what: "another kind",
      path: "/kind",
      says: /expected webhook response of admission\.k8s\.io\/v1, Kind=AdmissionReview/,
    },
    { what: "an endless answer", path: "/huge", says: /failed to call webhook: the answer is larger than/ },
    { what: "a redirect", path: "/redirect", says: /failed to call webhook: an error on the server/ },
    { what: "silence", path: "/slow", says: /timeout=1s": context deadline exceeded/, timeoutSeconds: 1 },
    { what: "a closed connection", path: "/close", says: /failed to call webhook: Post "https:/ },
    { what: "another protocol", path: "/switch", says: /failed to call webhook: Post "https:/ },
    { what: "a failure", path: "/500", says: /failed to call webhook: an error on the server \("broken"\)/ },
    { what: "a patch of its own", path: "/patch", says: /validating webhook may not return response\.patch/ },
  ];

  before(() => {
    bench.hooks.onRaw("/garbage", (_request, response) => response.end("<html>hello</html>"));
    bench.hooks.onRaw("/empty", (_request, response) => response.end("{}"));
    const review = (uid: string, kind: string) => ({
      kind,
      apiVersion: "admission.k8s.io/v1",
      response: { uid, allowed: true },
    });
    bench.hooks.onRaw("/uid", (_request, response) => response.end(JSON.stringify(review("other", "AdmissionReview"))));
    bench.hooks.on("/kind", () => ({ allowed: true }));
    bench.hooks.onRaw("/kind", (request, response) => {
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { uid } = (JSON.parse(Buffer.concat(chunks).toString()) as WebhookRequest).request;
        response.end(JSON.stringify(review(uid ?? "", "Other")));
      });
    });
    bench.hooks.onRaw("/huge", (_request, response) => {
      const piece = Buffer.alloc(1024 * 1024, "x");
      const more = () => {
        while (!response.destroyed && response.write(piece));
      };
      response.on("drain", more);
      more();
    });
    bench.hooks.onRaw("/redirect", (_request, response) => {
      response.writeHead(302, { Location: `https://127.0.0.1:${bench.hooks.port}/target` });
      response.end();
    });
    bench.hooks.onRaw("/slow", () => {});
    bench.hooks.onRaw("/close", (request) => request.socket.destroy());
    bench.hooks.onRaw("/switch", (request) => {
      request.socket.write("HTTP/1.1 101 Switching\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nbytes");
    });
    bench.hooks.onRaw("/500", (_request, response) => {
      response.statusCode = 500;
      response.end("broken");
    });
    bench.hooks.on("/patch", () => ({ allowed: true, ...jsonPatch({ op: "remove", path: "/data" }) }));
  });

  for (const { what, path, says, timeoutSeconds = 10 } of cases) {
    test(`${what} refuses the write, or is ignored`, async () => {
      const clientConfig = bench.hooks.config(path);
      const hook = { name: "hostile.example.com", clientConfig, timeoutSeconds };
      await bench.configure("Validating", [hook]);
      const { stderr } = await eventually(
        "refused",
        () => bench.cluster.attempt(["create", "-f", "-"], JSON.stringify(bench.configMap("refused"))),
        ({ code }) => code !== 0,
      );
      assert.match(
        stderr,
        /\(InternalError\).*Internal error occurred: failed calling webhook "hostile\.example\.com": /,
      );
      assert.match(stderr, says);
      assert.equal(bench.hooks.of("/target").length, 0);
      await bench.cluster.run(`delete validatingwebhookconfiguration ${bench.scope}`);
      await bench.configure("Validating", [{ ...hook, failurePolicy: "Ignore" }]);
      await eventually("ignored", () => bench.cluster.run(`create configmap fine -n ${bench.scope} --dry-run=server`));
    });
  }

  test("a certificate that names its host by the common name only is not taken", async () => {
    await using nameless = await WebhookServer.start([], "localhost");
    nameless.on("/", () => ({ allowed: true }));
    const clientConfig = { url: `https://localhost:${nameless.port}/`, caBundle: nameless.caBundle };
    await bench.configure("Validating", [{ name: "nameless.example.com", clientConfig }]);
    const { stderr } = await eventually(
      "refused",
      () => bench.cluster.attempt(["create", "-f", "-"], JSON.stringify(bench.configMap("refused"))),
      ({ code }) => code !== 0,
    );
    assert.match(stderr, /x509: certificate relies on legacy Common Name field, use SANs instead/);
    assert.equal(nameless.calls.length, 0);
  });

  test("patches that do not apply, or make no object of the kind, refuse the write", async () => {
    bench.hooks.on("/bad-patch", ({ request }) => ({
      allowed: true,
      ...jsonPatch(
        request.name === "missing"
          ? { op: "remove", path: "/spec/nothing" }
          : { op: "replace", path: "/data", value: "a text" },
      ),
    }));
    await bench.configure("Mutating", [{ name: "patch.example.com", clientConfig: bench.hooks.config("/bad-patch") }]);
    for (const name of ["missing", "mistyped"]) {
      const { stderr } = await eventually(
        "refused",
        () =>
          bench.cluster.attempt(
            ["create", "-f", "-", "--dry-run=server"],
            JSON.stringify(bench.configMap(name, { a: "b" })),
          ),
        ({ code }) => code !== 0,
      );
      assert.match(stderr, /InternalError/);
    }
  });

  test("calls share connections, and are counted", async () => {
    bench.hooks.on("/counted", () => ({ allowed: true }));
    bench.hooks.onRaw("/counted-500", (_request, response) => {
      response.statusCode = 500;
      response.end("broken");
    });
    await bench.configure("Validating", [
      { name: "counted.example.com", clientConfig: bench.hooks.config("/counted") },
      { name: "open.example.com", clientConfig: bench.hooks.config("/counted-500"), failurePolicy: "Ignore" },
      {
        name: "closed.example.com",
        clientConfig: bench.hooks.config("/counted-500"),
        objectSelector: { matchLabels: { closed: "yes" } },
      },
    ]);
    await eventually("asked", async () => {
      await bench.api.json("POST", `${bench.maps()}?dryRun=All`, { body: bench.configMap("probe") });
      return bench.hooks.of("/counted").length > 0;
    });
    const before = bench.hooks.connections;
    for (let index = 0; index < 10; index++) {
      await bench.api.json("POST", `${bench.maps()}?dryRun=All`, { body: bench.configMap(`c${index}`) });
    }
    assert.ok(bench.hooks.connections - before <= 2, `${bench.hooks.connections - before} new connections`);
    await bench.api.json("POST", `${bench.maps()}?dryRun=All`, {
      body: bench.configMap("closed", {}, { closed: "yes" }),
    });
    const { text } = await bench.api.ask("GET", "/metrics");
    const counted = text.split("\n").filter((line) => line.startsWith("apiserver_admission_webhook_"));
    const has = (start: string) =>
      assert.ok(
        counted.some((line) => line.startsWith(start)),
        counted.join("\n"),
      );
    const labels = (name: string) => `name="${name}.example.com",type="validating"`;
    const create = 'operation="CREATE"';
    has(
      `apiserver_admission_webhook_admission_duration_seconds_count{${labels("counted")},${create},rejected="false"}`,
    );
    has(`apiserver_admission_webhook_fail_open_count{${labels("open")}}`);
    has(
      `apiserver_admission_webhook_rejection_count{${labels("closed")},${create},error_type="calling_webhook_error",rejection_code="503"} 1`,
    );
  });
});
