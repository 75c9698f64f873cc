import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { finished } from "node:stream/promises";
import { after, before, test } from "node:test";
import { WebSocket } from "ws";
import { openPortForward, openSpdyPortForward } from "./port-forward-client.ts";
import type { PortForwardClient } from "./port-forward-client.ts";
import { serveChannelPortForward, servePortForward, serveTunnelledPortForward } from "./port-forward-server.ts";
import type { Forward } from "./port-forward-server.ts";
import { portForwardProtocol, portForwardTunnelProtocol, remoteCommand } from "./protocols.ts";
import { acceptSpdyUpgrade, acceptWebSocketUpgrade, upgradeKind } from "./upgrade-server.ts";

const signal = AbortSignal.timeout(20_000);
let server: Server;
const serving = new Set<Promise<void>>();

/** Port 7 echoes; every other port refuses. */
const forward: Forward = async (port, data) => {
  if (port !== 7) throw new Error(`connection refused on ${port}`);
  data.pipe(data);
  await finished(data, { readable: false });
};

function track(task: Promise<void>): void {
  const tracked = task.finally(() => serving.delete(tracked));
  serving.add(tracked);
}

before(async () => {
  server = createServer();
  server.on("upgrade", (request, socket, head) => {
    const upgrade = { request, socket, head };
    if (upgradeKind(request) === "spdy") {
      acceptSpdyUpgrade(upgrade, [portForwardProtocol], portForwardProtocol);
      track(servePortForward(socket, forward));
      return;
    }
    track(
      acceptWebSocketUpgrade(upgrade, [portForwardTunnelProtocol, remoteCommand.v4]).then((accepted) =>
        accepted.protocol === portForwardTunnelProtocol
          ? serveTunnelledPortForward(accepted.socket, forward)
          : serveChannelPortForward(accepted.socket, accepted.protocol, [7, 9], forward),
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

after(async () => {
  server.close();
  await Promise.all(serving);
});

function target() {
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`), headers: {} };
}

async function exercise(client: PortForwardClient): Promise<void> {
  const connections = await Promise.all(Array.from({ length: 20 }, () => client.open(7, signal)));
  await Promise.all(
    connections.map(async ({ data, error }, index) => {
      const payload = String(index).repeat(50_000);
      data.end(payload);
      assert.equal(await text(data), payload);
      assert.equal(await error, "");
    }),
  );
  const refused = await client.open(8, signal);
  assert.equal(await refused.error, "connection refused on 8");
  await client.close();
}

test("connections are multiplexed over SPDY", async () => {
  await exercise(await openSpdyPortForward(target(), signal));
});

test("connections are multiplexed through a WebSocket tunnel", async () => {
  await exercise(await openPortForward(target(), signal));
});

test("the older WebSocket form has two channels for each port", async () => {
  const socket = new WebSocket(target().url.href.replace("http", "ws"), [remoteCommand.v4]);
  const got = new Map<number, string>();
  const done = Promise.withResolvers<void>();
  socket.on("message", (message: Buffer) => {
    const channel = message[0] ?? 0;
    got.set(channel, (got.get(channel) ?? "") + message.toString("latin1", 1));
    if (got.get(0) === "\x07\0ping" && got.get(3) === "\x09\0connection refused on 9") done.resolve();
  });
  socket.on("open", () => socket.send(Buffer.from("\0ping")));
  await done.promise;
  assert.equal(got.get(1), "\x07\0");
  socket.close();
});
