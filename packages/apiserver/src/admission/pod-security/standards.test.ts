import assert from "node:assert/strict";
import { suite, test } from "node:test";
import type { Container, EphemeralContainer, PodSpec, SecurityContext, Volume } from "@kube-ts/api/core/v1";
import { describeViolations, violationsOf } from "./evaluation.ts";
import type { Level, PolicyVersion } from "./level-version.ts";
import { baselineControls, checksFor, newestMinor, restrictedControls } from "./standards.ts";

/** What is said of an example, in the versions from `from` (0) up to and including `to` (all). */
interface Refusal {
  readonly text: string;
  readonly from?: number;
  readonly to?: number;
}

interface Example {
  readonly name: string;
  readonly spec?: Partial<PodSpec>;
  readonly container?: Partial<Container>;
  readonly security?: SecurityContext;
  readonly annotations?: Record<string, string>;
  /** Refusals at both levels; a level of its own takes the place of this. */
  readonly refused?: readonly Refusal[];
  readonly baseline?: readonly Refusal[];
  readonly restricted?: readonly Refusal[];
}

const strict: SecurityContext = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  runAsNonRoot: true,
  seccompProfile: { type: "RuntimeDefault" },
};

/** A pod that nothing is wrong with, but for what the example changes. */
function podOf({ spec, container, security }: Example): PodSpec {
  const one: Container = { name: "a", image: "i", ...container, securityContext: { ...strict, ...security } };
  return { containers: [one], ...spec };
}

const all = (text: string): readonly Refusal[] => [{ text }];
const probes = (text: string): readonly Refusal[] => [{ text, from: 34 }];

