import { spawn, spawnSync } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Docker from "dockerode";
import { pack } from "tar-stream";

const startTimeoutMs = 60_000;
const applets = [
  "sh",
  "cat",
  "echo",
  "sleep",
  "id",
  "hostname",
  "nc",
  "head",
  "yes",
  "env",
  "grep",
  "true",
  "httpd",
  "ip",
  "wget",
];

/**
 * A Docker Engine of the test's own, so that no kubelet of this machine takes its pods for garbage. It has an image
 * made of busybox and a pause image; everything in it bears `prefix`.
 */
export interface EngineFixture extends AsyncDisposable {
  readonly endpoint: string;
  readonly docker: Docker;
  readonly prefix: string;
  readonly image: string;
  readonly pauseImage: string;
  /** Kills the engine as if the machine's memory had run out, and starts it again. */
  restart(): Promise<void>;
}

export async function startEngineFixture(): Promise<EngineFixture> {
  const prefix = `kubets${process.pid}`;
  const { endpoint, stop, restart } = await startEngine(prefix);
  const docker = new Docker({ socketPath: new URL(endpoint).pathname });
  const image = `${prefix}/busybox:test`;
  const pauseImage = `${prefix}/pause:test`;
  await importImage(docker, image, []);
  await importImage(docker, pauseImage, ['CMD ["/bin/sleep","2147483647"]']);
  return {
    endpoint,
    docker,
    prefix,
    image,
    pauseImage,
    restart,
    [Symbol.asyncDispose]: async () => {
      for (const container of await docker.listContainers({ all: true })) {
        await docker.getContainer(container.Id).remove({ force: true, v: true });
      }
      await stop();
    },
  };
}

interface OwnEngine {
  readonly endpoint: string;
  readonly stop: () => Promise<void>;
  readonly restart: () => Promise<void>;
}

async function startEngine(prefix: string): Promise<OwnEngine> {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-engine-"));
  const endpoint = `unix://${directory}/docker.sock`;
  const args = [
    `--host=${endpoint}`,
    `--data-root=${directory}/data`,
    `--exec-root=${directory}/exec`,
    `--pidfile=${directory}/docker.pid`,
    `--containerd-namespace=${prefix}`,
    `--containerd-plugins-namespace=${prefix}-plugins`,
    "--bridge=none",
    "--iptables=false",
  ];
  let child = await launch(args, endpoint);
  const end = async (signal: NodeJS.Signals) => {
    const exited = once(child, "exit");
    child.kill(signal);
    await exited;
  };
  return {
    endpoint,
    restart: async () => {
      const containerd = Number(readFileSync(join(directory, "exec/containerd/containerd.pid"), "utf8"));
      await end("SIGKILL");
      // The next engine would try for long to use the one that is dying with this one.
      if (containerd > 1) await killed(containerd);
      rmSync(join(directory, "docker.pid"), { force: true });
      child = await launch(args, endpoint);
    },
    stop: async () => {
      await end("SIGTERM");
      unmountBelow(directory);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** An engine that starts while what was killed before it still dies gives up; then another does better. */
async function launch(args: readonly string[], endpoint: string): Promise<ChildProcess> {
  const deadlineMs = Date.now() + startTimeoutMs;
  let child = spawn("dockerd", [...args], { stdio: "ignore" });
  while (spawnSync("docker", ["--host", endpoint, "version"], { stdio: "ignore" }).status !== 0) {
    if (Date.now() > deadlineMs) throw new Error("dockerd does not start");
    if (child.exitCode !== null) child = spawn("dockerd", [...args], { stdio: "ignore" });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return child;
}

async function killed(pid: number): Promise<void> {
  for (const deadlineMs = Date.now() + startTimeoutMs; Date.now() < deadlineMs;) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** The engine leaves its namespaces' mounts behind. */
function unmountBelow(directory: string): void {
  for (const line of readFileSync("/proc/mounts", "utf8").split("\n").reverse()) {
    const mountPoint = line.split(" ")[1] ?? "";
    if (mountPoint.startsWith(`${directory}/`)) spawnSync("umount", ["-l", mountPoint], { stdio: "ignore" });
  }
}

async function importImage(docker: Docker, name: string, changes: readonly string[]): Promise<void> {
  const [repo = "", tag = ""] = name.split(":");
  const archive = pack();
  const busybox = readFileSync("/bin/busybox");
  for (const directory of ["bin", "tmp", "etc", "proc", "sys", "dev"])
    archive.entry({ name: directory, type: "directory" });
  archive.entry({ name: "bin/busybox", mode: 0o755 }, busybox);
  // Debian has a busybox of each kind: linked statically, or with these libraries.
  const linkedWith = spawnSync("ldd", ["/bin/busybox"], { encoding: "utf8" }).stdout.matchAll(/(\/\S+) \(0x/g);
  for (const [, path = ""] of linkedWith) archive.entry({ name: path.slice(1), mode: 0o755 }, readFileSync(path));
  for (const applet of applets) archive.entry({ name: `bin/${applet}`, type: "symlink", linkname: "busybox" });
  archive.entry({ name: "etc/passwd" }, "root:x:0:0:root:/:/bin/sh\nuser:x:1000:1000::/:/bin/sh\n");
  archive.entry({ name: "etc/group" }, "root:x:0:\nuser:x:1000:\nextra:x:1001:user\n");
  archive.finalize();
  const stream = await docker.importImage(archive as unknown as NodeJS.ReadableStream, {
    repo,
    tag,
    changes: ["ENV PATH=/bin", ...changes],
  });
  await new Promise<void>((resolve, reject) => {
    docker.modem.followProgress(stream, (error) => (error ? reject(error) : resolve()));
  });
}
