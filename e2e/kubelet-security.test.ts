import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, describe, test } from "node:test";
import type { Event, Pod, PodSpec } from "@kube-ts/api/core/v1";
import { run } from "../deploy/local/command.ts";
import { localCluster } from "../deploy/local/layout.ts";
import { daemonPid } from "../deploy/local/supervision.ts";
import { Authority } from "../deploy/pki/authority.ts";
import { eventually } from "./harness/eventually.ts";
import { bothKubectls } from "./harness/kubectl.ts";
import type { Kubectl } from "./harness/kubectl.ts";
import { freshCluster } from "./harness/local-cluster.ts";
import { applied } from "./harness/manifest.ts";

// What a pod may do to its node, and what strangers may ask of a kubelet: on the real engine.

const [kubectl] = bothKubectls() as [Kubectl, Kubectl];
const image = "kube-ts/demo:v1";
const forever = ["sh", "-c", "echo started; while :; do sleep 1; done"];
let cluster: AsyncDisposable;

before(async () => {
  cluster = await freshCluster();
});

after(async () => {
  await cluster[Symbol.asyncDispose]();
});

type Container = PodSpec["containers"][number];
type Changes = Omit<Partial<PodSpec>, "containers"> & { readonly container?: Partial<Container> };

function manifest(name: string, { container = {}, ...spec }: Changes): string {
  const containers = [{ name: "main", image, command: forever, ...container }];
  const object = {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name },
    spec: { terminationGracePeriodSeconds: 1, restartPolicy: "Never", ...spec, containers },
  };
  return JSON.stringify(object);
}

const getPod = (name: string) => kubectl.json<Pod>(["get", "pod", name]);
const inside = async (pod: string, command: string) =>
  (await kubectl.run(["exec", pod, "-c", "main", "--", "sh", "-c", command])).trim();

/** A pod that runs for as long as the test needs it. */
async function running(name: string, changes: Changes): Promise<AsyncDisposable> {
  const pod = await applied(kubectl, manifest(name, changes));
  await eventually(
    `${name} is ready`,
    () => getPod(name),
    ({ status }) => status?.conditions?.some(({ type, status: is }) => type === "Ready" && is === "True") === true,
  );
  return pod;
}

/** The line of the main process's status with this name. */
const statusLine = async (pod: string, field: string) =>
  (await inside(pod, `grep '^${field}:' /proc/1/status`)).replace(/^\w+:\s*/, "").replaceAll(/\s+/g, " ");

async function waitingMessage(name: string): Promise<string> {
  const found = await eventually(
    `${name} cannot start`,
    async () => (await getPod(name)).status?.containerStatuses?.[0]?.state?.waiting,
    (waiting) => waiting?.reason === "CreateContainerConfigError",
  );
  return found?.message ?? "";
}

/** Why the node did not take the pod; the event must say the same. */
async function refusal(name: string): Promise<string> {
  const { status } = await eventually(
    `${name} is refused`,
    () => getPod(name),
    (pod) => pod.status?.phase === "Failed",
  );
  const { items } = await eventually(
    "the refusal is told",
    () =>
      kubectl.json<{ items: Event[] }>(["get", "events", `--field-selector=involvedObject.name=${name},type=Warning`]),
    (list) => list.items.some(({ reason }) => reason === status?.reason),
  );
  assert.ok(
    items.some(({ message }) => status?.message?.includes(message ?? "?")),
    JSON.stringify([items, status]),
  );
  return `${status?.reason}: ${status?.message}`;
}

async function containerId(name: string): Promise<string> {
  return ((await getPod(name)).status?.containerStatuses?.[0]?.containerID ?? "").replace("docker://", "");
}

