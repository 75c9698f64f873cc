import assert from "node:assert/strict";
import { chmod, mkdtemp, mkdir, readFile, readdir, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { Registry } from "@kube-ts/std/metrics";
import { VolumeMetrics } from "./volume-metrics.ts";
import { MemoryImages } from "../testing/memory-images.ts";
import type { Pod, Volume } from "@kube-ts/api/core/v1";
import { FakeClock } from "@kube-ts/std/clock";
import { MemoryClaims, MemoryMounts, MemoryObjects, MemoryTokens } from "../testing/memory-objects.ts";
import { testContainer, testPod } from "../testing/pod-fixtures.ts";
import { parseMountInfo } from "./mounts.ts";
import { PodVolumes, VolumesError } from "./pod-volumes.ts";
import { openSubPath } from "./sub-path.ts";
import { giveToGroup } from "./volume-ownership.ts";
import { VolumePaths } from "./volume-paths.ts";

const signal = new AbortController().signal;

async function setup() {
  const root = await mkdtemp(join(tmpdir(), "volumes-"));
  const objects = new MemoryObjects();
  const tokens = new MemoryTokens();
  const claims = new MemoryClaims();
  const mounts = new MemoryMounts();
  const paths = new VolumePaths(root);
  const volumes = new PodVolumes({
    paths,
    metrics: new VolumeMetrics(new Registry()),
    claims,
    images: new MemoryImages(),
    mounts,
    objects,
    tokens,
    clock: new FakeClock(Date.UTC(2026, 0, 1)),
    allocatable: () => ({ cpu: "2", memory: "1Gi" }),
  });
  return {
    root,
    claims,
    objects,
    tokens,
    mounts,
    volumes,
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

function podWith(volumes: Volume[], more: Partial<Pod["spec"]> = {}): Pod {
  const volumeMounts = volumes.map(({ name }) => ({ name, mountPath: `/${name}` }));
  return testPod({
    containers: [testContainer("app", { volumeMounts })],
    volumes,
    serviceAccountName: "robot",
    ...more,
  });
}

async function read(directory: string | undefined, file: string): Promise<string> {
  assert.ok(directory);
  return readFile(join(directory, file), "utf8");
}

test("config maps and secrets become files and follow their objects", async () => {
  await using at = await setup();
  at.objects.putConfigMap("default", "settings", { mode: "fast", other: "x" });
  at.objects.putSecret("default", "creds", { token: "s3cret" });
  const pod = podWith([
    { name: "cfg", configMap: { name: "settings", items: [{ key: "mode", path: "deep/mode", mode: 0o400 }] } },
    { name: "sec", secret: { secretName: "creds" } },
    { name: "maybe", configMap: { name: "absent", optional: true } },
  ]);
  const { directories } = await at.volumes.setUp(pod, signal);
  assert.equal(await read(directories.get("cfg"), "deep/mode"), "fast");
  assert.equal(await read(directories.get("sec"), "token"), "s3cret");
  assert.deepEqual(
    (await readdir(directories.get("maybe") ?? "")).filter((name) => !name.startsWith("..")),
    [],
  );
  assert.deepEqual(
    at.mounts.entries.map((entry) => entry.mountPoint),
    [directories.get("sec")],
    "secrets lie in memory only",
  );
  at.objects.putSecret("default", "creds", { token: "new", more: "1" });
  await at.volumes.setUp(pod, signal);
  assert.equal(await read(directories.get("sec"), "token"), "new");
  assert.equal(await read(directories.get("sec"), "more"), "1");
  assert.equal(at.mounts.entries.length, 1);
});

test("the service account projection: token, root certificate and namespace", async () => {
  await using at = await setup();
  at.objects.putConfigMap("default", "kube-root-ca.crt", { "ca.crt": "PEM" });
  const pod = podWith([
    {
      name: "kube-api-access",
      projected: {
        defaultMode: 0o644,
        sources: [
          { serviceAccountToken: { path: "token", expirationSeconds: 3607 } },
          { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
          { downwardAPI: { items: [{ path: "namespace", fieldRef: { fieldPath: "metadata.namespace" } }] } },
        ],
      },
    },
  ]);
  const { directories, refreshAtMs } = await at.volumes.setUp(pod, signal);
  const directory = directories.get("kube-api-access");
  assert.equal(await read(directory, "token"), "robot//0");
  assert.equal(await read(directory, "ca.crt"), "PEM");
  assert.equal(await read(directory, "namespace"), "default");
  assert.equal(refreshAtMs, 1_000_000);
  at.tokens.serial = 1;
  await at.volumes.setUp(pod, signal);
  assert.equal(await read(directory, "token"), "robot//1");
});

test("a token of a pod with one user or a group is closed to others", { skip: process.getuid?.() !== 0 }, async () => {
  await using at = await setup();
  const projected = { sources: [{ serviceAccountToken: { path: "token" } }] };
  const { directories } = await at.volumes.setUp(
    podWith([{ name: "t", projected }], { securityContext: { runAsUser: 1000, fsGroup: 2000 } }),
    signal,
  );
  const info = await stat(join(directories.get("t") ?? "", "token"));
  assert.deepEqual([info.uid, info.gid, info.mode & 0o777], [1000, 2000, 0o640]);
});

test("empty directories on disk and in memory", async () => {
  await using at = await setup();
  const pod = podWith([
    { name: "disk", emptyDir: {} },
    { name: "ram", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
    { name: "free", emptyDir: { medium: "Memory" } },
  ]);
  const { directories } = await at.volumes.setUp(pod, signal);
  const disk = directories.get("disk") ?? "";
  assert.equal((await stat(disk)).mode & 0o777, 0o777);
  assert.equal(at.mounts.options.get(directories.get("ram") ?? "")?.sizeBytes, 64 * 1024 * 1024);
  assert.equal(at.mounts.options.get(directories.get("free") ?? "")?.sizeBytes, 1024 ** 3);
  await writeFile(join(disk, "kept"), "1");
  await at.volumes.setUp(pod, signal);
  assert.equal(await read(disk, "kept"), "1");
});

test("host paths are checked by type", async () => {
  await using at = await setup();
  const file = join(at.root, "file");
  await writeFile(file, "");
  const outcome = async (path: string, type: NonNullable<Volume["hostPath"]>["type"]) =>
    at.volumes.setUp(podWith([{ name: "h", hostPath: { path, ...(type ? { type } : {}) } }]), signal).then(
      ({ directories }) => directories.get("h"),
      (error: unknown) => (error instanceof VolumesError ? error.message : String(error)),
    );
  assert.equal(await outcome(file, "File"), file);
  assert.equal(await outcome(file, "Directory"), `hostPath type check failed: ${file} is not a directory`);
  assert.equal(
    await outcome(join(at.root, "no"), "Directory"),
    `hostPath type check failed: ${join(at.root, "no")} is not a directory`,
  );
  assert.equal(await outcome("/dev/null", "CharDevice"), "/dev/null");
  assert.equal(await outcome(join(at.root, "a/b"), "DirectoryOrCreate"), join(at.root, "a/b"));
  assert.equal(await outcome(join(at.root, "new"), "FileOrCreate"), join(at.root, "new"));
  assert.equal(await outcome(join(at.root, "any"), undefined), join(at.root, "any"));
  assert.ok((await stat(join(at.root, "any"))).isDirectory());
});

test("every failure is named, and what works is set up", async () => {
  await using at = await setup();
  const pod = podWith([
    { name: "cfg", configMap: { name: "absent" } },
    { name: "claim", persistentVolumeClaim: { claimName: "data" } },
    { name: "fine", emptyDir: {} },
  ]);
  const error: unknown = await at.volumes.setUp(pod, signal).catch((failure: unknown) => failure);
  assert.ok(error instanceof VolumesError);
  assert.deepEqual(
    error.errors.map(({ volume, message }) => [volume, message]),
    [
      ["cfg", 'configmap "absent" not found'],
      [
        "claim",
        'error processing PVC default/data: failed to fetch PVC from API server: persistentvolumeclaims "data" not found',
      ],
    ],
  );
});

test("only volumes that a container mounts are set up, and teardown leaves nothing", async () => {
  await using at = await setup();
  const pod = podWith([{ name: "ram", emptyDir: { medium: "Memory" } }]);
  pod.spec.volumes?.push({ name: "unused", configMap: { name: "absent" } });
  await at.volumes.setUp(pod, signal);
  assert.deepEqual(await at.volumes.present(), ["uid-1"]);
  await at.volumes.tearDown("uid-1", signal);
  await at.volumes.tearDown("uid-1", signal);
  assert.deepEqual(await at.volumes.present(), []);
  assert.deepEqual(at.mounts.entries, []);
  assert.deepEqual(at.tokens.released, ["uid-1", "uid-1"]);
});

test("teardown does not remove files through a mount that stays", async () => {
  await using at = await setup();
  const { directories } = await at.volumes.setUp(podWith([{ name: "ram", emptyDir: { medium: "Memory" } }]), signal);
  await writeFile(join(directories.get("ram") ?? "", "precious"), "1");
  at.mounts.unmount = async () => undefined;
  await assert.rejects(at.volumes.tearDown("uid-1", signal), /still mounted/);
  assert.equal(await read(directories.get("ram"), "precious"), "1");
});

test("a sub-path stays inside its volume", async () => {
  await using at = await setup();
  const volume = join(at.root, "volume");
  await mkdir(join(volume, "real/inner"), { recursive: true });
  await writeFile(join(volume, "real/inner/file"), "in");
  await writeFile(join(at.root, "secret"), "out");
  await symlink("real", join(volume, "inside"));
  await symlink("../secret", join(volume, "outside"));
  await symlink("/nowhere", join(volume, "dangling"));
  const contentAt = async (path: string) => {
    await using held = await openSubPath(volume, path);
    // The handle must outlive the read.
    return await readFile(`/proc/self/fd/${held.handle.fd}`, "utf8");
  };
  assert.equal(await contentAt("real/inner/file"), "in");
  assert.equal(await contentAt("inside/inner/file"), "in");
  await assert.rejects(contentAt("outside"), /not within volume path/);
  await assert.rejects(contentAt("../secret"), /not within volume path/);
  await assert.rejects(contentAt("dangling"), /symbolic link/);
  await assert.rejects(contentAt("dangling/x"), /ENOTDIR|ELOOP/);
  await using made = await openSubPath(volume, "made/deeper");
  assert.ok((await made.handle.stat()).isDirectory());
  assert.ok((await stat(join(volume, "made/deeper"))).isDirectory());
});

test("mount points are read as the kernel writes them", () => {
  const text = [
    "36 35 98:0 /mnt1 /a\\040b rw,noatime master:1 - ext3 /dev/root rw",
    "37 35 0:40 / /var/lib/x rw shared:5 master:1 - tmpfs tmpfs rw",
    "",
  ].join("\n");
  assert.deepEqual(parseMountInfo(text), [
    { mountPoint: "/a b", fsType: "ext3" },
    { mountPoint: "/var/lib/x", fsType: "tmpfs" },
  ]);
});

test("an empty directory of huge pages is made of those that the pod requests", async () => {
  await using at = await setup();
  const asking = (medium: string, ...sizes: string[]) => {
    const pod = podWith([{ name: "huge", emptyDir: { medium } }]);
    const requests = Object.fromEntries(sizes.map((size) => [`hugepages-${size}`, "4Mi"]));
    for (const container of pod.spec.containers) container.resources = { requests };
    return pod;
  };
  const fails = async (pod: Pod, message: RegExp) =>
    assert.rejects(
      at.volumes.setUp(pod, signal),
      (error) => error instanceof VolumesError && message.test(error.message),
    );
  await fails(asking("HugePages"), /no resource request for huge pages/);
  await fails(asking("HugePages", "2Mi", "1Gi"), /multiple huge page sizes/);
  await fails(asking("HugePages-1Gi", "2Mi"), /no container requests huge pages of that size/);
  await fails(asking("Disk"), /unknown storage medium "Disk"/);
  const { directories } = await at.volumes.setUp(asking("HugePages-1Gi", "2Mi", "1Gi"), signal);
  const directory = directories.get("huge") ?? "";
  assert.deepEqual(at.mounts.entries, [{ mountPoint: directory, fsType: "hugetlbfs" }]);
  assert.equal(at.mounts.options.get(directory)?.sizeBytes, 2 ** 30);
  await at.volumes.setUp(asking("HugePages-1Gi", "2Mi", "1Gi"), signal);
  assert.equal(at.mounts.entries.length, 1);
});

test("a claim is what it is bound to, once it is bound", async () => {
  await using at = await setup();
  const pod = podWith([{ name: "data", persistentVolumeClaim: { claimName: "store" } }]);
  const fails = async (asking: Pod, message: string) =>
    assert.rejects(
      at.volumes.setUp(asking, signal),
      (error) => error instanceof VolumesError && error.message === message,
    );
  const missing = 'failed to fetch PVC from API server: persistentvolumeclaims "store" not found';
  await fails(pod, `error processing PVC default/store: ${missing}`);
  const claim = { metadata: { name: "store", namespace: "default", uid: "c" }, spec: {} };
  at.claims.claims.set("default/store", { ...claim, status: { phase: "Pending" } });
  await fails(pod, "error processing PVC default/store: PVC is not bound");
  at.claims.claims.set("default/store", { ...claim, spec: { volumeName: "pv" }, status: { phase: "Bound" } });
  const path = join(at.root, "disk");
  await mkdir(path);
  at.claims.volumes.set("pv", { metadata: { name: "pv" }, spec: { claimRef: { uid: "other" }, hostPath: { path } } });
  await fails(pod, 'error processing PVC default/store: PV "pv" is bound to another claim');
  at.claims.volumes.set("pv", {
    metadata: { name: "pv" },
    spec: { claimRef: { uid: "c" }, nfs: { path, server: "s" } },
  });
  await fails(pod, 'volume source nfs of persistent volume "pv" is not supported on this node');
  at.claims.volumes.set("pv", { metadata: { name: "pv" }, spec: { claimRef: { uid: "c" }, hostPath: { path } } });
  assert.equal((await at.volumes.setUp(pod, signal)).directories.get("data"), path);
  at.claims.volumes.set("pv", { metadata: { name: "pv" }, spec: { claimRef: { uid: "c" }, local: { path } } });
  const local = (await at.volumes.setUp(pod, signal)).directories.get("data") ?? "";
  assert.match(local, /volumes\/kubernetes\.io~local-volume\/pv$/);
  assert.deepEqual(at.mounts.entries, [{ mountPoint: local, fsType: "bind" }]);
  await at.volumes.setUp(pod, signal);
  assert.equal(at.mounts.entries.length, 1);
  await at.volumes.tearDown("uid-1", signal);
  assert.deepEqual(at.mounts.entries, []);
});

test("a claim of the pod's own must have been made for it", async () => {
  await using at = await setup();
  const pod = podWith([{ name: "data", ephemeral: { volumeClaimTemplate: { spec: {} } } }]);
  const claim = (uid: string) => ({
    metadata: { name: "web-data", uid: "c", ownerReferences: [{ apiVersion: "v1", kind: "Pod", name: "web", uid }] },
    spec: { volumeName: "pv" },
    status: { phase: "Bound" as const },
  });
  at.claims.volumes.set("pv", {
    metadata: { name: "pv" },
    spec: { claimRef: { uid: "c" }, hostPath: { path: at.root } },
  });
  at.claims.claims.set("default/web-data", claim("another"));
  await assert.rejects(at.volumes.setUp(pod, signal), /was not created for pod default\/web \(pod is not owner\)/);
  at.claims.claims.set("default/web-data", claim("uid-1"));
  assert.equal((await at.volumes.setUp(pod, signal)).directories.get("data"), at.root);
});

test("a volume that lasts is given to the pod's group, files and links included", async () => {
  await using at = await setup();
  const volume = join(at.root, "volume");
  await mkdir(join(volume, "deep"), { recursive: true, mode: 0o700 });
  await writeFile(join(volume, "deep/file"), "", { mode: 0o600 });
  await symlink("/nowhere", join(volume, "link"));
  await giveToGroup(volume, 2000, "Always", false, signal);
  const modes = await Promise.all(
    ["", "deep", "deep/file"].map(async (name) => {
      const info = await stat(join(volume, name));
      return `${info.gid} ${(info.mode & 0o7777).toString(8)}`;
    }),
  );
  assert.deepEqual(modes, ["2000 2770", "2000 2770", "2000 660"]);
  await chmod(join(volume, "deep/file"), 0o600);
  await giveToGroup(volume, 2000, "OnRootMismatch", false, signal);
  assert.equal((await stat(join(volume, "deep/file"))).mode & 0o777, 0o600);
});
