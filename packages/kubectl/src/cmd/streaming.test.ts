import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { type AddressInfo, connect } from "node:net";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Duplex } from "node:stream";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { after, before, test } from "node:test";
import { acceptRemoteCommand } from "@kube-ts/client/streaming/accept-remote-command";
import { serveTunnelledPortForward } from "@kube-ts/client/streaming/port-forward-server";
import { portForwardTunnelProtocol } from "@kube-ts/client/streaming/protocols";
import { RemoteCommandServer } from "@kube-ts/client/streaming/remote-command";
import { acceptWebSocketUpgrade } from "@kube-ts/client/streaming/upgrade-server";

const program = join(import.meta.dirname, "..", "..", "bin", "kubectl");
const signal = AbortSignal.timeout(60_000);

const pod = {
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name: "p", namespace: "default", uid: "u" },
  spec: { containers: [{ name: "main" }, { name: "side" }] },
  status: { phase: "Running", containerStatuses: [{ name: "main", state: { running: {} } }] },
};

/** An API server that has one pod: its command echoes standard input and ends with the code in its arguments. */
function answer(request: IncomingMessage): { body: string; type: string } | undefined {
  const url = new URL(request.url ?? "/", "http://host");
  if (url.pathname === "/api/v1/namespaces/default/pods/p")
    return { body: JSON.stringify(pod), type: "application/json" };
  if (url.pathname === "/api/v1/namespaces/default/pods/p/log")
    return { body: `${url.search}\nsecond\n`, type: "text/plain" };
  return undefined;
}

async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
  const url = new URL(request.url ?? "/", "http://host");
  const { searchParams } = url;
  if (url.pathname.endsWith("/portforward")) {
    const { socket: tunnel } = await acceptWebSocketUpgrade({ request, socket, head }, [portForwardTunnelProtocol]);
    await serveTunnelledPortForward(tunnel, async (_port, data) => {
      data.pipe(data);
      await finished(data, { readable: false });
    });
    return;
  }
  const flag = (name: string) => searchParams.get(name) === "true";
  const selection = { stdin: flag("stdin"), stdout: flag("stdout"), stderr: flag("stderr"), tty: flag("tty") };
  const session = new RemoteCommandServer(await acceptRemoteCommand({ request, socket, head }, selection, signal));
  const [command = "", ...args] = searchParams.getAll("command");
  if (command === "tar") {
    const child = spawn(command, args, { cwd: "/" });
    if (session.stdin) session.stdin.pipe(child.stdin);
    if (session.stdout) child.stdout.pipe(session.stdout, { end: false });
    const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
    await session.finish(code === 0 ? { kind: "success" } : { kind: "exit", code: code ?? 1 });
    return;
  }
  session.stderr?.write(`in ${searchParams.get("container") ?? ""}\n`);
  for await (const chunk of session.stdin ?? []) session.stdout?.write(chunk);
  const code = Number(searchParams.getAll("command")[1] ?? 0);
  await session.finish(code === 0 ? { kind: "success" } : { kind: "exit", code });
}

let server: Server;

before(async () => {
  server = createServer((request, response) => {
    const found = answer(request);
    response.writeHead(found ? 200 : 404, { "content-type": found?.type ?? "text/plain" });
    response.end(found?.body ?? "");
  });
  server.on("upgrade", (request, socket, head) => void upgrade(request, socket, head).catch(() => socket.destroy()));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(() => {
  server.closeAllConnections();
  server.close();
});

function start(args: readonly string[]) {
  const { port } = server.address() as AddressInfo;
  return spawn(program, [`--server=http://127.0.0.1:${port}`, "--kubeconfig=/dev/null", ...args], {
    env: { PATH: process.env["PATH"] },
  });
}

async function run(
  args: readonly string[],
  input = "",
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = start(args);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await ended, stdout, stderr };
}

test("exec passes both directions and the exit code on", async () => {
  const input = "line\n".repeat(20_000);
  assert.deepEqual(await run(["exec", "-i", "p", "-c", "side", "--", "cmd", "3"], input), {
    code: 3,
    stdout: input,
    stderr: "in side\ncommand terminated with exit code 3\n",
  });
  const { code, stderr } = await run(["exec", "p", "--", "cmd"]);
  assert.equal(code, 0);
  assert.equal(stderr, 'Defaulted container "main" out of: main, side\nin main\n');
});

test("a terminal that is none is refused with a word", async () => {
  const { stderr } = await run(["exec", "-it", "p", "-c", "main", "--", "cmd"], "x");
  assert.match(stderr, /^Unable to use a TTY - input is not a terminal or the right kind of file\n/);
});

test("logs ask for what the flags say", async () => {
  const { stdout } = await run(["logs", "p", "-c", "main", "--tail=5", "--since=90s", "--timestamps", "--prefix"]);
  assert.equal(
    stdout,
    "[pod/p/main] ?timestamps=true&sinceSeconds=90&tailLines=5&container=main\n[pod/p/main] second\n",
  );
});

test("port-forward relays connections until it is interrupted", async () => {
  const child = start(["port-forward", "pod/p", ":80", "--address=127.0.0.1"]);
  const ended = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const port = await new Promise<number>((resolve) => {
    child.stdout.on("data", (chunk: Buffer) => {
      const found = /^Forwarding from 127\.0\.0\.1:(\d+) -> 80\n/.exec(chunk.toString());
      if (found) resolve(Number(found[1]));
    });
  });
  const socket = connect(port, "127.0.0.1");
  socket.end("hello");
  assert.equal(await text(socket), "hello");
  child.kill("SIGINT");
  await ended;
});

test("cp copies a directory into a container and back", async () => {
  const directory = mkdtempSync(join(tmpdir(), "kubectl-cp-"));
  try {
    const source = join(directory, "source");
    mkdirSync(join(source, "sub"), { recursive: true });
    writeFileSync(join(source, "a"), "a".repeat(200_000));
    writeFileSync(join(source, "sub", "b"), "b", { mode: 0o755 });
    const remote = join(directory, "remote");
    const back = join(directory, "back");
    assert.deepEqual(await run(["cp", "-c", "main", source, `p:${remote}`]), { code: 0, stdout: "", stderr: "" });
    assert.deepEqual(await run(["cp", "-c", "main", `p:${remote}`, back]), { code: 0, stdout: "", stderr: "" });
    assert.equal(readFileSync(join(back, "a"), "utf8"), "a".repeat(200_000));
    assert.equal(statSync(join(back, "sub", "b")).mode & 0o777, 0o755);
    assert.equal((await run(["cp", "-c", "main", `p:${directory}/nope`, back])).code, 1);
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
});
