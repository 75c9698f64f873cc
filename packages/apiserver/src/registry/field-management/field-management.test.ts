import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Deployment } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { decodeObject } from "@kube-ts/api/decode";
import type { ManagedFieldsEntry } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { typeOf } from "@kube-ts/api/schema-registry";
import { schemaOfType } from "@kube-ts/api/apply/schema-of-type";
import { encodeForStorage, parseObject } from "../object-encoding.ts";
import { FieldManagement, type FieldWrite } from "./field-management.ts";
import { applyWithLastApplied } from "./last-applied.ts";
import { managerName, managerNameProblem } from "./manager-name.ts";
import { objectFieldsOf, scaleFieldManagement, scaleFieldsOf, usualReplicas } from "./scale-fields.ts";

function managementOf<T extends KubeObject>(group: string, kind: string): FieldManagement<T> {
  const type = typeOf(group, "v1", kind);
  assert.ok(type);
  const apiVersion = group === "" ? "v1" : `${group}/v1`;
  const facts = { group, plural: `${kind.toLowerCase()}s`, hasStatus: true };
  return new FieldManagement<T>([{ apiVersion, kind, schema: schemaOfType(type) }], facts);
}

function decode<T>(group: string, kind: string, value: object): T {
  const type = typeOf(group, "v1", kind);
  assert.ok(type);
  return decodeObject<T>(type, structuredClone(value), { fieldValidation: "Strict" }).object;
}

const pods = managementOf<Pod & KubeObject>("", "Pod");
const at = (second: number) => Date.UTC(2026, 0, 1, 0, 0, second);
const time = (second: number) => `2026-01-01T00:00:0${second}Z`;
const write = (manager: string, second: number, subresource = ""): FieldWrite => ({
  apiVersion: "v1",
  subresource,
  manager,
  nowMs: at(second),
});

function newPod(change: object = {}): Pod & KubeObject {
  const value = {
    kind: "Pod",
    apiVersion: "v1",
    metadata: { name: "p", namespace: "d", uid: "u", labels: { a: "1" }, ...change },
    spec: { containers: [{ name: "c", image: "i" }] },
  };
  return decode("", "Pod", value);
}

/** As it comes back from the store. */
function stored<T extends KubeObject>(object: T): T {
  return parseObject<T>(encodeForStorage(object));
}

function created(manager = "one"): Pod & KubeObject {
  const pod = newPod();
  pods.trackCreate(pod, write(manager, 1));
  return stored(pod);
}

/** `manager/operation/subresource` to the time and the fields. */
function shown(object: KubeObject): Record<string, [string | undefined, unknown]> {
  return Object.fromEntries(
    (object.metadata.managedFields ?? []).map(({ manager, operation, subresource, time: when, fieldsV1 }) => [
      [manager, operation, ...(subresource ? [subresource] : [])].join("/"),
      [when, fieldsV1],
    ]),
  );
}

const podFields = {
  "f:metadata": { "f:labels": { ".": {}, "f:a": {} } },
  "f:spec": { "f:containers": { 'k:{"name":"c"}': { ".": {}, "f:image": {}, "f:name": {}, "f:resources": {} } } },
};

describe("create", () => {
  test("makes the creator the owner of all but what the server sets", () => {
    assert.deepEqual(shown(created()), { "one/Update": [time(1), podFields] });
  });

  test("leaves out status, which creators cannot set", () => {
    const pod = newPod();
    pod.status = { phase: "Running" };
    pods.trackCreate(pod, write("one", 1));
    assert.deepEqual(shown(pod), { "one/Update": [time(1), podFields] });
  });

  test("keeps the entries that the object brings", () => {
    const given: ManagedFieldsEntry = {
      manager: "gone",
      operation: "Apply",
      apiVersion: "v1",
      fieldsType: "FieldsV1",
      fieldsV1: { "f:metadata": { "f:annotations": { "f:x": {} } } },
    };
    const pod = newPod({ managedFields: [given] });
    pods.trackCreate(pod, write("one", 1));
    assert.deepEqual(Object.keys(shown(pod)), ["gone/Apply", "one/Update"]);
    const broken = newPod({ managedFields: [{ ...given, operation: "Patch" }] });
    pods.trackCreate(broken, write("one", 1));
    assert.deepEqual(Object.keys(shown(broken)), ["one/Update"]);
  });
});

