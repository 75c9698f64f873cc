import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Container, PodSpec, SecurityContext, Volume } from "@kube-ts/api/core/v1";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import fc from "fast-check";
import { violationsOf } from "./evaluation.ts";
import { newestMinor } from "./standards.ts";

/** Present or left out, as fields of objects are. */
function some<T extends object>(fields: { readonly [K in keyof T]: fc.Arbitrary<NonNullable<T[K]>> }): fc.Arbitrary<T> {
  return fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<T>;
}

const profile = fc.constantFrom({ type: "RuntimeDefault" }, { type: "Localhost" }, { type: "Unconfined" });
const seLinux = some({ type: fc.constantFrom("", "container_t", "spc_t"), user: fc.constantFrom("", "u") });
const windows = some({ hostProcess: fc.boolean() });
const shared = { seccompProfile: profile, appArmorProfile: profile, seLinuxOptions: seLinux, windowsOptions: windows };
const capability = fc.constantFrom("NET_BIND_SERVICE", "CHOWN", "SYS_ADMIN");

const securityContext = some<SecurityContext>({
  ...shared,
  privileged: fc.boolean(),
  allowPrivilegeEscalation: fc.boolean(),
  runAsNonRoot: fc.boolean(),
  runAsUser: fc.constantFrom(0, 1000),
  procMount: fc.constantFrom("Default", "Unmasked"),
  capabilities: some({
    add: fc.array(capability, { maxLength: 2 }),
    drop: fc.array(fc.constantFrom("ALL", "CHOWN"), { maxLength: 2 }),
  }),
});

const container = fc.record(
  {
    name: fc.constantFrom("a", "b", "c"),
    securityContext,
    ports: fc.array(fc.record({ containerPort: fc.constant(1), hostPort: fc.constantFrom(0, 80) }), { maxLength: 2 }),
    livenessProbe: some({ httpGet: fc.record({ port: fc.constant(1), host: fc.constantFrom("", "h") }) }),
  },
  { requiredKeys: ["name"] },
) as fc.Arbitrary<Container>;

const volume = fc.constantFrom<Volume>(
  { name: "v", emptyDir: {} },
  { name: "v", hostPath: { path: "/" } },
  { name: "v", nfs: { server: "s", path: "/" } },
);

const podSpec = fc.record(
  {
    containers: fc.array(container, { minLength: 1, maxLength: 3 }),
    volumes: fc.array(volume, { maxLength: 2 }),
    hostNetwork: fc.boolean(),
    hostUsers: fc.boolean(),
    os: fc.constantFrom({ name: "linux" }, { name: "windows" }),
    securityContext: some({ ...shared, runAsNonRoot: fc.boolean(), runAsUser: fc.constantFrom(0, 1000) }),
  },
  { requiredKeys: ["containers"] },
) as fc.Arbitrary<PodSpec>;

const level = fc.constantFrom("baseline", "restricted");
const version = fc.integer({ min: 0, max: newestMinor + 1 });

suite("properties of the Pod Security Standards", () => {
  test("what the restricted level allows, the baseline allows", () =>
    checkProperty(
      fc.property(podSpec, version, (spec, minor) => {
        // Pods for Windows are not asked about fields that validation does not let them have.
        fc.pre(spec.os?.name !== "windows");
        const at = (name: "baseline" | "restricted") => violationsOf({ level: name, version: minor }, {}, spec);
        if (at("restricted").length === 0) assert.deepEqual(at("baseline"), []);
      }),
    ));

  test("it is all the same of which kind a container is", () =>
    checkProperty(
      fc.property(podSpec, level, version, (spec, name, minor) => {
        const [first, ...others] = spec.containers;
        const reasons = (changes: Partial<PodSpec>) =>
          violationsOf({ level: name, version: minor }, {}, { ...spec, ...changes }).map(({ reason }) => reason);
        const asContainer = reasons({});
        assert.ok(first);
        assert.deepEqual(reasons({ containers: others, initContainers: [first] }), asContainer);
        assert.deepEqual(reasons({ containers: others, ephemeralContainers: [first] }), asContainer);
      }),
    ));

  test("who has more containers is not allowed more", () =>
    checkProperty(
      fc.property(podSpec, container, level, version, (spec, more, name, minor) => {
        const count = (containers: readonly Container[]) =>
          violationsOf({ level: name, version: minor }, {}, { ...spec, containers: [...containers] }).length;
        assert.ok(count([...spec.containers, more]) >= count(spec.containers));
      }),
    ));

  test("every violation says why", () =>
    checkProperty(
      fc.property(podSpec, level, version, (spec, name, minor) => {
        for (const { reason, detail } of violationsOf({ level: name, version: minor }, {}, spec)) {
          assert.ok(reason !== "" && detail !== "" && !detail.includes("undefined"), `${reason}: ${detail}`);
        }
      }),
    ));
});
