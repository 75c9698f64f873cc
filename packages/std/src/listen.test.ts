import assert from "node:assert/strict";
import { createServer } from "node:net";
import { test } from "node:test";
import { listen } from "./listen.ts";

test("the port is told, and a taken one is refused", async () => {
  const [first, second] = [createServer(), createServer()];
  try {
    const port = await listen(first, { port: 0, host: "127.0.0.1" });
    assert.ok(port > 0);
    await assert.rejects(listen(second, { port, host: "127.0.0.1" }), { code: "EADDRINUSE" });
    assert.equal(first.listenerCount("error"), 0);
  } finally {
    first.close();
  }
});
