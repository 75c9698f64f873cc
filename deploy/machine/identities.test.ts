import assert from "node:assert/strict";
import { test } from "node:test";
import { isRecord } from "@kube-ts/std/config-schema";
import { parseYaml } from "@kube-ts/std/yaml";
import { parseClusterConfig } from "../cluster/cluster-config.ts";
import { formatKubeconfig } from "../cluster/kubeconfig.ts";
import { withServers } from "./identities.ts";

const config = (...addresses: string[]) =>
  parseClusterConfig(
    JSON.stringify({
      apiVersion: "deploy.kube-ts.io/v1",
      kind: "Cluster",
      machines: addresses.map((address, index) => ({
        name: `m${index}`,
        roles: ["etcd", "control-plane"],
        addresses: [address],
      })),
    }),
  );

test("a kubeconfig trusts whom its machine trusts", () => {
  const content = { clusterName: "c", userName: "u", user: { token: "t" }, servers: ["https://192.0.2.1:6443"] };
  const text = formatKubeconfig({ ...content, authority: "ca" });
  const next = withServers(text, config("192.0.2.1"), "old and new");
  assert.deepEqual(parseYaml(next), parseYaml(formatKubeconfig({ ...content, authority: "old and new" })));
});

test("a kubeconfig follows the API servers of the configuration, and nothing else of it changes", () => {
  const content = { clusterName: "c", authority: "ca", userName: "u", user: { token: "t" } };
  const text = formatKubeconfig({ ...content, servers: ["https://192.0.2.1:6443"] });
  assert.equal(withServers(text, config("192.0.2.1"), "ca"), text);
  const next = withServers(text, config("192.0.2.1", "192.0.2.2"), "ca");
  const document = parseYaml(next);
  assert.ok(isRecord(document));
  assert.deepEqual(document["users"], (parseYaml(text) as Record<string, unknown>)["users"]);
  assert.match(next, /servers:\n\s+- https:\/\/192.0.2.1:6443\n\s+- https:\/\/192.0.2.2:6443\n/);
  assert.equal(withServers(next, config("192.0.2.1", "192.0.2.2"), "ca"), next);
  assert.deepEqual(parseYaml(withServers(next, config("192.0.2.1"), "ca")), parseYaml(text));
});
