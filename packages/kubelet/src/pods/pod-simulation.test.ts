import assert from "node:assert/strict";
import { test } from "node:test";
import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import { type Random, randomInt, seededRandom } from "@kube-ts/std/random";
import { RuntimeError } from "../runtime/runtime-error.ts";
import type { Runtime } from "../runtime/runtime.ts";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { PodHarness } from "../testing/pod-harness.ts";

const seeds = 5;
const steps = 40;

const failing: readonly (keyof Runtime)[] = [
  "runPodSandbox",
  "stopPodSandbox",
  "createContainer",
  "startContainer",
  "stopContainer",
  "removeContainer",
  "listContainers",
  "listPodSandboxes",
];

/** A world in which anything may fail, be killed or vanish, and that must come to rest as it was asked to. */
class World {
  readonly h: PodHarness;
  readonly random: Random;
  /** What the API server has. */
  readonly pods = new Map<string, Pod>();
  readonly log: string[] = [];
  #serial = 0;

  constructor(h: PodHarness, random: Random) {
    this.h = h;
    this.random = random;
  }

  async step(): Promise<void> {
    const acts = [
      () => this.add(),
      () => this.add(),
      () => this.add(),
      () => this.delete(),
      () => this.forceDelete(),
      () => this.killContainer(),
      () => this.removeContainer(),
      () => this.killSandbox(),
      () => this.fail(),
      () => this.fail(),
      () => this.restart(),
    ];
    const act: (() => void | Promise<void>) | undefined = acts[randomInt(this.random, acts.length)];
    await act?.();
    for (let round = 0; round < randomInt(this.random, 4); round += 1) await this.h.settle();
    if (this.random.next() < 0.5) await this.h.pass(1000 * randomInt(this.random, 15), 5_000);
    this.follow();
    this.check();
  }

  add(): void {
    this.#serial += 1;
    const uid = `uid-${this.#serial}`;
    const restartPolicy = (["Always", "OnFailure", "Never"] as const)[randomInt(this.random, 3)] ?? "Always";
    const side = testContainer(`side-${uid}`, { restartPolicy: "Always" });
    const pod = testPod(
      {
        restartPolicy,
        terminationGracePeriodSeconds: 5,
        initContainers: [testContainer(`init-${uid}`), ...(this.random.next() < 0.5 ? [side] : [])],
        containers: [testContainer(`a-${uid}`), testContainer(`b-${uid}`)],
      },
      { uid, name: `pod-${uid}` },
    );
    this.h.runtime.programs.set(`init-${uid}`, { exitAfterMs: 1_000 });
    this.pods.set(uid, pod);
    this.note(`add ${uid} ${restartPolicy}`);
    this.h.workers.update(pod, false);
  }

