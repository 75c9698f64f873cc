import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { requireFreePorts } from "./free-ports.ts";

test("a port where another program listens is named, and free again when that has ended", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await once(other, "listening");
  const { port } = other.address() as AddressInfo;
  await assert.rejects(
    requireFreePorts("etcd", [port]),
    new RegExp(`^Error: etcd needs port ${port}, where another program listens`),
  );
  other.close();
  await once(other, "close");
  await requireFreePorts("etcd", [port]);
});