describe("the security context", { concurrency: 4 }, () => {
  test("users, groups and the groups of volumes", async () => {
    const sources = { secret: { secretName: "groups", defaultMode: 0o400 }, config: { name: "groups" } };
    await using _objects = await applied(
      kubectl,
      `apiVersion: v1
kind: Secret
metadata: {name: groups}
stringData: {key: value}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: groups}
data: {key: value}
`,
    );
    const paths = ["disk", "memory", "config", "secret", "labels", "all"];
    const fieldRef = { fieldPath: "metadata.name" };
    await using _pod = await running("groups", {
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1_000,
        runAsGroup: 3_000,
        fsGroup: 2_000,
        fsGroupChangePolicy: "OnRootMismatch",
        supplementalGroups: [4_000],
        supplementalGroupsPolicy: "Merge",
      },
      volumes: [
        { name: "disk", emptyDir: {} },
        { name: "memory", emptyDir: { medium: "Memory" } },
        { name: "config", configMap: sources.config },
        { name: "secret", secret: sources.secret },
        { name: "labels", downwardAPI: { items: [{ path: "key", fieldRef }] } },
        {
          name: "all",
          projected: { sources: [{ secret: { name: "groups" } }, { serviceAccountToken: { path: "token" } }] },
        },
      ],
      container: { volumeMounts: paths.map((name) => ({ name, mountPath: `/${name}` })) },
    });
    assert.equal(await inside("groups", "id"), "uid=1000 gid=3000 groups=2000,3000,4000");
    for (const path of ["disk", "memory"]) {
      assert.equal(await inside("groups", `stat -c '%u %g %a' /${path}`), "0 2000 2777", path);
      assert.equal(await inside("groups", `touch /${path}/x && stat -c '%u %g' /${path}/x`), "1000 2000", path);
    }
    for (const path of ["config/key", "secret/key", "labels/key", "all/key", "all/token"]) {
      const [group, mode = ""] = (await inside("groups", `stat -L -c '%g %a' /${path}`)).split(" ");
      assert.equal(group, "2000", path);
      assert.match(mode, /^[46]4/, path);
      assert.notEqual(await inside("groups", `cat /${path}`), "");
    }
    assert.equal(await inside("groups", "stat -L -c %a /secret/key"), "440");
    for (const path of ["config", "secret", "labels", "all"]) {
      const tried = await inside("groups", `ln -sfn /etc /${path}/..data 2>&1 || touch /${path}/x 2>&1 || true`);
      assert.match(tried, /Read-only file system/, `${path} is written by the kubelet only`);
    }
  });

  test("who must not be root is not", async () => {
    await using _source = await running("users-source", {});
    const id = await containerId("users-source");
    const images = { "kube-ts/user-name:v1": "USER nobody", "kube-ts/user-number:v1": "USER 1234" };
    try {
      for (const [tag, change] of Object.entries(images))
        await run("docker", ["commit", `--change=${change}`, id, tag]);
      const nonRoot = { securityContext: { runAsNonRoot: true } };
      const refused: readonly (readonly [string, Changes, RegExp])[] = [
        ["root-image", nonRoot, /^container has runAsNonRoot and image will run as root \(pod: "root-image_default\(/],
        [
          "named-image",
          { ...nonRoot, container: { image: "kube-ts/user-name:v1" } },
          /^container has runAsNonRoot and image has non-numeric user \(nobody\), cannot verify user is non-root/,
        ],
        [
          "root-asked",
          { ...nonRoot, container: { securityContext: { runAsUser: 0 } } },
          /^container's runAsUser breaks non-root policy/,
        ],
      ];
      for (const [name, changes, message] of refused) {
        await using _pod = await applied(kubectl, manifest(name, changes));
        assert.match(await waitingMessage(name), message, name);
      }
      await using _numbered = await running("numbered", { ...nonRoot, container: { image: "kube-ts/user-number:v1" } });
      assert.equal(await inside("numbered", "id -u"), "1234");
      await using _grouped = await running("grouped", { securityContext: { runAsGroup: 3_000 } });
      assert.equal(await inside("grouped", "id -u; id -g"), "0\n3000");
    } finally {
      for (const tag of Object.keys(images)) await run("docker", ["rmi", "--force", tag]);
    }
  });

  test("capabilities, privileges, system calls and the root file system", async () => {
    const directory = join(localCluster().directory, "kubelet/seccomp/profiles");
    mkdirSync(directory, { recursive: true });
    const rule = { names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO" };
    const profile = { defaultAction: "SCMP_ACT_ALLOW", syscalls: [rule] };
    writeFileSync(join(directory, "no-mkdir.json"), JSON.stringify(profile));
    const capability = (bit: number) => (1n << BigInt(bit)).toString(16).padStart(16, "0");
    await using _confined = await running("confined", {
      volumes: [{ name: "work", emptyDir: {} }],
      container: {
        volumeMounts: [{ name: "work", mountPath: "/work" }],
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"], add: ["NET_BIND_SERVICE"] },
          seccompProfile: { type: "RuntimeDefault" },
        },
      },
    });
    assert.equal(await statusLine("confined", "NoNewPrivs"), "1");
    assert.equal(await statusLine("confined", "CapBnd"), capability(10));
    assert.equal(await statusLine("confined", "CapEff"), capability(10));
    assert.equal(await statusLine("confined", "Seccomp"), "2");
    assert.match(await inside("confined", "touch /x 2>&1 || true; touch /work/x"), /Read-only file system/);

    await using _plain = await running("plain", {
      container: { securityContext: { capabilities: { drop: ["CHOWN"] } } },
    });
    assert.equal(await statusLine("plain", "NoNewPrivs"), "0");
    assert.equal(await statusLine("plain", "Seccomp"), isSeccompDefault() ? "2" : "0");
    assert.equal(BigInt(`0x${await statusLine("plain", "CapBnd")}`) & 1n, 0n);
    assert.match(await inside("plain", "chown 1 /tmp 2>&1 || true"), /Operation not permitted/);
    assert.equal(await inside("plain", "wc -c </proc/keys 2>/dev/null; wc -c </proc/timer_list 2>/dev/null"), "0\n0");

    await using _profiled = await running("profiled", {
      securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "profiles/no-mkdir.json" } },
      container: { command: ["sh", "-c", "while :; do sleep 1; done"] },
    });
    assert.equal(await statusLine("profiled", "Seccomp"), "2");
    assert.match(await inside("profiled", "mkdir /tmp/x 2>&1 || true"), /Operation not permitted/);

    await using _missing = await applied(
      kubectl,
      manifest("profile-missing", {
        securityContext: { seccompProfile: { type: "Localhost", localhostProfile: "none.json" } },
      }),
    );
    await eventually(
      "a profile that is not there is an error",
      () => kubectl.run(["get", "events", "--field-selector=involvedObject.name=profile-missing"]),
      (events) => events.includes("cannot load seccomp profile"),
    );
  });

  test("the node's namespaces are joined where that is asked for", async () => {
    const own = (kind: string) => `readlink /proc/self/ns/${kind}`;
    const ofNode = async (kind: string) => (await run("readlink", [`/proc/self/ns/${kind}`])).trim();
    await using _host = await running("on-host", { hostPID: true, hostIPC: true, hostNetwork: true });
    for (const kind of ["pid", "ipc", "net"])
      assert.equal(await inside("on-host", own(kind)), await ofNode(kind), kind);
    await using _apart = await running("apart", {});
    for (const kind of ["pid", "ipc", "net", "uts", "mnt"]) {
      assert.notEqual(await inside("apart", own(kind)), await ofNode(kind), kind);
    }
    assert.match(await inside("apart", "cat /proc/1/cmdline"), /sleep 1/);
    await using _shared = await running("shared", { shareProcessNamespace: true });
    assert.match(await inside("shared", "cat /proc/1/cmdline"), /pause/);
  });

  test("what the node cannot do, or must not, is refused", async () => {
    const sysctl = (name: string, value: string, more: Changes = {}): Changes => ({
      ...more,
      securityContext: { sysctls: [{ name, value }] },
    });
    await using _safe = await running("sysctl-safe", sysctl("net.ipv4.ip_unprivileged_port_start", "80"));
    assert.equal(await inside("sysctl-safe", "cat /proc/sys/net/ipv4/ip_unprivileged_port_start"), "80");
    const cases: readonly (readonly [string, Changes, RegExp])[] = [
      [
        "sysctl-unsafe",
        sysctl("kernel.msgmax", "65536"),
        /^SysctlForbidden: .*forbidden sysctl: "kernel.msgmax" not allowlisted/,
      ],
      [
        "sysctl-node",
        sysctl("vm.swappiness", "1"),
        /^SysctlForbidden: .*forbidden sysctl: "vm.swappiness" not allowlisted/,
      ],
      ["users-apart", { hostUsers: false }, /^PodFeatureUnsupported: .*spec.hostUsers is not supported/],
      [
        "proc-open",
        { hostUsers: false, container: { securityContext: { procMount: "Unmasked" } } },
        /^PodFeatureUnsupported: /,
      ],
      [
        "groups-strict",
        { securityContext: { supplementalGroupsPolicy: "Strict" } },
        /^SupplementalGroupsPolicyNotSupported: .*SupplementalGroupsPolicy=Strict is not supported in this node/,
      ],
    ];
    for (const [name, changes, expected] of cases) {
      await using _pod = await applied(kubectl, manifest(name, changes));
      assert.match(await refusal(name), expected, name);
    }
  });

  test("AppArmor confines, or refuses where the kernel has none", async () => {
    const changes: Changes = { securityContext: { appArmorProfile: { type: "RuntimeDefault" } } };
    const present = (await run("docker", ["info", "--format={{.SecurityOptions}}"])).includes("apparmor");
    if (present) {
      await using _pod = await running("apparmor", changes);
      assert.match(await inside("apparmor", "cat /proc/1/attr/current"), /docker-default \(enforce\)/);
      return;
    }
    await using _pod = await applied(kubectl, manifest("apparmor", changes));
    assert.match(
      await refusal("apparmor"),
      /^AppArmor: .*Cannot enforce AppArmor: AppArmor is not enabled on the host/,
    );
  });
});

