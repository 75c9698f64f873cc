import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import { certificateSigningRequests } from "@kube-ts/api/resource-types";
import { formatTime } from "@kube-ts/api/rfc3339";
import { MemoryCluster } from "../testing/memory-cluster.ts";
import { RunningControllers } from "../testing/running-controllers.ts";
import { cleanerController } from "./cleaner-controller.ts";
import { authorityFiles } from "./testing/certificate-requests.ts";

const hourMs = 3_600_000;

test("requests are looked through every hour, and those of no use go", async (t) => {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-cleaner-"));
  t.after(() => rmSync(directory, { recursive: true, force: true }));
  const cluster = new MemoryCluster();
  const startMs = cluster.clock.now();
  const { certFile } = await authorityFiles(directory, "ca", startMs + 90 * 60_000);
  const certificate = readFileSync(certFile).toString("base64");
  const add = (name: string, status: CertificateSigningRequest["status"]) =>
    cluster.create(certificateSigningRequests, {
      metadata: { name },
      spec: { request: "", signerName: "example.com/signer" },
      ...(status && { status }),
    });
  const condition = (type: string, atMs: number) =>
    ({ type, status: "True", lastUpdateTime: formatTime(atMs) }) as const;
  add("pending", undefined);
  add("denied", { conditions: [condition("Denied", startMs - 1_000)] });
  add("issued", { conditions: [condition("Approved", startMs + 24 * hourMs)], certificate });
  add("damaged", { conditions: [condition("Approved", startMs + 24 * hourMs)], certificate: "YQ==" });
  await using running = await RunningControllers.start(cluster, [cleanerController]);
  const left = () => cluster.list(certificateSigningRequests).map(({ metadata }) => metadata.name);
  const hours = async (count: number) => {
    for (let hour = 0; hour < count; hour += 1) {
      await cluster.clock.advance(hourMs);
      await running.settle();
    }
  };
  await hours(1);
  assert.deepEqual(left(), ["pending", "issued", "damaged"]);
  await hours(1);
  assert.deepEqual(left(), ["pending", "damaged"]);
  await hours(24);
  assert.deepEqual(left(), []);
});