const examples: Readonly<Record<string, readonly Example[]>> = {
  hostNamespaces: [
    { name: "none", spec: { hostNetwork: false, hostPID: false, hostIPC: false } },
    { name: "the network", spec: { hostNetwork: true }, refused: all("host namespaces (hostNetwork=true)") },
    {
      name: "all",
      spec: { hostNetwork: true, hostPID: true, hostIPC: true },
      refused: all("host namespaces (hostNetwork=true, hostPID=true, hostIPC=true)"),
    },
  ],
  privileged: [
    { name: "false", security: { privileged: false } },
    {
      name: "true",
      security: { privileged: true },
      refused: all('privileged (container "a" must not set securityContext.privileged=true)'),
    },
    {
      name: "in an init and an ephemeral container",
      spec: {
        containers: [{ name: "a", securityContext: strict }],
        initContainers: [{ name: "i", securityContext: { ...strict, privileged: true } }],
        ephemeralContainers: [{ name: "e", securityContext: { ...strict, privileged: true } }],
      },
      refused: all('privileged (containers "i", "e" must not set securityContext.privileged=true)'),
    },
  ],
  capabilities: [
    {
      name: "the one that may come back",
      security: { capabilities: { add: ["NET_BIND_SERVICE"], drop: ["ALL"] } },
    },
    {
      name: "one of the engine's",
      security: { capabilities: { add: ["CHOWN"], drop: ["ALL"] } },
      baseline: [],
      restricted: [
        {
          text: 'unrestricted capabilities (container "a" must not include "CHOWN" in securityContext.capabilities.add)',
          from: 22,
        },
      ],
    },
    {
      name: "others",
      security: { capabilities: { add: ["SYS_ADMIN", "NET_RAW", "NET_RAW"], drop: ["ALL"] } },
      baseline: all(
        'non-default capabilities (container "a" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)',
      ),
      restricted: [
        {
          text: 'non-default capabilities (container "a" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)',
          to: 21,
        },
        {
          text: 'unrestricted capabilities (container "a" must not include "NET_RAW", "SYS_ADMIN" in securityContext.capabilities.add)',
          from: 22,
        },
      ],
    },
    {
      name: "nothing dropped",
      security: { capabilities: { drop: ["CHOWN"] } },
      baseline: [],
      restricted: [
        {
          text: 'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])',
          from: 22,
        },
      ],
    },
    {
      name: "nothing said and one added",
      security: { capabilities: { add: ["KILL"] } },
      baseline: [],
      restricted: [
        {
          text: 'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"]; container "a" must not include "KILL" in securityContext.capabilities.add)',
          from: 22,
        },
      ],
    },
    {
      name: "nothing dropped for Windows",
      spec: { os: { name: "windows" } },
      security: { capabilities: {} },
      baseline: [],
      restricted: [
        {
          text: 'unrestricted capabilities (container "a" must set securityContext.capabilities.drop=["ALL"])',
          from: 22,
          to: 24,
        },
      ],
    },
  ],
  hostPathVolumes: [
    {
      name: "of two",
      spec: {
        volumes: [
          { name: "v", hostPath: { path: "/" } },
          { name: "w", hostPath: { path: "/" } },
        ],
      },
      baseline: all('hostPath volumes (volumes "v", "w")'),
      restricted: all('restricted volume types (volumes "v", "w" use restricted volume type "hostPath")'),
    },
  ],
  restrictedVolumes: [
    {
      name: "all that are allowed",
      spec: {
        volumes: [
          { name: "a", configMap: {} },
          { name: "b", csi: { driver: "d" } },
          { name: "c", downwardAPI: {} },
          { name: "d", emptyDir: {} },
          { name: "e", ephemeral: {} },
          { name: "f", image: {} },
          { name: "g", persistentVolumeClaim: { claimName: "c" } },
          { name: "h", projected: {} },
          { name: "i", secret: {} },
        ] as Volume[],
      },
    },
    {
      name: "a directory of a server, and one of no kind",
      spec: { volumes: [{ name: "v", nfs: { server: "s", path: "/" } }, { name: "w" }] },
      baseline: [],
      restricted: all('restricted volume types (volumes "v", "w" use restricted volume types "nfs", "unknown")'),
    },
  ],
  hostPorts: [
    { name: "none", container: { ports: [{ containerPort: 80 }, { containerPort: 81, hostPort: 0 }] } },
    {
      name: "two of one",
      container: {
        ports: [
          { containerPort: 80, hostPort: 9090 },
          { containerPort: 81, hostPort: 10 },
        ],
      },
      refused: all('hostPort (container "a" uses hostPorts 10, 9090)'),
    },
  ],
  appArmorProfile: [
    { name: "the engine's", security: { appArmorProfile: { type: "RuntimeDefault" } } },
    { name: "of the node", security: { appArmorProfile: { type: "Localhost", localhostProfile: "p" } } },
    {
      name: "annotations that are allowed",
      annotations: {
        "container.apparmor.security.beta.kubernetes.io/a": "runtime/default",
        "container.apparmor.security.beta.kubernetes.io/b": "localhost/p",
        "container.apparmor.security.beta.kubernetes.io/c": "",
      },
    },
    {
      name: "none for the pod",
      spec: { securityContext: { appArmorProfile: { type: "Unconfined" } } },
      refused: all('forbidden AppArmor profile (pod must not set AppArmor profile type to "Unconfined")'),
    },
    {
      name: "none in an annotation and a container",
      security: { appArmorProfile: { type: "Unconfined" } },
      annotations: { "container.apparmor.security.beta.kubernetes.io/a": "unconfined" },
      refused: all(
        'forbidden AppArmor profiles (container "a" and annotation must not set AppArmor profile type to "Unconfined", "container.apparmor.security.beta.kubernetes.io/a="unconfined"")',
      ),
    },
  ],
  seLinuxOptions: [
    { name: "a level", security: { seLinuxOptions: { level: "s0:c1" } } },
    { name: "container_kvm_t", security: { seLinuxOptions: { type: "container_kvm_t" } } },
    {
      name: "container_engine_t",
      security: { seLinuxOptions: { type: "container_engine_t" } },
      refused: [
        {
          text: 'seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: type "container_engine_t")',
          to: 30,
        },
      ],
    },
    {
      name: "another type with user and role",
      spec: { securityContext: { seLinuxOptions: { type: "spc_t", user: "u", role: "r" } } },
      refused: all(
        'seLinuxOptions (pod set forbidden securityContext.seLinuxOptions: type "spc_t"; user may not be set; role may not be set)',
      ),
    },
    {
      name: "a user",
      security: { seLinuxOptions: { user: "u" } },
      refused: all('seLinuxOptions (container "a" set forbidden securityContext.seLinuxOptions: user may not be set)'),
    },
  ],
  procMount: [
    { name: "Default", security: { procMount: "Default" } },
    {
      name: "Unmasked",
      security: { procMount: "Unmasked" },
      refused: all('procMount (container "a" must not set securityContext.procMount to "Unmasked")'),
    },
    {
      name: "Unmasked, with users of its own",
      spec: { hostUsers: false },
      security: { procMount: "Unmasked" },
      baseline: [{ text: 'procMount (container "a" must not set securityContext.procMount to "Unmasked")', to: 34 }],
      restricted: all('procMount (container "a" must not set securityContext.procMount to "Unmasked")'),
    },
  ],
  seccompProfile: [
    { name: "of the node", security: { seccompProfile: { type: "Localhost", localhostProfile: "p" } } },
    {
      name: "none",
      security: { seccompProfile: { type: "Unconfined" } },
      refused: [
        {
          text: 'seccompProfile (container "a" must not set securityContext.seccompProfile.type to "Unconfined")',
          from: 19,
        },
      ],
    },
    {
      name: "none for the pod",
      spec: { securityContext: { seccompProfile: { type: "Unconfined" } } },
      refused: [
        { text: 'seccompProfile (pod must not set securityContext.seccompProfile.type to "Unconfined")', from: 19 },
      ],
    },
    {
      name: "nothing said but for the pod",
      spec: {
        securityContext: { seccompProfile: { type: "RuntimeDefault" } },
        containers: [{ name: "a", securityContext: { ...strict, seccompProfile: undefined } }],
      },
    },
    {
      name: "nothing said",
      spec: {
        containers: [{ name: "a", securityContext: { ...strict, seccompProfile: undefined } }],
      },
      baseline: [],
      restricted: [
        {
          text: 'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
          from: 19,
        },
      ],
    },
    {
      name: "nothing said for Windows",
      spec: {
        os: { name: "windows" },
        containers: [{ name: "a", securityContext: { ...strict, seccompProfile: undefined } }],
      },
      baseline: [],
      restricted: [
        {
          text: 'seccompProfile (pod or container "a" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
          from: 19,
          to: 24,
        },
      ],
    },
    {
      name: "annotations of former times",
      annotations: {
        "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
        "container.seccomp.security.alpha.kubernetes.io/a": "docker/default",
        "container.seccomp.security.alpha.kubernetes.io/b": "unconfined",
      },
      refused: [
        {
          text: 'seccompProfile (forbidden annotation seccomp.security.alpha.kubernetes.io/pod="unconfined")',
          to: 18,
        },
      ],
    },
  ],
  sysctls: [
    {
      name: "safe ones",
      spec: { securityContext: { sysctls: [{ name: "net.ipv4.ping_group_range", value: "0 1" }] } },
    },
    {
      name: "another one",
      spec: { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "1" }] } },
      refused: all("forbidden sysctls (kernel.msgmax)"),
    },
    ...(
      [
        ["net.ipv4.ip_local_reserved_ports", 26],
        ["net.ipv4.tcp_keepalive_time", 28],
        ["net.ipv4.tcp_fin_timeout", 28],
        ["net.ipv4.tcp_keepalive_intvl", 28],
        ["net.ipv4.tcp_keepalive_probes", 28],
        ["net.ipv4.tcp_rmem", 31],
        ["net.ipv4.tcp_wmem", 31],
      ] as const
    ).map(([name, to]) => ({
      name,
      spec: { securityContext: { sysctls: [{ name, value: "1" }] } },
      refused: [{ text: `forbidden sysctls (${name})`, to }],
    })),
  ],
  windowsHostProcess: [
    { name: "false", security: { windowsOptions: { hostProcess: false } } },
    {
      name: "for the pod and a container",
      spec: { securityContext: { windowsOptions: { hostProcess: true } } },
      security: { windowsOptions: { hostProcess: true } },
      refused: all('hostProcess (pod and container "a" must not set securityContext.windowsOptions.hostProcess=true)'),
    },
  ],
  hostProbes: [
    { name: "of the container itself", container: { livenessProbe: { httpGet: { port: 80, host: "" } } } },
    {
      name: "of others",
      container: {
        livenessProbe: { httpGet: { port: 80, host: "10.0.0.1" } },
        readinessProbe: { tcpSocket: { port: 80, host: "10.0.0.2" } },
        startupProbe: { httpGet: { port: 80, host: "10.0.0.1" } },
      },
      refused: probes('probe or lifecycle host (container "a" uses probe or lifecycle hosts "10.0.0.1", "10.0.0.2")'),
    },
    {
      name: "in hooks",
      container: {
        lifecycle: { postStart: { httpGet: { port: 1, host: "h" } }, preStop: { tcpSocket: { port: 1, host: "h" } } },
      },
      refused: probes('probe or lifecycle host (container "a" uses probe or lifecycle host "h")'),
    },
  ],
  allowPrivilegeEscalation: [
    {
      name: "nothing said",
      security: { allowPrivilegeEscalation: undefined },
      baseline: [],
      restricted: [
        {
          text: 'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)',
          from: 8,
        },
      ],
    },
    {
      name: "true for Windows",
      spec: { os: { name: "windows" } },
      security: { allowPrivilegeEscalation: true },
      baseline: [],
      restricted: [
        {
          text: 'allowPrivilegeEscalation != false (container "a" must set securityContext.allowPrivilegeEscalation=false)',
          from: 8,
          to: 24,
        },
      ],
    },
  ],
  runAsNonRoot: [
    {
      name: "said for the pod",
      spec: { securityContext: { runAsNonRoot: true } },
      security: { runAsNonRoot: undefined },
    },
    {
      name: "nothing said",
      security: { runAsNonRoot: undefined },
      baseline: [],
      restricted: all('runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)'),
    },
    {
      name: "false",
      spec: { securityContext: { runAsNonRoot: false } },
      security: { runAsNonRoot: false },
      baseline: [],
      restricted: all('runAsNonRoot != true (pod and container "a" must not set securityContext.runAsNonRoot=false)'),
    },
    {
      name: "nothing said, with users of its own",
      spec: { hostUsers: false },
      security: { runAsNonRoot: undefined },
      baseline: [],
      restricted: [
        { text: 'runAsNonRoot != true (pod or container "a" must set securityContext.runAsNonRoot=true)', to: 34 },
      ],
    },
  ],
  runAsUser: [
    { name: "somebody", security: { runAsUser: 1000 } },
    {
      name: "root",
      spec: { securityContext: { runAsUser: 0 } },
      security: { runAsUser: 0 },
      baseline: [],
      restricted: [{ text: 'runAsUser=0 (pod and container "a" must not set runAsUser=0)', from: 23 }],
    },
    {
      name: "root, with users of its own",
      spec: { hostUsers: false },
      security: { runAsUser: 0 },
      baseline: [],
      restricted: [{ text: 'runAsUser=0 (container "a" must not set runAsUser=0)', from: 23, to: 34 }],
    },
  ],
};