test("secrets and tokens are in memory only", async () => {
  const secret = `only-in-memory-${process.pid}`;
  await using _secret = await applied(
    kubectl,
    `apiVersion: v1
kind: Secret
metadata: {name: in-memory}
stringData: {key: ${secret}}
`,
  );
  await using _pod = await running("in-memory", {
    volumes: [
      { name: "plain", secret: { secretName: "in-memory" } },
      { name: "all", projected: { sources: [{ secret: { name: "in-memory" } }] } },
    ],
    container: {
      volumeMounts: [
        { name: "plain", mountPath: "/plain" },
        { name: "all", mountPath: "/all" },
        { name: "plain", mountPath: "/one", subPath: "key" },
      ],
    },
  });
  assert.equal(await inside("in-memory", "cat /plain/key /all/key /one"), secret.repeat(3));
  const token = await inside("in-memory", "cat /var/run/secrets/kubernetes.io/serviceaccount/token");
  assert.equal(token.split(".").length, 3);
  const mounts = await inside("in-memory", "cat /proc/mounts");
  for (const path of ["/plain", "/all", "/one", "/var/run/secrets/kubernetes.io/serviceaccount"]) {
    assert.match(mounts, new RegExp(`^tmpfs ${path} tmpfs ro`, "m"), path);
  }
  const { directory } = localCluster();
  const inspected = await run("docker", ["inspect", await containerId("in-memory")]);
  const log = readFileSync(join(directory, "logs/kubelet.log"), "utf8");
  for (const text of [secret, token]) {
    assert.ok(!inspected.includes(text), "the engine knows it");
    assert.ok(!log.includes(text), "the kubelet's log has it");
    assert.deepEqual(filesWith(join(directory, "kubelet"), text), []);
    assert.deepEqual(filesWith("/var/lib/docker/containers", text), []);
  }
});

