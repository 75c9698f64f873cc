import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterConfig, formatClusterConfig, parseClusterConfig } from "../../cluster/cluster-config.ts";
import { type ClusterConfiguration, digestOf, takenBack } from "./cluster-configuration.ts";

const config = parseClusterConfig(`
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
machines:
- {name: cp-1, roles: [etcd, control-plane, worker], addresses: [192.0.2.11]}
- {name: w-1, roles: [worker], addresses: [192.0.2.21]}
`);
const [first] = config.machines;
const changed: ClusterConfig = {
  ...config,
  version: "1.36.1",
  network: { ...config.network, serviceCidrs: ["10.97.0.0/16"] },
  flags: { "kube-scheduler": { v: "2" } },
  machines: first ? [{ ...first, labels: { a: "b" } }] : [],
};

function published(text: string): ClusterConfiguration {
  return { text, digest: digestOf(text), resourceVersion: "1" };
}

const text = formatClusterConfig(config);

test("nothing is taken back of what a machine has seen, nor by the same configuration", () => {
  assert.equal(takenBack(changed, undefined, undefined), undefined);
  assert.equal(takenBack(changed, published(text), digestOf(text)), undefined);
  assert.equal(takenBack(config, published(text), undefined), undefined);
  // Written otherwise, with a comment.
  assert.equal(takenBack(config, published(`# ours\n${text}`), undefined), undefined);
});

test("what others have changed is named", () => {
  const found = published(formatClusterConfig(changed));
  assert.deepEqual(takenBack(config, found, digestOf(text)), [
    "version",
    "network.serviceCIDRs",
    "flags.kube-scheduler",
    "machines[cp-1]",
    "machines[w-1]",
  ]);
  const newer = published(text.replace("machines:", "somethingNew: 1\nmachines:"));
  assert.deepEqual(takenBack(config, newer, digestOf(text)), [
    "all of it, which this version of kube-ts does not read",
  ]);
});