const versions: readonly PolicyVersion[] = [...Array.from({ length: newestMinor + 2 }, (_, minor) => minor), "latest"];

function expected(example: Example, level: Level, version: PolicyVersion): string {
  if (level === "privileged") return "";
  const refusals = example[level] ?? example.refused ?? [];
  const minor = version === "latest" ? Infinity : version;
  return refusals.find(({ from = 0, to = Infinity }) => from <= minor && minor <= to)?.text ?? "";
}

for (const [control, ofControl] of Object.entries(examples)) {
  suite(control, () => {
    for (const example of ofControl) {
      test(`${example.name}, at every level in every version`, () => {
        for (const level of ["privileged", "baseline", "restricted"] as const) {
          for (const version of versions) {
            const found = violationsOf({ level, version }, { annotations: example.annotations ?? {} }, podOf(example));
            assert.equal(describeViolations(found), expected(example, level, version), `${level} ${version}`);
          }
        }
      });
    }
  });
}

test("every control has an example that it refuses", () => {
  const covered = Object.values(examples).flat();
  for (const control of [...baselineControls, ...restrictedControls]) {
    for (const { since, check } of control.versions) {
      const hits = covered.filter((example) => {
        const spec = podOf(example);
        const ephemeral: EphemeralContainer[] = spec.ephemeralContainers ?? [];
        const containers = [...(spec.initContainers ?? []), ...spec.containers, ...ephemeral];
        return check({ annotations: example.annotations ?? {}, spec, containers }) !== undefined;
      });
      assert.ok(hits.length > 0, `${control.id} since 1.${since}`);
      assert.ok(hits.length < covered.length, `${control.id} since 1.${since} refuses everything`);
    }
  }
});

test("violations of several controls are named in upstream's order", () => {
  const found = violationsOf(
    { level: "restricted", version: "latest" },
    {},
    {
      hostNetwork: true,
      containers: [{ name: "nginx", ports: [{ containerPort: 80, hostPort: 80 }] }],
    },
  );
  assert.deepEqual(
    found.map(({ reason }) => reason),
    [
      "host namespaces",
      "hostPort",
      "allowPrivilegeEscalation != false",
      "unrestricted capabilities",
      "runAsNonRoot != true",
      "seccompProfile",
    ],
  );
});

test("later versions are the newest one", () => {
  assert.equal(newestMinor, 35);
  const latest = checksFor({ level: "restricted", version: "latest" });
  assert.equal(checksFor({ level: "restricted", version: 99 }), latest);
  assert.equal(checksFor({ level: "restricted", version: newestMinor }), latest);
  assert.notEqual(checksFor({ level: "restricted", version: 0 }), latest);
});