/** The files on the directory's own disk, mounts left out, that contain the text. */
function filesWith(directory: string, wanted: string): readonly string[] {
  const { dev } = statSync(directory);
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    const path = join(directory, entry.name);
    if (entry.isDirectory()) return statSync(path).dev === dev ? filesWith(path, wanted) : [];
    return entry.isFile() && statSync(path).dev === dev && readFileSync(path).includes(wanted) ? [path] : [];
  });
}

test("a log that was made a link to a file of the node is not served", async () => {
  await using _pod = await running("linked-log", {});
  await eventually(
    "the log is there",
    () => kubectl.run(["logs", "linked-log"]),
    (log) => log === "started\n",
  );
  const path = (await run("docker", ["inspect", "--format={{.LogPath}}", await containerId("linked-log")])).trim();
  await run("mv", [path, `${path}.kept`]);
  try {
    await run("ln", ["-s", "/etc/shadow", path]);
    const { stdout, stderr } = await kubectl.try(["logs", "linked-log"]);
    assert.doesNotMatch(stdout + stderr, /root:/);
  } finally {
    await run("mv", [`${path}.kept`, path]);
  }
});

interface Asker {
  readonly cert?: Buffer;
  readonly key?: Buffer;
  readonly token?: string;
}

async function askKubelet(path: string, { token, ...identity }: Asker, method = "GET") {
  const { nodeIp, pkiDirectory } = localCluster();
  const ca = readFileSync(join(pkiDirectory, "ca.crt"));
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const outgoing = request({ host: nodeIp, port: 10_250, path, method, ca, agent: false, headers, ...identity });
  const answer = new Promise<{ status: number; body: string }>((resolve, reject) => {
    outgoing.once("error", reject);
    outgoing.once("response", (response) => {
      text(response).then((body) => resolve({ status: response.statusCode ?? 0, body }), reject);
    });
  });
  outgoing.end();
  return answer;
}

