import assert from "node:assert/strict";
import { test } from "node:test";
import { type ClusterConfig, formatClusterConfig } from "../../cluster/cluster-config.ts";
import { smallCluster } from "../../cluster/testing/small-cluster.ts";
import { type ClusterConfiguration, digestOf, takenBack } from "./cluster-configuration.ts";

const [first] = smallCluster.machines;
const changed: ClusterConfig = {
  ...smallCluster,
  version: "1.36.1",
  network: { ...smallCluster.network, serviceCidrs: ["10.97.0.0/16"] },
  flags: { "kube-scheduler": { v: "2" } },
  machines: first ? [{ ...first, labels: { a: "b" } }] : [],
};

function published(text: string): ClusterConfiguration {
  return { text, digest: digestOf(text), resourceVersion: "1" };
}

const text = formatClusterConfig(smallCluster);

test("nothing is taken back of what a machine has seen, nor by the same configuration", () => {
  assert.equal(takenBack(changed, undefined, undefined), undefined);
  assert.equal(takenBack(changed, published(text), digestOf(text)), undefined);
  assert.equal(takenBack(smallCluster, published(text), undefined), undefined);
  // Written otherwise, with a comment.
  assert.equal(takenBack(smallCluster, published(`# ours\n${text}`), undefined), undefined);
});

test("what others have changed is named", () => {
  const found = published(formatClusterConfig(changed));
  assert.deepEqual(takenBack(smallCluster, found, digestOf(text)), [
    "version",
    "network.serviceCIDRs",
    "flags.kube-scheduler",
    "machines[cp-1]",
    "machines[w-1]",
  ]);
  const newer = published(text.replace("machines:", "somethingNew: 1\nmachines:"));
  assert.deepEqual(takenBack(smallCluster, newer, digestOf(text)), [
    "all of it, which this version of kube-ts does not read",
  ]);
});