describe("update", () => {
  test("of nothing leaves the text and the time as they are", () => {
    const old = created();
    const same = stored(old);
    pods.trackUpdate(same, old, write("two", 5));
    assert.equal(encodeForStorage(same).equals(encodeForStorage(old)), true);
  });

  test("makes an entry for each manager and part", () => {
    const old = created();
    const next = stored(old);
    next.status = { phase: "Running" };
    pods.trackUpdate(next, old, write("kubelet", 2, "status"));
    assert.deepEqual(shown(next), {
      "one/Update": [time(1), podFields],
      "kubelet/Update/status": [time(2), { "f:status": { "f:phase": {} } }],
    });
  });

  test("of what the manager owns already changes only the time", () => {
    const old = created();
    const next = stored(old);
    next.metadata.labels = { a: "2" };
    pods.trackUpdate(next, old, write("one", 3));
    assert.deepEqual(shown(next), { "one/Update": [time(3), podFields] });
  });

  test("cannot set managed fields through a part", () => {
    const old = created();
    const next = stored(old);
    next.metadata.managedFields = [];
    pods.trackUpdate(next, old, write("kubelet", 2, "status"));
    assert.deepEqual(Object.keys(shown(next)), ["one/Update"]);
  });

  test("without managed fields, or with what cannot be read, keeps those that are", () => {
    const old = created();
    for (const given of [undefined, [{ manager: "x", operation: "Patch" }]]) {
      const next = newPod({ labels: { a: "1", b: "2" }, ...(given && { managedFields: given }) });
      pods.trackUpdate(next, old, write("two", 2));
      assert.deepEqual(Object.keys(shown(next)), ["one/Update", "two/Update"]);
    }
  });

  test("can forget all, and nothing is recorded from then on", () => {
    const old = created();
    for (const reset of [[], [{}]]) {
      const next = newPod({ managedFields: reset });
      pods.trackUpdate(next, old, write("two", 2));
      assert.equal(next.metadata.managedFields, undefined);
      const later = newPod({ labels: { a: "9" } });
      pods.trackUpdate(later, stored(next), write("two", 3));
      assert.equal(later.metadata.managedFields, undefined);
    }
  });

  test("of an object whose fields cannot be read leaves them alone", () => {
    const old = created();
    old.metadata.managedFields = [
      { manager: "m", operation: "Update", apiVersion: "v1", fieldsType: "FieldsV1", fieldsV1: { bad: {} } },
    ];
    const kept = stored(old);
    const next = stored(old);
    next.metadata.labels = { a: "2" };
    pods.trackUpdate(next, kept, write("two", 2));
    assert.deepEqual(next.metadata.managedFields, old.metadata.managedFields);
  });
});

const deployments = managementOf<Deployment & KubeObject>("apps", "Deployment");
const appsWrite = (manager: string, second = 1): FieldWrite => ({ ...write(manager, second), apiVersion: "apps/v1" });
const config = (spec: object = {}, metadata: object = {}) => ({
  apiVersion: "apps/v1",
  kind: "Deployment",
  metadata: { name: "d", ...metadata },
  spec: { replicas: 2, ...spec },
});
const annotation = "kubectl.kubernetes.io/last-applied-configuration";

function deployment(value: object): Deployment & KubeObject {
  return decode("apps", "Deployment", value);
}

describe("apply after client-side apply", () => {
  const lastApplied = JSON.stringify(config());
  const live = (replicas: number) => {
    const object = deployment(config({ replicas }, { annotations: { [annotation]: lastApplied }, uid: "u" }));
    deployments.trackCreate(object, appsWrite("kubectl-client-side-apply"));
    return stored(object);
  };

  test("by kubectl takes over what was last applied, and keeps the annotation up to date", () => {
    const { value, managedFields } = applyWithLastApplied(
      deployments,
      live(2),
      config({ replicas: 3 }),
      appsWrite("kubectl", 2),
      false,
    );
    const metadata = value?.["metadata"] as { annotations: Record<string, string> };
    assert.equal(
      metadata.annotations[annotation],
      '{"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"d"},"spec":{"replicas":3}}\n',
    );
    assert.match(managedFields, /"manager":"kubectl","operation":"Apply"/);
  });

  test("is a conflict where somebody has changed the value since, and for other managers", () => {
    const conflict = { message: /conflict with "kubectl-client-side-apply" using apps\/v1: \.spec\.replicas$/ };
    assert.throws(
      () => applyWithLastApplied(deployments, live(5), config({ replicas: 3 }), appsWrite("kubectl"), false),
      conflict,
    );
    assert.throws(
      () => applyWithLastApplied(deployments, live(2), config({ replicas: 3 }), appsWrite("other"), false),
      conflict,
    );
  });
});

