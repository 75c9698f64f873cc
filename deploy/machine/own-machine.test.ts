import assert from "node:assert/strict";
import { test } from "node:test";
import { smallCluster } from "../cluster/testing/small-cluster.ts";
import { formatMachineRecord, parseMachineRecord } from "./machine-record.ts";
import { chooseMachine } from "./own-machine.ts";

const nothing = { given: "", recorded: undefined, hostName: "host", addresses: ["127.0.0.1"] };
const choose = (traits: Partial<Parameters<typeof chooseMachine>[1]>) =>
  chooseMachine(smallCluster, { ...nothing, ...traits }, "cluster.yaml").name;

test("a machine is known by its host's name, or by an address", () => {
  assert.equal(choose({ hostName: "w-1", addresses: ["192.0.2.11"] }), "w-1");
  assert.equal(choose({ addresses: ["127.0.0.1", "192.0.2.21"] }), "w-1");
  assert.throws(() => choose({}), /cluster\.yaml has no machine host, but cp-1, w-1: use --machine/);
});

test("the name that it has been given comes first, and stays", () => {
  assert.equal(choose({ given: "cp-1", hostName: "w-1" }), "cp-1");
  assert.equal(choose({ recorded: "cp-1", hostName: "w-1", addresses: ["192.0.2.21"] }), "cp-1");
  assert.equal(choose({ recorded: "cp-1", given: "cp-1" }), "cp-1");
  assert.throws(() => choose({ recorded: "cp-1", given: "w-1" }), /--machine w-1: this machine is cp-1 in its cluster/);
  assert.throws(() => choose({ recorded: "gone", hostName: "w-1" }), /has no machine gone, but/);
  assert.throws(() => choose({ given: "cp-9" }), /has no machine cp-9, but cp-1, w-1/);
});

test("a machine's record reads as it was written", () => {
  for (const record of [
    { name: "cp-1", seenConfiguration: "sha256:00" },
    { name: "w-1", seenConfiguration: undefined },
  ]) {
    assert.deepEqual(parseMachineRecord(formatMachineRecord(record)), record);
  }
  const wrong = formatMachineRecord({ name: "w-1", seenConfiguration: undefined }).replace("name:", "nmae:");
  assert.throws(() => parseMachineRecord(wrong), /nmae/);
});