  delete(): void {
    const pod = this.pick([...this.pods.values()]);
    if (!pod || pod.metadata.deletionTimestamp) return;
    const deleted = {
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: "2026-01-01T00:00:00Z", deletionGracePeriodSeconds: 5 },
    };
    this.pods.set(pod.metadata.uid ?? "", deleted);
    this.note(`delete ${pod.metadata.uid}`);
    this.h.workers.update(deleted, false);
  }

  forceDelete(): void {
    const uid = this.pick([...this.pods.keys()]);
    if (uid === undefined || this.random.next() < 0.5) return;
    this.pods.delete(uid);
    this.note(`force delete ${uid}`);
    this.h.workers.remove(uid);
  }

  killContainer(): void {
    const container = this.pick(this.h.runtime.containers());
    if (!container) return;
    this.note(`kill ${container.name}`);
    this.h.runtime.kill(container.id, randomInt(this.random, 2));
  }

  async removeContainer(): Promise<void> {
    const container = this.pick(this.h.runtime.containers());
    if (!container) return;
    this.note(`remove ${container.name}`);
    await this.h.runtime.removeContainer(container.id, new AbortController().signal).catch(() => undefined);
  }

  killSandbox(): void {
    const sandbox = this.pick(this.h.runtime.sandboxes());
    if (!sandbox) return;
    this.note(`kill sandbox of ${sandbox.pod.uid}`);
    this.h.runtime.killSandbox(sandbox.id);
  }

  fail(): void {
    const method = this.pick(failing);
    if (!method) return;
    this.note(`fail ${method}`);
    this.h.runtime.failNext(method, new RuntimeError("Internal", "simulated"));
  }

  async restart(): Promise<void> {
    this.note("restart the kubelet");
    this.follow();
    await this.h.restart();
    for (const pod of this.pods.values()) this.h.workers.update(pod, false);
  }

  /** Does what the API server would: keeps statuses, removes what the kubelet has deleted. */
  follow(): void {
    for (const [uid, pod] of this.pods) {
      const status: PodStatus | undefined = this.h.statuses.get(uid);
      if (status) this.pods.set(uid, { ...pod, status });
      if (!pod.metadata.deletionTimestamp || !this.h.deleted.includes(uid)) continue;
      this.pods.delete(uid);
      this.h.workers.remove(uid);
    }
  }

  /** What must hold at any time. */
  check(): void {
    const running = this.h.runtime.containers().filter(({ state }) => state === "running");
    const names = running.map(({ name }) => name);
    assert.equal(new Set(names).size, names.length, `a container runs twice: ${names.join()}`);
    for (const { name, podSandboxId } of running) {
      if (!name.startsWith("a-") && !name.startsWith("b-")) continue;
      const init = this.h.runtime
        .containers()
        .filter((one) => one.podSandboxId === podSandboxId && one.name.startsWith("init-"));
      assert.ok(
        init.every(({ state }) => state === "exited"),
        `${name} runs beside its init container`,
      );
    }
  }

  /** Whether everything is as it was asked to be. */
  settled(): string | undefined {
    this.follow();
    const containers = this.h.runtime.containers();
    for (const [uid, pod] of this.pods) {
      if (pod.metadata.deletionTimestamp) return `${uid} is not deleted`;
      const phase = this.h.phase(uid);
      if (phase === "Succeeded" || phase === "Failed") {
        if (containers.some((one) => one.pod.uid === uid && one.state === "running"))
          return `${uid} has ended and runs`;
        if (pod.spec.restartPolicy === "Always") return `${uid} has ended although it restarts always`;
        continue;
      }
      if (phase !== "Running") return `${uid} is ${phase}`;
      const wanted = pod.spec.containers.map(({ name }) => name);
      const missing = wanted.filter((name) => !containers.some((one) => one.name === name && one.state === "running"));
      if (pod.spec.restartPolicy === "Always" && missing.length > 0) return `${missing.join()} does not run`;
    }
    const strangers = containers.filter(({ pod }) => !this.pods.has(pod.uid));
    return strangers.length > 0 ? `${strangers.map(({ name }) => name).join()} is still there` : undefined;
  }

  note(text: string): void {
    this.log.push(text);
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[randomInt(this.random, Math.max(1, items.length))];
  }
}

for (let seed = 1; seed <= seeds; seed += 1) {
  test(`simulation ${seed}: whatever happens, pods end up as they were asked to be`, async () => {
    await using h = await PodHarness.create();
    h.start();
    const world = new World(h, seededRandom(seed));
    try {
      for (let step = 0; step < steps; step += 1) await world.step();
      let problem = world.settled();
      // The longest back-off is five minutes.
      for (let rounds = 0; problem !== undefined && rounds < 60; rounds += 1) {
        await h.pass(20_000, 10_000);
        problem = world.settled();
      }
      assert.equal(problem, undefined);
      assert.deepEqual(
        [...h.cgroups.present].filter((uid) => !world.pods.has(uid)),
        [],
      );
    } catch (error) {
      throw new Error(`seed ${seed}: ${world.log.join("; ")}\n${h.runtime.journal.slice(-40).join("\n")}`, {
        cause: error,
      });
    }
  });
}