describe("apply", () => {
  test("to an object that nobody was recorded for makes an owner of what was", () => {
    const object = stored(deployment(config({}, { uid: "u" })));
    const { managedFields } = deployments.apply(object, config(), appsWrite("a"), false);
    assert.deepEqual(
      (JSON.parse(managedFields) as ManagedFieldsEntry[]).map(({ manager, operation }) => [manager, operation]),
      [
        ["a", "Apply"],
        ["before-first-apply", "Update"],
      ],
    );
  });

  test("that changes nothing keeps the time", () => {
    const first = deployments.apply(undefined, config(), appsWrite("a", 1), false);
    const object = deployment(first.value ?? {});
    object.metadata.managedFields = JSON.parse(first.managedFields) as ManagedFieldsEntry[];
    const second = deployments.apply(stored(object), config(), appsWrite("a", 9), false);
    assert.equal(second.value, undefined);
    assert.equal(second.managedFields, first.managedFields);
  });
});

describe("scale", () => {
  const entry = (manager: string, operation: string, json: string, rest: object = {}) =>
    `{"manager":"${manager}","operation":"${operation}","apiVersion":"apps/v1","fieldsType":"FieldsV1","fieldsV1":${json}${Object.entries(
      rest,
    )
      .map(([key, value]) => `,"${key}":"${String(value)}"`)
      .join("")}}`;
  const all = '{"f:spec":{"f:replicas":{},"f:selector":{}}}';
  const replicas = '{"f:spec":{"f:replicas":{}}}';
  const selector = '{"f:spec":{"f:selector":{}}}';

  test("shows who owns the replicas", () => {
    const fields = `[${entry("a", "Apply", all)},${entry("b", "Update", selector)}]`;
    assert.equal(
      scaleFieldsOf(fields, usualReplicas),
      `[${entry("a", "Apply", replicas)}]`.replace("apps/v1", "autoscaling/v1"),
    );
    assert.equal(scaleFieldsOf("", usualReplicas), "");
  });

  test("takes them from their owner", () => {
    const scale = (count: number) => ({
      kind: "Scale",
      apiVersion: "autoscaling/v1",
      metadata: { name: "d", uid: "u" },
      spec: { replicas: count },
      status: { replicas: 0 },
    });
    for (const operation of ["Apply", "Update"]) {
      const fields = `[${entry("a", operation, all)}]`;
      const old = {
        ...scale(1),
        metadata: {
          ...scale(1).metadata,
          managedFields: JSON.parse(scaleFieldsOf(fields, usualReplicas)) as ManagedFieldsEntry[],
        },
      };
      const next = scale(2) as typeof old;
      scaleFieldManagement().trackUpdate(next, old, {
        apiVersion: "autoscaling/v1",
        subresource: "scale",
        manager: "s",
        nowMs: at(1),
      });
      const result = objectFieldsOf(fields, JSON.stringify(next.metadata.managedFields), "apps/v1", usualReplicas);
      const wanted = [entry("a", operation, selector), entry("s", "Update", replicas, { subresource: "scale" })];
      assert.equal(result, `[${wanted.join(",")}]`);
    }
  });

  test("leaves everything where nothing changes", () => {
    const fields = `[${entry("a", "Apply", all)},${entry("b", "Update", all)}]`;
    assert.equal(objectFieldsOf(fields, scaleFieldsOf(fields, usualReplicas), "apps/v1", usualReplicas), fields);
  });
});

describe("names of managers", () => {
  test("come from the request or the program", () => {
    assert.equal(managerName("me", "kubectl/v1.36"), "me");
    assert.equal(managerName("", "kube-controller-manager/v1.36 (linux/amd64) x"), "kube-controller-manager");
    assert.equal(managerName("", undefined), "unknown");
    assert.equal(managerName("", `a\u0007b${"é".repeat(100)}/1`), `ab${"é".repeat(63)}`);
  });

  test("are checked as upstream checks them", () => {
    assert.equal(managerNameProblem("kubectl"), undefined);
    assert.equal(managerNameProblem("x".repeat(129)), "Too long: may not be more than 128 bytes");
    assert.equal(managerNameProblem("a\u0001"), 'Invalid value: "a\\u0001": invalid character U+0001 (at position 1)');
  });
});
