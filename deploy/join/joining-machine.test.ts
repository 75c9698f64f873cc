import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { parseClusterConfig } from "../cluster/cluster-config.ts";
import { type JoinWish, joiningMachine, needsSharedFiles } from "./joining-machine.ts";

const config = parseClusterConfig(`
apiVersion: deploy.kube-ts.io/v1
kind: Cluster
network: {podCIDRs: [10.244.0.0/16, "fd00:10:244::/56"], serviceCIDRs: [10.96.0.0/16, "fd00:10:96::/112"]}
machines:
- {name: cp-1, roles: [etcd, control-plane], addresses: [192.0.2.11, "2001:db8::11"]}
- {name: cp-2, roles: [etcd, control-plane], addresses: [192.0.2.12, "2001:db8::12"]}
- {name: db-1, roles: [etcd], addresses: [192.0.2.31, "2001:db8::31"]}
- {name: w-1, roles: [worker], addresses: [192.0.2.21, "2001:db8::21"], labels: {rack: a}}
`);
const own = ["192.0.2.50", "fe80::1", "2001:db8::50"];
const join = (name: string, change: Partial<JoinWish> = {}, addresses = own) =>
  joiningMachine(
    config,
    { name, isControlPlane: false, hasCertificateKey: false, addresses: [], ...change },
    addresses,
  );

describe("a machine that the configuration names", () => {
  test("is what it says", () => {
    assert.deepEqual(join("w-1").labels, { rack: "a" });
    const server = join("cp-2", { isControlPlane: true, hasCertificateKey: true });
    assert.deepEqual(server.addresses, ["192.0.2.12", "2001:db8::12"]);
    assert.ok(needsSharedFiles(server) && !needsSharedFiles(join("w-1")));
    assert.deepEqual(join("db-1", { hasCertificateKey: true }).roles, ["etcd"]);
  });

  test("does not join as something else", () => {
    assert.throws(
      () => join("w-1", { isControlPlane: true }),
      /gives the machine w-1 the roles worker: join it without/,
    );
    assert.throws(() => join("cp-2"), /gives the machine cp-2 the role control-plane: join it with --control-plane/);
    assert.throws(() => join("cp-2", { isControlPlane: true }), /the machine cp-2 needs --certificate-key/);
    assert.throws(() => join("db-1"), /the machine db-1 needs --certificate-key/);
  });
});

describe("a machine that it does not name", () => {
  test("is a worker with addresses of the cluster's families", () => {
    const machine = join("new", {}, ["192.0.2.50", "2001:db8::50", "192.0.2.51"]);
    assert.deepEqual([machine.roles, machine.addresses], [["worker"], ["192.0.2.50", "2001:db8::50"]]);
    const addresses = ["192.0.2.60", "2001:db8::60"];
    assert.deepEqual(join("new", { addresses }).addresses, addresses);
    assert.throws(() => join("new", {}, ["192.0.2.50"]), /has no IPv6 address: use --address/);
  });

  test("has no address of another one", () => {
    const taken = ["192.0.2.50", "2001:DB8:0::21"];
    assert.throws(() => join("new", {}, taken), /to the machine w-1: join it as --machine w-1, or take/);
  });

  test("is nothing else", () => {
    const wish = { isControlPlane: true, hasCertificateKey: true };
    assert.throws(() => join("new", wish), /does not name the machine new: add it, run `kube-ts install --config`/);
  });
});
