import assert from "node:assert/strict";
import { createServer, request as httpRequest } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";
import { acceptRemoteCommand } from "./accept-remote-command.ts";
import { openSpdyRemoteCommand, openWebSocketRemoteCommand, openRemoteCommand } from "./open-remote-command.ts";
import { RemoteCommandClient, RemoteCommandServer } from "./remote-command.ts";
import { refuseWith, relayUpgrade } from "./relay-upgrade.ts";
import { UpgradeError } from "./streaming-error.ts";
import type { UpgradeTarget } from "./upgrade-client.ts";
import { refuseUpgrade } from "./upgrade-server.ts";

const signal = AbortSignal.timeout(20_000);
const everything = { stdin: true, stdout: true, stderr: true, tty: false };
const terminal = { stdin: true, stdout: true, stderr: false, tty: true };

let backend: Server;
let proxy: Server;

function address(server: Server, path: string): UpgradeTarget {
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`), headers: {} };
}

/** `/echo` sends stdin to stdout, `/exit` ends with code 3, `/size` prints the first terminal size. */
async function serve(path: string, session: RemoteCommandServer): Promise<void> {
  if (path === "/echo") {
    session.stderr?.write("warned");
    for await (const chunk of session.stdin ?? []) session.stdout?.write(chunk);
    await session.finish({ kind: "success" });
  } else if (path === "/exit") {
    await session.finish({ kind: "exit", code: 3 });
  } else if (path === "/size") {
    for await (const size of session.resize ?? []) {
      session.stdout?.write(`${size.width}x${size.height}`);
      break;
    }
    await session.finish({ kind: "success" });
  }
}

before(async () => {
  backend = createServer();
  backend.on("upgrade", (request, socket, head) => {
    const path = request.url ?? "";
    if (path === "/forbidden") {
      refuseUpgrade(socket, 403, JSON.stringify({ status: "Failure", message: "pods is forbidden" }));
      return;
    }
    const selection = path === "/size" ? terminal : everything;
    void acceptRemoteCommand({ request, socket, head }, selection, signal).then(
      (channels) => serve(path, new RemoteCommandServer(channels)),
      () => {},
    );
  });
  proxy = createServer();
  proxy.on("upgrade", (request, socket, head) => {
    const { method, headers } = request;
    const passedOn = httpRequest(address(backend, request.url ?? "").url, { ...(method && { method }), headers });
    void relayUpgrade({ request, socket, head }, passedOn, signal).catch((error: unknown) => refuseWith(socket, error));
  });
  for (const server of [backend, proxy]) await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(() => {
  for (const server of [backend, proxy]) {
    server.closeAllConnections();
    server.close();
  }
});

const transports = { spdy: openSpdyRemoteCommand, webSocket: openWebSocketRemoteCommand };

for (const [name, open] of Object.entries(transports)) {
  for (const hop of ["direct", "relayed"]) {
    const target = (path: string) => address(hop === "direct" ? backend : proxy, path);

    test(`${name} ${hop}: stdin, stdout, stderr and success`, async () => {
      const session = new RemoteCommandClient(await open(target("/echo"), everything, signal));
      const payload = "line\n".repeat(200_000);
      session.stdin?.end(payload);
      const [out, err] = await Promise.all([
        text(session.stdout ?? Readable.from([])),
        text(session.stderr ?? Readable.from([])),
      ]);
      assert.equal(out, payload);
      assert.equal(err, "warned");
      assert.deepEqual(await session.outcome, { kind: "success" });
    });

    test(`${name} ${hop}: the exit code arrives`, async () => {
      const session = new RemoteCommandClient(await open(target("/exit"), everything, signal));
      assert.deepEqual(await session.outcome, { kind: "exit", code: 3 });
    });

    test(`${name} ${hop}: the terminal size arrives`, async () => {
      const session = new RemoteCommandClient(await open(target("/size"), terminal, signal));
      session.resize({ width: 120, height: 40 });
      assert.equal(await text(session.stdout ?? Readable.from([])), "120x40");
      assert.deepEqual(await session.outcome, { kind: "success" });
    });

    test(`${name} ${hop}: a refusal carries the server's answer`, async () => {
      await assert.rejects(open(target("/forbidden"), everything, signal), (error: unknown) => {
        assert.ok(error instanceof UpgradeError);
        assert.equal(error.statusCode, 403);
        assert.match(error.message, /pods is forbidden/);
        return true;
      });
    });
  }
}

test("an answer other than 101 with the upgrade asked for never becomes a stream", async () => {
  const answers = [
    "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: other\r\n\r\n",
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\n\r\n",
    "garbage\r\n\r\n",
  ];
  for (const answer of answers) {
    const server = createServer();
    server.on("upgrade", (_request, socket) => socket.end(answer));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    await assert.rejects(openSpdyRemoteCommand(address(server, "/"), everything, signal), UpgradeError);
    server.closeAllConnections();
    server.close();
  }
});

test("SPDY is tried when WebSocket is refused", async () => {
  const server = createServer();
  server.on("upgrade", (request, socket, head) => {
    if (request.headers.upgrade === "websocket") refuseUpgrade(socket, 400, "no");
    else {
      void acceptRemoteCommand({ request, socket, head }, everything, signal).then((channels) =>
        serve("/exit", new RemoteCommandServer(channels)),
      );
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const session = new RemoteCommandClient(await openRemoteCommand(address(server, "/"), everything, signal));
  assert.deepEqual(await session.outcome, { kind: "exit", code: 3 });
  server.close();
});

test("a client that shares no protocol is answered 403", async () => {
  const response = await new Promise<number>((resolve) => {
    const socket = new WebSocket(address(backend, "/echo").url.href.replace("http", "ws"), ["v9.channel.k8s.io"]);
    socket.addEventListener("error", () => resolve(socket.readyState));
    socket.addEventListener("open", () => resolve(-1));
  });
  assert.notEqual(response, -1);
});
