import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Machine } from "../machines/machine.ts";
import { electedDaemons } from "./cluster-state.ts";
import type { ClusterUnderLoad } from "./cluster-under-load.ts";
import { assertHarmless } from "./fault-limits.ts";
import type { Fault } from "./fault-run.ts";
import { leaderOf, leadingMember } from "./leadership.ts";

/** Declares the tests in which daemons die, one after another. */
export function describeDaemonFaults(load: () => ClusterUnderLoad): void {
  const killed = async (machine: Machine, unit: string, more: Partial<Fault> = {}) => {
    const act = async () => void (await machine.kill(unit));
    const name = `kill -9 ${unit.replace(".service", "")}`;
    assertHarmless(await load().faults.run({ name, act, dies: [`${machine.name}/${unit}`], ...more }));
  };

  describe("kill -9", () => {
    test("the leader of etcd", async () => {
      await killed(await leadingMember(load().cluster), "etcd.service");
    });

    test("an API server", async () => {
      await killed(load().cluster.first, "kube-apiserver.service");
    });

    for (const daemon of electedDaemons) {
      test(`the active ${daemon}: another one leads`, async () => {
        await killed(await leaderOf(load().cluster, daemon), `${daemon}.service`, { elects: [daemon] });
      });
    }

    for (const unit of ["kubelet.service", "kube-proxy.service", "docker.service"]) {
      test(`${unit}: no container is restarted, and no request fails`, async () => {
        await killed(load().cluster.lab.machine("worker-1"), unit);
      });
    }
  });

  test("systemctl restart docker: no container is restarted, and no request fails", async () => {
    const worker = load().cluster.lab.machine("worker-1");
    const act = async () => void (await worker.run("systemctl restart docker.service"));
    assertHarmless(await load().faults.run({ name: "restart docker", act, dies: ["worker-1/docker.service"] }));
  });
}

/** Declares what has to hold when all faults are over. */
export function describeAftermath(load: () => ClusterUnderLoad): void {
  test("no acknowledged write was lost, and all API servers agree", async () => {
    const { cluster, faults, writes } = load();
    await faults.steady([]);
    await writes.stop();
    for (const server of cluster.servers) assert.deepEqual(await writes.lostWrites(server), [], server);
    assert.ok(writes.acknowledged > 500, String(writes.acknowledged));
  });

  test("no stateful pod ever ran twice", () => {
    const { stateful } = load();
    assert.deepEqual(stateful.sightings.identities, stateful.identities);
    assert.deepEqual(stateful.sightings.twice, []);
  });
}
