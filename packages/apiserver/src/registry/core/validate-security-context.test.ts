import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Draft } from "../meta/testing/rule-bench.ts";
import { containerErrors, podBench, podDraft, specErrors } from "./testing/pod-drafts.ts";

function ofPod(what: string, spec: Draft, errors: readonly string[]): void {
  it(what, () => assert.deepEqual(specErrors(spec), errors));
}

function ofContainer(what: string, securityContext: Draft, errors: readonly string[], spec: Draft = {}): void {
  it(what, () => assert.deepEqual(containerErrors({ securityContext }, spec), errors));
}

describe("the security context of a pod", () => {
  ofPod(
    "may be full",
    {
      securityContext: {
        runAsUser: 1000,
        runAsGroup: 1000,
        runAsNonRoot: true,
        fsGroup: 2000,
        supplementalGroups: [1, 2],
        fsGroupChangePolicy: "OnRootMismatch",
        supplementalGroupsPolicy: "Strict",
        seccompProfile: { type: "Localhost", localhostProfile: "profiles/a.json" },
        appArmorProfile: { type: "RuntimeDefault" },
        sysctls: [
          { name: "kernel.shm_rmid_forced", value: "1" },
          { name: "net.core/x", value: "1" },
        ],
      },
    },
    [],
  );
  ofPod(
    "has ids in range",
    { securityContext: { runAsUser: -1, runAsGroup: 2147483648, fsGroup: -5, supplementalGroups: [0, -1] } },
    [
      "spec.securityContext.fsGroup: Invalid value: -5: must be between 0 and 2147483647, inclusive",
      "spec.securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
      "spec.securityContext.runAsGroup: Invalid value: 2147483648: must be between 0 and 2147483647, inclusive",
      "spec.securityContext.supplementalGroups[1]: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    ],
  );
  ofPod(
    "has known policies",
    { securityContext: { fsGroupChangePolicy: "Never", supplementalGroupsPolicy: "All", seLinuxChangePolicy: "None" } },
    [
      'spec.securityContext.fsGroupChangePolicy: Unsupported value: "Never": supported values: "Always", "OnRootMismatch"',
      'spec.securityContext.supplementalGroupsPolicy: Unsupported value: "All": supported values: "Merge", "Strict"',
      'spec.securityContext.seLinuxChangePolicy: Unsupported value: "None": supported values: "MountOption", "Recursive"',
    ],
  );
  ofPod(
    "has right profiles",
    {
      securityContext: {
        seccompProfile: { type: "Localhost", localhostProfile: "/etc/x" },
        appArmorProfile: { type: "Strict" },
      },
    },
    [
      'spec.securityContext.seccompProfile.localhostProfile: Invalid value: "/etc/x": must be a relative path',
      'spec.securityContext.appArmorProfile.type: Unsupported value: "Strict": supported values: "Localhost", "RuntimeDefault", "Unconfined"',
    ],
  );
  ofPod(
    "has right sysctls",
    {
      securityContext: {
        sysctls: [
          { name: "" },
          { name: "a b" },
          { name: "kernel.sem", value: "1" },
          { name: "kernel.sem", value: "2" },
        ],
      },
    },
    [
      "spec.securityContext.sysctls[0].name: Required value",
      'spec.securityContext.sysctls[1].name: Invalid value: "a b": must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
      'spec.securityContext.sysctls[3].name: Duplicate value: "kernel.sem"',
    ],
  );
  ofPod(
    "has no sysctls of namespaces that the pod does not have",
    {
      hostNetwork: true,
      hostIPC: true,
      securityContext: {
        sysctls: [
          { name: "net.ipv4.tcp_syncookies", value: "1" },
          { name: "kernel/shm_rmid_forced", value: "1" },
        ],
      },
    },
    [
      `spec.securityContext.sysctls[0].name: Invalid value: "net.ipv4.tcp_syncookies": may not be specified when 'hostNetwork' is true`,
      `spec.securityContext.sysctls[1].name: Invalid value: "kernel/shm_rmid_forced": may not be specified when 'hostIPC' is true`,
    ],
  );
  ofPod(
    "shares its processes with itself or the host",
    { hostPID: true, shareProcessNamespace: true, securityContext: {} },
    [
      "spec.securityContext.shareProcessNamespace: Invalid value: true: ShareProcessNamespace and HostPID cannot both be enabled",
    ],
  );
  ofPod(
    "maps users of its own namespaces only",
    { hostUsers: false, hostNetwork: true, hostPID: true, hostIPC: true },
    [
      "spec.hostNetwork: Forbidden: when `pod.Spec.HostUsers` is false",
      "spec.HostPID: Forbidden: when `pod.Spec.HostUsers` is false",
      "spec.HostIPC: Forbidden: when `pod.Spec.HostUsers` is false",
    ],
  );
});

describe("the security context of a container", () => {
  ofContainer(
    "may be full",
    {
      privileged: false,
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ["ALL"] },
    },
    [],
  );
  ofContainer("has ids in range", { runAsUser: -1, runAsGroup: -1 }, [
    "securityContext.runAsUser: Invalid value: -1: must be between 0 and 2147483647, inclusive",
    "securityContext.runAsGroup: Invalid value: -1: must be between 0 and 2147483647, inclusive",
  ]);
  ofContainer("is not privileged without escalation", { privileged: true, allowPrivilegeEscalation: false }, [
    'securityContext: Invalid value: {"privileged":true,"allowPrivilegeEscalation":false}: cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
  ]);
  ofContainer(
    "does not administer the system without escalation",
    { allowPrivilegeEscalation: false, capabilities: { add: ["CAP_SYS_ADMIN"] } },
    [
      'securityContext: Invalid value: {"allowPrivilegeEscalation":false,"capabilities":{"add":["CAP_SYS_ADMIN"]}}: cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN',
    ],
  );
  ofContainer("mounts processes in a known way", { procMount: "Hidden" }, [
    'securityContext.procMount: Unsupported value: "Hidden": supported values: "Default", "Unmasked"',
  ]);
  ofContainer("shows all processes to users of its own only", { procMount: "Unmasked" }, [
    'securityContext.procMount: Invalid value: "Unmasked": `hostUsers` must be false to use `Unmasked`',
  ]);
  ofContainer("shows all processes to users of its own", { procMount: "Unmasked" }, [], { hostUsers: false });
  ofContainer(
    "has right profiles",
    { seccompProfile: {}, appArmorProfile: { type: "Localhost", localhostProfile: " x " } },
    [
      "securityContext.seccompProfile.type: Required value: type is required when seccompProfile is set",
      'securityContext.appArmorProfile.localhostProfile: Invalid value: " x ": must not be padded with whitespace',
    ],
  );
  ofContainer(
    "has profiles for their types",
    {
      seccompProfile: { type: "Unconfined", localhostProfile: "x" },
      appArmorProfile: { type: "Unconfined", localhostProfile: "x" },
    },
    [
      'securityContext.seccompProfile.localhostProfile: Invalid value: {"type":"Unconfined","localhostProfile":"x"}: can only be set when seccomp type is Localhost',
      'securityContext.appArmorProfile.localhostProfile: Invalid value: "x": can only be set when AppArmor type is Localhost',
    ],
  );
  ofContainer(
    "names profiles on the host",
    { seccompProfile: { type: "Localhost" }, appArmorProfile: { type: "Localhost" } },
    [
      "securityContext.seccompProfile.localhostProfile: Required value: must be set when seccomp type is Localhost",
      "securityContext.appArmorProfile.localhostProfile: Required value: must be set when AppArmor type is Localhost",
    ],
  );
});

