import assert from "node:assert/strict";
import { once } from "node:events";
import { type AddressInfo, type Socket, connect, createServer } from "node:net";
import { test } from "node:test";
import { UnknownConnections } from "./unknown-connections.ts";

test("one unknown connection more than allowed closes the oldest, and none of those that are known", async () => {
  const unknown = new UnknownConnections(2);
  const accepted: Socket[] = [];
  const server = createServer((socket) => {
    accepted.push(socket);
    unknown.add(socket);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const clients: Socket[] = [];
  const open = async () => {
    const client = connect(port, "127.0.0.1");
    clients.push(client);
    await Promise.all([once(client, "connect"), once(server, "connection")]);
    return client;
  };
  try {
    await open();
    unknown.acquaint(accepted[0] as Socket);
    const oldest = await open();
    await open();
    assert.equal(unknown.size, 2);
    const closed = once(oldest, "close");
    await open();
    await closed;
    assert.deepEqual({ size: unknown.size, closed: unknown.closed }, { size: 2, closed: 1 });
    assert.deepEqual(
      accepted.map(({ destroyed }) => destroyed),
      [false, true, false, false],
    );
    const gone = once(accepted[3] as Socket, "close");
    clients[3]?.destroy();
    await gone;
    assert.equal(unknown.size, 1);
  } finally {
    for (const client of clients) client.destroy();
    server.close();
  }
});
