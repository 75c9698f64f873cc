import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { FlagError, parseFlags } from "@kube-ts/std/flags";
import { FakeClock } from "@kube-ts/std/clock";
import { HealthMonitor } from "../health-monitor.ts";
import { loadAutoscalerConfig } from "./autoscaler-config.ts";
import { autoscalerFlags } from "./flags.ts";

let directory: string;

before(() => {
  directory = mkdtempSync(join(tmpdir(), "kube-ts-autoscaler-config-"));
  const text = "apiVersion: deploy.kube-ts.io/v1\nkind: NodeGroupProvider\ncommand: [/bin/true]\n";
  writeFileSync(join(directory, "provider.yaml"), text);
});
after(() => rmSync(directory, { recursive: true, force: true }));

const load = (...args: string[]) => {
  const required = ["--kubeconfig=k", `--cloud-config=${join(directory, "provider.yaml")}`];
  return loadAutoscalerConfig(parseFlags(autoscalerFlags, "cluster-autoscaler", [...required, ...args]));
};

describe("flags", () => {
  it("have upstream's defaults", async () => {
    const { scanIntervalMs, scaleUp, scaleDown, health } = await load();
    assert.equal(scanIntervalMs, 10_000);
    assert.deepEqual(scaleUp.expanders, ["least-waste"]);
    assert.equal(scaleUp.maxNodeProvisionMs, 900_000);
    assert.equal(scaleUp.maxNodesTotal, Infinity);
    assert.equal(scaleDown.unneededMs, 600_000);
    assert.equal(scaleDown.utilizationThreshold, 0.5);
    assert.equal(scaleDown.delayAfterDeleteMs, 10_000);
    assert.deepEqual([health.maxUnreadyPercentage, health.okUnreadyCount], [45, 3]);
  });

  it("name sizes of groups", async () => {
    const { groupLimits } = await load("--nodes=1:3:a", "--nodes=0:5:ns:b");
    assert.deepEqual(groupLimits, { a: { minSize: 1, maxSize: 3 }, "ns:b": { minSize: 0, maxSize: 5 } });
  });

  const bad: [string, RegExp][] = [
    ["--nodes=3:a", /wrong nodes configuration: 3:a/],
    ["--nodes=3:1:a", /max size must be greater or equal to min size/],
    ["--expander=cheapest", /Expander cheapest not supported/],
    ["--expander=random,random", /random was specified multiple times/],
    ["--cloud-provider=aws", /"aws" is not supported/],
    ["--scan-interval=0s", /--scan-interval must be greater than 0/],
    ["--max-drain-parallelism=11", /must not be greater than --max-scale-down-parallelism/],
    ["--leader-elect-lease-duration=5s", /must be greater than --leader-elect-renew-deadline/],
    ["--cloud-config=", /--cloud-config is required/],
  ];
  for (const [flag, problem] of bad) {
    it(`are refused: ${flag}`, () =>
      assert.rejects(
        async () => load(flag),
        (error: unknown) => error instanceof FlagError && problem.test(error.message),
      ));
  }
});

describe("health", () => {
  const limits = { maxUnreadyPercentage: 45, okUnreadyCount: 3, maxInactivityMs: 10_000, maxFailingMs: 15_000 };

  it("needs scans, and some that succeed, from the start on", async () => {
    const clock = new FakeClock();
    const health = new HealthMonitor(clock, limits);
    await clock.advance(1e6);
    health.check();
    health.start();
    await clock.advance(10_001);
    assert.throws(() => health.check(), /last activity more than 10s ago/);
    health.noteScan(false);
    health.check();
    await clock.advance(9_000);
    health.noteScan(false);
    assert.throws(() => health.check(), /last successful activity more than 15s ago/);
    health.noteScan(true);
    health.check();
  });
});