describe("the options of a pod on Windows", () => {
  const os = { name: "windows" };
  ofPod(
    "may be full",
    { os, securityContext: { windowsOptions: { runAsUserName: "DOMAIN\\user", gmsaCredentialSpecName: "spec" } } },
    [],
  );
  ofPod(
    "have right user names",
    {
      os,
      containers: ["", "a\\b\\c", "\\user", "a/b", "...", "control\u0007"].map((runAsUserName, index) => ({
        name: `c${index}`,
        image: "i",
        securityContext: { windowsOptions: { runAsUserName } },
      })),
    },
    [
      'spec.containers[0].securityContext.windowsOptions.runAsUserName: Invalid value: "": runAsUserName cannot be an empty string',
      'spec.containers[1].securityContext.windowsOptions.runAsUserName: Invalid value: "a\\\\b\\\\c": runAsUserName cannot contain more than one backslash',
      `spec.containers[2].securityContext.windowsOptions.runAsUserName: Invalid value: "\\\\user": runAsUserName's Domain doesn't match the NetBios nor the DNS format`,
      `spec.containers[3].securityContext.windowsOptions.runAsUserName: Invalid value: "a/b": runAsUserName's User cannot contain the following characters: "/\\:;|=,+*?<>@[]`,
      `spec.containers[4].securityContext.windowsOptions.runAsUserName: Invalid value: "...": runAsUserName's User cannot contain only periods or spaces`,
      'spec.containers[5].securityContext.windowsOptions.runAsUserName: Invalid value: "control\\a": runAsUserName cannot contain control characters',
    ],
  );
  ofPod(
    "make all containers processes of the host",
    {
      os,
      containers: [
        { name: "a", image: "i", securityContext: { windowsOptions: { hostProcess: true } } },
        { name: "b", image: "i" },
      ],
    },
    [
      'spec: Invalid value: "": If pod contains any hostProcess containers then all containers must be HostProcess containers',
      "spec.hostNetwork: Invalid value: false: hostNetwork must be true if pod contains any hostProcess containers",
    ],
  );
  ofPod(
    "agree on processes of the host",
    {
      os,
      hostNetwork: true,
      securityContext: { windowsOptions: { hostProcess: true } },
      containers: [{ name: "a", image: "i", securityContext: { windowsOptions: { hostProcess: false } } }],
    },
    [
      "spec.containers[0].securityContext.windowsOptions.hostProcess: Invalid value: false: pod hostProcess value must be identical if both are specified, was true",
    ],
  );
  ofPod("are for Windows", { os: { name: "linux" }, securityContext: { windowsOptions: {} } }, [
    "spec.securityContext.windowsOptions: Forbidden: windows options cannot be set for a linux pod",
  ]);
  ofPod(
    "come without those of Linux",
    {
      os,
      hostUsers: true,
      hostPID: true,
      shareProcessNamespace: false,
      securityContext: { runAsUser: 1, fsGroup: 1, sysctls: [{ name: "kernel.sem", value: "1" }] },
      containers: [{ name: "a", image: "i", securityContext: { privileged: true, capabilities: {} } }],
    },
    [
      "spec.securityContext.fsGroup: Forbidden: cannot be set for a windows pod",
      "spec.securityContext.runAsUser: Forbidden: cannot be set for a windows pod",
      "spec.securityContext.sysctls: Forbidden: cannot be set for a windows pod",
      "spec.hostUsers: Forbidden: cannot be set for a windows pod",
      "spec.hostPID: Forbidden: cannot be set for a windows pod",
      "spec.shareProcessNamespace: Forbidden: cannot be set for a windows pod",
      "spec.containers[0].securityContext.capabilities: Forbidden: cannot be set for a windows pod",
      "spec.containers[0].securityContext.privileged: Forbidden: cannot be set for a windows pod",
    ],
  );
  ofPod("are for a known system", { os: { name: "plan9" } }, [
    'spec.os: Unsupported value: "plan9": supported values: "linux", "windows"',
  ]);
  ofPod("are for a system", { os: {} }, ["spec.os.name: Required value: cannot be empty"]);
});

