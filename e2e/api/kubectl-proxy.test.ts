import assert from "node:assert/strict";
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingMessage, RequestOptions } from "node:http";
import { join } from "node:path";
import { after, before, suite, test } from "node:test";
import { adminKubeconfig } from "../harness/kubeconfig.ts";
import { eventually } from "../harness/eventually.ts";
import { ours, upstream } from "../harness/kubectl.ts";
import type { Kubectl } from "../harness/kubectl.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

let own: Kubectl;
let theirs: Kubectl;

const server = serverForTests({
  prepare: () => {
    const place = { kubeconfig: adminKubeconfig(server), home: server.directory, directory: server.directory };
    own = ours(place);
    theirs = upstream(place);
    mkdirSync(join(server.directory, "www", "sub"), { recursive: true });
    writeFileSync(join(server.directory, "www", "a.json"), '{"a":1}\n');
    writeFileSync(join(server.directory, "outside.txt"), "outside\n");
    symlinkSync("nowhere", join(server.directory, "www", "dangling"));
  },
});

/** A running proxy and where it serves. */
interface Proxy {
  readonly child: ChildProcessWithoutNullStreams;
  readonly port: number;
}

async function startProxy(kubectl: Kubectl, args: readonly string[]): Promise<Proxy> {
  const child = kubectl.start(["proxy", "-p", "0", ...args]);
  let printed = "";
  child.stdout.on("data", (chunk: Buffer) => (printed += chunk.toString()));
  const match = await eventually(
    "the proxy says where it serves",
    () => /^Starting to serve on 127\.0\.0\.1:(\d+)\n/.exec(printed),
    (found) => found !== null,
  );
  return { child, port: Number(match?.[1]) };
}

async function ask(port: number, options: RequestOptions): Promise<{ code: number; body: string; location: string }> {
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    request({ host: "127.0.0.1", port, ...options }, resolve)
      .once("error", reject)
      .end();
  });
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return {
    code: answer.statusCode ?? 0,
    body: Buffer.concat(chunks).toString(),
    location: answer.headers.location ?? "",
  };
}

const requests: readonly (readonly [args: readonly string[], questions: readonly RequestOptions[]])[] = [
  [
    [],
    [
      { path: "/version" },
      { path: "/api/v1/namespaces/default" },
      { path: "/nope" },
      { path: "/version", method: "POST" },
      { path: "/version", headers: { host: "evil.example" } },
      { path: "/version", headers: { host: "localhost:1" } },
      { path: "/version", headers: { host: "[::1]:80" } },
      { path: "/api/v1/namespaces/default/pods/x/exec" },
      { path: "/api/v1/namespaces/default/pods/x/%65xec?command=a" },
      { path: "/api/v1/namespaces/default/pods/x/attach" },
      { path: "/api/v1/namespaces/default/pods/x/log" },
      { path: "/api//v1" },
      { path: "/api/v1/../../version" },
    ],
  ],
  [
    ["--www=www", "--api-prefix=/k8s", "--www-prefix=/files"],
    [
      { path: "/version" },
      { path: "/k8s/version" },
      { path: "/files/a.json" },
      { path: "/files/" },
      { path: "/files/nope" },
      { path: "/files/dangling" },
      { path: "/files/../outside.txt" },
      { path: "/files/%2e%2e/outside.txt" },
      { path: "/files/..%2foutside.txt" },
    ],
  ],
  [
    ["--accept-paths=^/version$,^/api$", "--reject-methods=POST,DELETE"],
    [{ path: "/version" }, { path: "/api" }, { path: "/apis" }, { path: "/api", method: "DELETE" }],
  ],
  [["--accept-hosts=^evil.example$"], [{ path: "/version" }, { path: "/version", headers: { host: "evil.example" } }]],
  [["--disable-filter"], [{ path: "/api/v1/namespaces/default/pods/x/exec", headers: { host: "any" } }]],
];

for (const [args, questions] of requests) {
  suite(`a proxy ${args.join(" ")}`, () => {
    let both: readonly Proxy[] = [];
    before(async () => {
      both = [await startProxy(own, args), await startProxy(theirs, args)];
    });
    after(() => {
      for (const { child } of both) child.kill("SIGTERM");
    });
    for (const question of questions) {
      test(`answers ${question.method ?? "GET"} ${question.path} as upstream's does ${JSON.stringify(question.headers ?? {})}`, async () => {
        const [answer, expected] = await Promise.all(both.map(({ port }) => ask(port, question)));
        assert.equal(answer?.code, expected?.code);
        assert.equal(answer?.location, expected?.location);
        if (expected?.location === "") assert.equal(answer?.body, expected.body);
        assert.doesNotMatch(answer?.body ?? "", /^outside/);
      });
    }
  });
}

test("a watch goes through a proxy while it lasts, and the proxy ends with a signal", async () => {
  const { child, port } = await startProxy(own, []);
  const ended = new Promise((resolve) => child.once("exit", resolve));
  const lines = await new Promise<string>((resolve, reject) => {
    request({ host: "127.0.0.1", port, path: "/api/v1/namespaces?watch=true" }, (answer) => {
      answer.on("data", (chunk: Buffer) => resolve(chunk.toString()));
      answer.on("error", () => {});
    })
      .once("error", reject)
      .end();
  });
  assert.match(lines, /"type":"ADDED"/);
  child.kill("SIGTERM");
  await ended;
});
