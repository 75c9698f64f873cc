import assert from "node:assert/strict";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Registry } from "@kube-ts/std/metrics";
import { testPod } from "../testing/pod-fixtures.ts";
import { serveClaimUsage } from "./claim-usage.ts";

test("claims that are mounted tell how full they are, by their names; paths of the node do not", async () => {
  const root = await mkdtemp(join(tmpdir(), "claims-"));
  try {
    const directory = join(root, "pods/uid-1/volumes/kubernetes.io~local-volume/pv");
    await mkdir(directory, { recursive: true });
    const volumes = [
      { name: "data", persistentVolumeClaim: { claimName: "store" } },
      { name: "own", ephemeral: {} },
      { name: "path", persistentVolumeClaim: { claimName: "plain" } },
      { name: "gone", persistentVolumeClaim: { claimName: "gone" } },
      { name: "scratch", emptyDir: {} },
    ];
    const volumesMounted = new Map([
      ["data", directory],
      ["own", directory],
      ["path", root],
      ["gone", `${directory}/gone`],
      ["scratch", directory],
    ]);
    const registry = new Registry();
    serveClaimUsage(registry, () => [{ pod: testPod({ volumes }), volumesMounted }]);
    const text = await registry.metrics();
    for (const name of ["capacity_bytes", "available_bytes", "used_bytes", "inodes", "inodes_free", "inodes_used"]) {
      const claims = [...text.matchAll(new RegExp(`^kubelet_volume_stats_${name}\\{(.*)\\} [\\d.e+]+$`, "gm"))];
      assert.deepEqual(
        claims.map(([, labels]) => labels),
        ["store", "web-own"].map((claim) => `namespace="default",persistentvolumeclaim="${claim}"`),
        name,
      );
    }
  } finally {
    await rm(root, { recursive: true });
  }
});