describe("the annotations of a pod", () => {
  function refuses(what: string, annotations: Draft, spec: Draft, errors: readonly string[]): void {
    it(what, () => assert.deepEqual(podBench.createErrors(podDraft(spec, { annotations })), errors));
  }

  refuses("may be anything", { "example.com/a": "b", "controller.kubernetes.io/pod-deletion-cost": "-7" }, {}, []);
  refuses("say its cost in a number", { "controller.kubernetes.io/pod-deletion-cost": "+07" }, {}, [
    'metadata.annotations[controller.kubernetes.io/pod-deletion-cost]: Invalid value: "+07": must be a 32bit integer',
  ]);
  refuses("say that it mirrors another on a node", { "kubernetes.io/config.mirror": "x" }, {}, [
    'metadata.annotations[kubernetes.io/config.mirror]: Invalid value: "x": must set spec.nodeName if mirror pod annotation is set',
  ]);
  refuses(
    "name right profiles",
    {
      "seccomp.security.alpha.kubernetes.io/pod": "strict",
      "container.apparmor.security.beta.kubernetes.io/x": "runtime/default",
      "container.apparmor.security.beta.kubernetes.io/c": "strict",
    },
    {},
    [
      'metadata.annotations.seccomp.security.alpha.kubernetes.io/pod: Invalid value: "strict": must be a valid seccomp profile',
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/x]: Invalid value: "x": container not found',
      'metadata.annotations[container.apparmor.security.beta.kubernetes.io/c]: Invalid value: "strict": invalid AppArmor profile name: "strict"',
    ],
  );
  refuses(
    "agree with the fields",
    {
      "seccomp.security.alpha.kubernetes.io/pod": "unconfined",
      "container.apparmor.security.beta.kubernetes.io/c": "localhost/a",
    },
    {
      securityContext: {
        seccompProfile: { type: "RuntimeDefault" },
        appArmorProfile: { type: "Localhost", localhostProfile: "b" },
      },
    },
    [
      "spec.securityContext.seccompProfile.type: Forbidden: seccomp type in annotation and field must match",
      "spec.containers[0].securityContext.appArmorProfile.localhostProfile: Forbidden: apparmor profile in annotation and field must match",
    ],
  );
});
