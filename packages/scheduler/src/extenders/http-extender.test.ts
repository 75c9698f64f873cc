import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { describe, it } from "node:test";
import { createServer } from "@kube-ts/std/node-http";
import { type ExtenderFile, extenderConfigs } from "../config/extender-config.ts";
import { testNode, testPod } from "../testing/objects.ts";
import { HttpExtender } from "./http-extender.ts";

const signal = new AbortController().signal;
const nodes = [testNode("a"), testNode("b")];
const pod = testPod("p");

interface Received {
  readonly path: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Runs the test with an extender whose server gives the answer, as text with a status. */
async function withExtender(
  file: ExtenderFile,
  answer: { readonly status?: number; readonly body: unknown } | "nothing",
  test: (extender: HttpExtender, received: Received[]) => Promise<void>,
): Promise<void> {
  const received: Received[] = [];
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      received.push({ path: request.url ?? "", body: JSON.parse(text) as Received["body"] });
      if (answer !== "nothing") response.writeHead(answer.status ?? 200).end(JSON.stringify(answer.body));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const urlPrefix = `http://127.0.0.1:${(server.address() as AddressInfo).port}/scheduler/`;
  const [config] = extenderConfigs([{ urlPrefix, filterVerb: "filter", bindVerb: "bind", ...file }]);
  assert.ok(config);
  const extender = new HttpExtender(config);
  try {
    await test(extender, received);
  } finally {
    extender[Symbol.dispose]();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

describe("an extender behind a URL", () => {
  it("is shown whole nodes, and its answer read in any case", async () => {
    const body = { nodes: { items: [nodes[1]] }, failednodes: { a: "full" }, FailedAndUnresolvableNodes: { c: "old" } };
    await withExtender({}, { body }, async (extender, received) => {
      const { nodeNames, failed, unresolvable } = await extender.filter(pod, nodes, signal);
      assert.deepEqual([[...nodeNames], failed, unresolvable], [["b"], { a: "full" }, { c: "old" }]);
      assert.deepEqual(received, [
        { path: "/scheduler/filter", body: { Pod: pod, Nodes: { metadata: {}, items: nodes }, NodeNames: null } },
      ]);
    });
  });

  it("that knows the nodes gets their names", async () => {
    await withExtender({ nodeCacheCapable: true }, { body: { NodeNames: ["a"] } }, async (extender, received) => {
      assert.deepEqual([...(await extender.filter(pod, nodes, signal)).nodeNames], ["a"]);
      assert.deepEqual(received[0]?.body, { Pod: pod, Nodes: null, NodeNames: ["a", "b"] });
    });
    await withExtender({ nodeCacheCapable: true }, { body: { NodeNames: ["z"] } }, async (extender) => {
      const problem = /claims a filtered node "z" which is not found in the input node list$/;
      await assert.rejects(extender.filter(pod, nodes, signal), problem);
    });
  });

  it("gives scores", async () => {
    const body = [
      { Host: "a", Score: 3 },
      { host: "b", score: 7 },
    ];
    await withExtender({ prioritizeVerb: "prioritize", weight: 1 }, { body }, async (extender) => {
      assert.deepEqual(
        [...(await extender.prioritize(pod, nodes, signal))],
        [
          ["a", 3],
          ["b", 7],
        ],
      );
    });
  });

  it("binds", async () => {
    await withExtender({}, { body: {} }, async (extender, received) => {
      await extender.bind(pod, "a", signal);
      const body = { PodName: "p", PodNamespace: "default", PodUID: "uid-p", Node: "a" };
      assert.deepEqual(received, [{ path: "/scheduler/bind", body }]);
    });
    await withExtender({}, { body: { Error: "no" } }, async (extender) => {
      await assert.rejects(extender.bind(pod, "a", signal), /^Error: no$/);
    });
  });

  it("fails with its server", async () => {
    await withExtender({}, { status: 500, body: {} }, async (extender) => {
      const problem =
        /^Error: failed filter with extender at URL http:\/\/127\.0\.0\.1:\d+\/scheduler\/filter, code 500$/;
      await assert.rejects(extender.filter(pod, nodes, signal), problem);
    });
    await withExtender({}, { body: { Error: "no licence" } }, async (extender) => {
      await assert.rejects(extender.filter(pod, nodes, signal), /^Error: no licence$/);
    });
    await withExtender({ httpTimeout: 50 }, "nothing", async (extender) => {
      await assert.rejects(
        extender.filter(pod, nodes, signal),
        /^Error: Post "http:.*\/filter": context deadline exceeded /,
      );
    });
  });

  it("may be away", async () => {
    const [config] = extenderConfigs([{ urlPrefix: "http://127.0.0.1:1", filterVerb: "filter" }]);
    assert.ok(config);
    using extender = new HttpExtender(config);
    const problem =
      /^Error: Post "http:\/\/127\.0\.0\.1:1\/filter": dial tcp 127\.0\.0\.1:1: connect: connection refused$/;
    await assert.rejects(extender.filter(pod, nodes, signal), problem);
  });

  it("is asked about pods that want what it has", async () => {
    const wants = (limits: Record<string, string>) =>
      testPod("p", { containers: [{ name: "c", resources: { limits } }] });
    await withExtender({ managedResources: [{ name: "example.com/gpu" }] }, "nothing", async (extender) => {
      assert.equal(extender.isInterested(wants({ "example.com/gpu": "1" })), true);
      assert.equal(extender.isInterested(wants({ cpu: "1" })), false);
    });
  });
});
