import assert from "node:assert/strict";
import { hostname } from "node:os";
import { test } from "node:test";
import type { Lease, LeaseList } from "@kube-ts/api/coordination/v1";
import { ApiRequests } from "../harness/api-requests.ts";
import { eventually } from "../harness/eventually.ts";
import { serverForTests } from "../harness/server-for-tests.ts";

const leases = "/apis/coordination.k8s.io/v1/namespaces/kube-system/leases";
const ofServers = `${leases}?labelSelector=apiserver.kubernetes.io/identity%3Dkube-apiserver`;
const server = serverForTests();
const api = new ApiRequests(server);

const serverLeases = async () => (await api.json<LeaseList>("GET", ofServers)).items;

test("an API server has a lease by which others know that it is there", async () => {
  const [lease, ...others] = await eventually("a lease", serverLeases, (found) => found.length > 0);
  assert.deepEqual(others, []);
  assert.match(lease?.metadata.name ?? "", /^apiserver-[a-z2-7]{26}$/);
  assert.equal(lease?.metadata.labels?.["kubernetes.io/hostname"], hostname());
  const { holderIdentity, leaseDurationSeconds, renewTime, ...rest } = lease?.spec ?? {};
  assert.ok(holderIdentity?.startsWith(`${lease?.metadata.name}_`));
  assert.equal(leaseDurationSeconds, 3_600);
  assert.deepEqual(rest, {});
  await eventually(
    "the lease is renewed",
    async () => (await serverLeases())[0]?.spec.renewTime,
    (time) => time !== renewTime,
  );
});

test("the next process on the host takes the lease over, and removes those of servers that are gone", async () => {
  const before = (await serverLeases())[0];
  const gone: Lease = {
    apiVersion: "coordination.k8s.io/v1",
    kind: "Lease",
    metadata: { name: "apiserver-gone", labels: { "apiserver.kubernetes.io/identity": "kube-apiserver" } },
    spec: { holderIdentity: "x", leaseDurationSeconds: 3_600, renewTime: "2020-01-01T00:00:00.000000Z" },
  };
  assert.equal((await api.ask("POST", leases, { body: gone })).code, 201);
  await server.restart();
  const [lease] = await eventually(
    "one lease of another process",
    serverLeases,
    (found) => found.length === 1 && found[0]?.spec.holderIdentity !== before?.spec.holderIdentity,
  );
  assert.equal(lease?.metadata.uid, before?.metadata.uid);
});