test("the API server decides who may use the kubelet's server, and for what", async () => {
  const { pkiDirectory, directory, nodeIp } = localCluster();
  const scratch = join(directory, "strangers");
  const paths = ["/pods", "/metrics", "/stats/summary", "/logs/", "/configz", "/healthz", "/run/a/b/c?cmd=id"];
  try {
    const known = await Authority.open(pkiDirectory, "ca", "kubernetes");
    const stranger = await Authority.open(scratch, "ca", "kubernetes");
    const read = ({ cert, key }: { cert: string; key: string }) => ({
      cert: readFileSync(cert),
      key: readFileSync(key),
    });
    const admin = { commonName: "kubernetes-admin", organizations: ["system:masters"], usages: ["client"] } as const;
    const forged = read(await stranger.issue("admin", admin));
    const nobody = read(await known.issue("e2e-nobody", { commonName: "nobody", usages: ["client"] }));
    for (const path of paths) {
      for (const asker of [{}, forged, { token: "guessed" }])
        assert.equal((await askKubelet(path, asker)).status, 401, path);
      assert.equal((await askKubelet(path, nobody)).status, 403, path);
    }
    await using _role = await applied(
      kubectl,
      `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: e2e-node-reader}
rules: [{apiGroups: [""], resources: [nodes/metrics, nodes/pods], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: e2e-node-reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: e2e-node-reader}
subjects: [{kind: ServiceAccount, name: default, namespace: default}]
`,
    );
    const token = (await kubectl.run(["create", "token", "default"])).trim();
    const expected = [200, 200, 403, 403, 403, 403, 403];
    for (const [index, path] of paths.entries()) {
      assert.equal((await askKubelet(path, { token })).status, expected[index], path);
    }
    await assert.rejects(fetch(`http://${nodeIp}:10255/pods`), "the read-only port is off");
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});

const configFile = () => join(localCluster().directory, "kubelet-config.yaml");
const isSeccompDefault = () => /^seccompDefault: true$/m.test(readFileSync(configFile(), "utf8"));

test("the node's configuration decides on unsafe sysctls and default profiles", async () => {
  const pid = daemonPid(localCluster(), "kubelet");
  assert.ok(pid);
  const byDefault = !isSeccompDefault();
  const others = readFileSync(configFile(), "utf8").replace(/^seccompDefault:.*\n/m, "");
  const lines = [
    `seccompDefault: ${byDefault}`,
    "allowedUnsafeSysctls: [kernel.msg*]",
    "enableSystemLogHandler: false",
  ];
  writeFileSync(configFile(), `${others.trimEnd()}\n${lines.join("\n")}\n`);
  process.kill(pid, "SIGTERM");
  await eventually("another kubelet runs", () => (daemonPid(localCluster(), "kubelet") ?? pid) !== pid);
  const unsafe: Changes = { securityContext: { sysctls: [{ name: "kernel.msgmax", value: "65536" }] } };
  await using _pod = await running("opened", unsafe);
  assert.equal(await inside("opened", "cat /proc/sys/kernel/msgmax"), "65536");
  assert.equal(await statusLine("opened", "Seccomp"), byDefault ? "2" : "0");
  await using _unconfined = await running("unconfined", {
    securityContext: { seccompProfile: { type: "Unconfined" } },
  });
  assert.equal(await statusLine("unconfined", "Seccomp"), "0");
  await using _confined = await running("by-default", {
    securityContext: { seccompProfile: { type: "RuntimeDefault" } },
  });
  assert.equal(await statusLine("by-default", "Seccomp"), "2");
});
