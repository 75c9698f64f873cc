import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { acceptRemoteCommand } from "./accept-remote-command.ts";
import { servePortForward, serveTunnelledPortForward } from "./port-forward-server.ts";
import type { Forward } from "./port-forward-server.ts";
import { portForwardProtocol, portForwardTunnelProtocol } from "./protocols.ts";
import { RemoteCommandServer } from "./remote-command.ts";
import { acceptSpdyUpgrade, acceptWebSocketUpgrade, upgradeKind } from "./upgrade-server.ts";

/** A stand-in for an API server: upstream's kubectl is the client, this package's servers answer. */
const pod = {
  kind: "Pod",
  apiVersion: "v1",
  metadata: { name: "p", namespace: "default", uid: "u" },
  spec: { containers: [{ name: "c", image: "i", stdin: true, tty: false }] },
  status: { phase: "Running" },
};
const answers: Readonly<Record<string, unknown>> = {
  "/api": { kind: "APIVersions", versions: ["v1"] },
  "/apis": { kind: "APIGroupList", apiVersion: "v1", groups: [] },
  "/api/v1": {
    kind: "APIResourceList",
    groupVersion: "v1",
    resources: [{ name: "pods", singularName: "pod", namespaced: true, kind: "Pod", verbs: ["get", "list", "create"] }],
  },
  "/api/v1/namespaces/default/pods/p": pod,
};

const signal = AbortSignal.timeout(60_000);
const home = mkdtempSync(join(tmpdir(), "kube-ts-kubectl-"));
const upgrades: string[] = [];
let server: Server;

const echo: Forward = async (port, data) => {
  if (port === 9) throw new Error("nothing listens on 9");
  data.pipe(data);
  await finished(data, { readable: false });
};

async function runCommand(command: string, session: RemoteCommandServer): Promise<void> {
  if (command === "fail") return await session.finish({ kind: "exit", code: 7 });
  if (command === "cat") for await (const chunk of session.stdin ?? []) session.stdout?.write(chunk);
  session.stderr?.write("to stderr");
  return await session.finish({ kind: "success" });
}

before(async () => {
  server = createServer((request: IncomingMessage, response: ServerResponse) => {
    const answer = answers[(request.url ?? "").split("?")[0] ?? ""];
    response.writeHead(answer ? 200 : 404, { "Content-Type": "application/json" });
    response.end(JSON.stringify(answer ?? { kind: "Status", status: "Failure", code: 404, message: request.url }));
  });
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://localhost");
    upgrades.push(`${upgradeKind(request)} ${url.pathname.split("/").at(-1)}`);
    const upgrade = { request, socket, head };
    if (url.pathname.endsWith("/portforward")) {
      if (upgradeKind(request) === "spdy") {
        acceptSpdyUpgrade(upgrade, [portForwardProtocol], portForwardProtocol);
        void servePortForward(socket, echo);
      } else {
        void acceptWebSocketUpgrade(upgrade, [portForwardTunnelProtocol]).then((accepted) =>
          serveTunnelledPortForward(accepted.socket, echo),
        );
      }
      return;
    }
    const flag = (name: string) => url.searchParams.get(name) === "true";
    const selection = { stdin: flag("stdin"), stdout: flag("stdout"), stderr: flag("stderr"), tty: flag("tty") };
    void acceptRemoteCommand(upgrade, selection, signal).then((channels) =>
      runCommand(url.searchParams.get("command") ?? "", new RemoteCommandServer(channels)),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(() => {
  server.closeAllConnections();
  server.close();
  rmSync(home, { recursive: true, force: true });
});

function kubectl(args: readonly string[], webSockets: boolean): ChildProcess {
  return spawn("kubectl", [`--server=http://127.0.0.1:${(server.address() as AddressInfo).port}`, ...args], {
    env: {
      PATH: process.env["PATH"],
      HOME: home,
      KUBECTL_REMOTE_COMMAND_WEBSOCKETS: String(webSockets),
      KUBECTL_PORT_FORWARD_WEBSOCKETS: String(webSockets),
    },
    stdio: ["pipe", "pipe", "pipe"],
  });
}

async function run(args: readonly string[], webSockets: boolean, input = "") {
  const child = kubectl(args, webSockets);
  child.stdin?.end(input);
  const exited = once(child, "exit");
  const [out, err] = await Promise.all([text(child.stdout as never), text(child.stderr as never)]);
  const [code] = (await exited) as [number];
  return { code, out, err };
}

for (const webSockets of [false, true]) {
  const kind = webSockets ? "websocket" : "spdy";

  test(`kubectl exec over ${kind}`, async () => {
    const input = "some text\n".repeat(100_000);
    const result = await run(["exec", "-i", "p", "--", "cat"], webSockets, input);
    assert.equal(result.code, 0, result.err);
    assert.equal(result.out, input);
    assert.match(result.err, /to stderr/);
    assert.equal(upgrades.at(-1), `${kind} exec`);
  });

  test(`kubectl exec over ${kind}: exit code`, async () => {
    const result = await run(["exec", "p", "--", "fail"], webSockets);
    assert.equal(result.code, 7);
    assert.match(result.err, /command terminated with exit code 7/);
  });

  test(`kubectl attach over ${kind}`, async () => {
    const result = await run(["attach", "p"], webSockets);
    assert.equal(result.code, 0, result.err);
    assert.match(result.err, /to stderr/);
    assert.equal(upgrades.at(-1), `${kind} attach`);
  });

  test(`kubectl port-forward over ${kind}`, async () => {
    const child = kubectl(["port-forward", "p", ":7", ":9"], webSockets);
    try {
      const [echoPort, refusedPort] = await listeningPorts(child);
      for (let index = 0; index < 5; index++) {
        const socket = connect(echoPort ?? 0, "127.0.0.1");
        const payload = `${index}`.repeat(100_000);
        socket.end(payload);
        assert.equal(await text(socket), payload);
      }
      const stderr = text(child.stderr as never);
      const refused = connect(refusedPort ?? 0, "127.0.0.1");
      assert.equal(await text(refused).catch(() => ""), "");
      child.kill();
      assert.match(await stderr, /nothing listens on 9/);
      assert.equal(upgrades.at(-1), `${kind} portforward`);
    } finally {
      child.kill();
      if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
    }
  });
}

/** Leaves stdout open: kubectl goes on writing to it. */
function listeningPorts(child: ChildProcess): Promise<number[]> {
  const { promise, resolve, reject } = Promise.withResolvers<number[]>();
  let output = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    output += chunk.toString();
    const ports = [...output.matchAll(/127\.0\.0\.1:(\d+) ->/g)].map((match) => Number(match[1]));
    if (ports.length === 2) resolve(ports);
  });
  child.once("exit", () => reject(new Error(`kubectl ended: ${output}`)));
  return promise;
}
