import assert from "node:assert/strict";
import { test } from "node:test";
import type { AllocatedDeviceStatus, ResourceClaim, ResourceClaimStatus } from "@kube-ts/api/resource/v1";
import type { AuthorizationAttributes } from "../../auth/authorizer.ts";
import type { UserInfo } from "../../auth/user.ts";
import { statusAccessErrors } from "./status-access.ts";

const { signal } = new AbortController();
const alice: UserInfo = { name: "alice", uid: "", groups: [], extra: {} };
const driverOn = (...nodes: string[]): UserInfo => ({
  name: "system:serviceaccount:ns:driver",
  uid: "",
  groups: [],
  extra: { "authentication.kubernetes.io/node-name": nodes },
});

const claim = (status?: ResourceClaimStatus): ResourceClaim => ({
  metadata: { name: "c", namespace: "ns" },
  spec: {},
  ...(status && { status }),
});
const device = (driver: string, data?: string): AllocatedDeviceStatus => ({
  driver,
  pool: "p",
  device: "d",
  ...(data !== undefined && { data: { data } }),
});
const onNode = (name: string): ResourceClaimStatus["allocation"] => ({
  nodeSelector: { nodeSelectorTerms: [{ matchFields: [{ key: "metadata.name", operator: "In", values: [name] }] }] },
});

interface Case {
  readonly old?: ResourceClaimStatus;
  readonly status?: ResourceClaimStatus;
  readonly user?: UserInfo;
  readonly allowed?: readonly string[];
}

/** The errors, and what was asked before they were known. */
async function write({
  old,
  status,
  user = alice,
  allowed = [],
}: Case): Promise<{ errors: string[]; asked: string[] }> {
  const asked: string[] = [];
  const authorize = (attributes: AuthorizationAttributes) => {
    assert.equal(attributes.kind, "resource");
    const { verb, resource, subresource, namespace, name } = attributes as AuthorizationAttributes & {
      kind: "resource";
    };
    const question = `${verb} ${resource}/${subresource} ${namespace}/${name}`;
    asked.push(question);
    return { decision: allowed.includes(question) ? ("allow" as const) : ("noOpinion" as const), reason: "" };
  };
  const writer = { user, verb: "update", authorizer: { authorize } };
  const errors = await statusAccessErrors(claim(status), claim(old), writer, signal);
  return { errors: errors.map(({ path, detail }) => `${path}: ${detail}`), asked };
}

const binding = "update resourceclaims/binding /";

test("what is allocated is for those who may bind claims", async () => {
  const status: ResourceClaimStatus = { allocation: {}, reservedFor: [{ resource: "pods", name: "a", uid: "u" }] };
  assert.deepEqual(await write({ old: status, status }), { errors: [], asked: [] });
  assert.deepEqual(await write({ status, allowed: [binding] }), { errors: [], asked: [binding] });
  const text =
    'status: changing status.allocation or status.reservedFor requires resource="resourceclaims/binding", verb="update" permission: ' +
    'resourceclaims.resource.k8s.io is forbidden: User "alice" cannot update resource "resourceclaims/binding" in API group "resource.k8s.io" at the cluster scope';
  assert.deepEqual((await write({ status })).errors, [text]);
  assert.deepEqual((await write({ old: status, status: { allocation: {} } })).errors, [text]);
});

test("what drivers say is for those who speak for the driver", async () => {
  const old = { devices: [device("a"), device("b")] };
  const onAny = (driver: string) => `arbitrary-node:update resourceclaims/driver ns/${driver}`;
  assert.deepEqual(await write({ old, status: old }), { errors: [], asked: [] });
  const changed = { devices: [device("a", "x"), device("c")] };
  const all = ["a", "b", "c"].map(onAny);
  assert.deepEqual(await write({ old, status: changed, allowed: all }), { errors: [], asked: all });
  const refused = await write({ old, status: changed, allowed: [onAny("a"), onAny("c")] });
  assert.deepEqual(refused.errors, [
    'status.devices: changing status.devices requires resource="resourceclaims/driver", verb="[arbitrary-node:update]" permission: ' +
      'resourceclaims.resource.k8s.io "b" is forbidden: User "alice" cannot arbitrary-node:update resource "resourceclaims/driver" in API group "resource.k8s.io" in the namespace "ns"',
  ]);
});

test("drivers on a node may speak of what is allocated there", async () => {
  const own = "associated-node:update resourceclaims/driver ns/a";
  const any = "arbitrary-node:update resourceclaims/driver ns/a";
  const allocation = onNode("n1");
  assert.ok(allocation);
  const old: ResourceClaimStatus = { allocation };
  const status: ResourceClaimStatus = { allocation, devices: [device("a")] };
  const asked = async (user: UserInfo, allowed: readonly string[]) =>
    (await write({ old, status, user, allowed })).asked;
  assert.deepEqual(await asked(driverOn("n1"), [own]), [own]);
  assert.deepEqual(await asked(driverOn("n1"), [any]), [own, any]);
  assert.deepEqual(await asked(driverOn("n2"), [own]), [any]);
  assert.deepEqual(await asked(driverOn("n1", "n1"), [own]), [any]);
  assert.deepEqual(await asked({ ...driverOn("n1"), name: "alice" }, [own]), [any]);
  const refused = await write({ old, status, user: driverOn("n1") });
  assert.match(
    refused.errors[0] ?? "",
    /verb="\[associated-node:update arbitrary-node:update\]" permission: .* cannot associated-node:update/,
  );
});
