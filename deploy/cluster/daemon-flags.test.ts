import assert from "node:assert/strict";
import { test } from "node:test";
import { parseFlags } from "@kube-ts/std/flags";
import { localPrograms } from "../doctor/testing/cluster-views.ts";
import { parseClusterConfig } from "./cluster-config.ts";
import { daemonSettingProblems, knownFlags } from "./known-flags.ts";

const head = `
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
machines: [{name: one, roles: [etcd, control-plane, worker], addresses: [192.0.2.1]}]
`;

test("daemons know the flags that the local cluster gives them", () => {
  for (const [name, { args }] of localPrograms()) {
    const known = knownFlags[name];
    if (known) parseFlags(known, name, args);
  }
});

const settings: readonly (readonly [string, RegExp | undefined])[] = [
  ['flags: {kube-apiserver: {audit-log-maxage: "7"}, kube-controller-manager: {v: "2"}}', undefined],
  ['flags: {etcd: {quota-backend-bytes: "8589934592"}}', undefined],
  ['flags: {kube-apiserver: {bogus: "1"}}', /flags.kube-apiserver\[bogus\]: .*unknown flag: --bogus/],
  ["flags: {kubelet: {max-pods: many}}", /flags.kubelet\[max-pods\]: Invalid value: "many"/],
  ["flags: {kubelet: {node-ip: 192.0.2.9}}", /flags.kubelet\[node-ip\]: .*follows from the rest/],
  ["features: {WatchList: true}", undefined],
  ["features: {Bogus: true}", /features\[Bogus\]: Invalid value: true/],
  ["kubelet: {maxPods: 20, evictionHard: {memory.available: 100Mi}}", undefined],
  ["kubelet: {maxPod: 20}", /kubelet.maxPod: unknown field "kubelet.maxPod"/],
  ["kubelet: {maxPods: many}", /kubelet.maxPods: Invalid value: "many"/],
  ["kubelet: {topologyManagerPolicy: best-effort}", /kubelet.topologyManagerPolicy: .*does not support/],
  ["kubelet: {imageGCHighThresholdPercent: 101}", /kubelet.imageGCHighThresholdPercent: /],
];

for (const [text, expected] of settings) {
  test(`${expected ? "refused" : "taken"}: ${text}`, () => {
    const problems = daemonSettingProblems(parseClusterConfig(`${head}${text}\n`));
    const said = problems.map(({ path, message }) => `${path}: ${message}`).join("\n");
    if (expected) assert.match(said, expected);
    else assert.equal(said, "");
  });
}
