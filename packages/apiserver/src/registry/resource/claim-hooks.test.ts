import assert from "node:assert/strict";
import { test } from "node:test";
import type { ResourceClaim, ResourceClaimTemplate } from "@kube-ts/api/resource/v1";
import { namespaces } from "@kube-ts/api/resource-types";
import { MemoryObjects } from "../../auth/testing/memory-objects.ts";
import { refusalOf } from "../../admission/testing/attributes.ts";
import type { WriteRequest } from "../write-request.ts";
import { claimHooks } from "./claim-hooks.ts";

/** Nothing in these tests asks who may do something: the server itself writes. */
const nobody = { authorize: () => ({ decision: "deny" as const, reason: "" }) };
const request = { context: {}, signal: new AbortController().signal } as WriteRequest<never>;

function hook(plural: string) {
  const objects = new MemoryObjects();
  objects.put(namespaces, {
    metadata: { name: "open", labels: { "resource.kubernetes.io/admin-access": "true" } },
    spec: {},
  });
  objects.put(namespaces, {
    metadata: { name: "odd", labels: { "resource.kubernetes.io/admin-access": "True" } },
    spec: {},
  });
  objects.put(namespaces, { metadata: { name: "plain" }, spec: {} });
  const hooks = claimHooks({ source: () => objects, authorizer: () => nobody }).get(`resource.k8s.io/${plural}`);
  return (object: ResourceClaim | ResourceClaimTemplate, old?: ResourceClaim | ResourceClaimTemplate) =>
    refusalOf(async () => void (await hooks?.beforeWrite?.(object, old, request)));
}

const spec = (adminAccess: boolean): ResourceClaim["spec"] => ({
  devices: {
    requests: [
      { name: "a", exactly: { deviceClassName: "c" } },
      { name: "b", exactly: { deviceClassName: "c", adminAccess } },
    ],
  },
});

const claim = (namespace: string, requested: boolean, allocated?: boolean): ResourceClaim => ({
  metadata: { name: "x", namespace },
  spec: spec(requested),
  ...(allocated !== undefined && {
    status: {
      allocation: {
        devices: { results: [{ request: "b", driver: "d", pool: "p", device: "0", adminAccess: allocated }] },
      },
    },
  }),
});

const needsLabel =
  "admin access to devices requires the `resource.kubernetes.io/admin-access: true` label on the containing namespace";

test("claims ask for administrative access in namespaces that allow it", async () => {
  const write = hook("resourceclaims");
  assert.equal(await write(claim("open", true)), "");
  assert.equal(await write(claim("plain", false)), "");
  const path = "spec.devices.requests[1].adminAccess";
  for (const namespace of ["plain", "odd", "gone"]) {
    assert.match(
      await write(claim(namespace, true)),
      new RegExp(`^422 .*${RegExp.escape(`${path}: Forbidden: ${needsLabel}`)}$`),
    );
  }
  assert.equal(await write(claim("plain", true), claim("plain", true)), "");
});

test("devices are allocated for administration in namespaces that allow it", async () => {
  const write = hook("resourceclaims");
  assert.equal(await write(claim("open", true, true), claim("open", true)), "");
  assert.equal(await write(claim("plain", true, true), claim("plain", true, true)), "");
  const path = "status.allocation.devices.results[0].adminAccess";
  assert.match(
    await write(claim("plain", true, true), claim("plain", true)),
    new RegExp(`^422 .*${RegExp.escape(`${path}: Forbidden: ${needsLabel}`)}$`),
  );
});

test("templates are held to the same", async () => {
  const write = hook("resourceclaimtemplates");
  const template = (namespace: string): ResourceClaimTemplate => ({
    metadata: { name: "x", namespace },
    spec: { spec: spec(true) },
  });
  assert.equal(await write(template("open")), "");
  assert.match(await write(template("plain")), /spec\.devices\.requests\[1\]\.adminAccess: Forbidden: admin access/);
});
