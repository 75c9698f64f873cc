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

/** A Docker Engine for tests, with an image made of busybox and a pause image; everything in it bears `prefix`. */
export interface EngineFixture extends AsyncDisposable {
  readonly endpoint: string;
  readonly docker: Docker;
  readonly prefix: string;
  readonly image: string;
  readonly pauseImage: string;
}

/** Uses the machine's engine when it runs and starts one of its own otherwise. */
export async function startEngineFixture(): Promise<EngineFixture> {
  const prefix = `kubets${process.pid}`;
  const running = spawnSync("docker", ["--host", "unix:///var/run/docker.sock", "version"], { stdio: "ignore" });
  const own = running.status === 0 ? undefined : await startEngine();
  const endpoint = own?.endpoint ?? "unix:///var/run/docker.sock";
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
    [Symbol.asyncDispose]: async () => {
      const all = await docker.listContainers({ all: true });
      const ours = all.filter((container) => container.Names.some((name) => name.includes(prefix)));
      for (const container of ours) await docker.getContainer(container.Id).remove({ force: true, v: true });
      const images = await docker.listImages();
      const tags = images.flatMap((each) => each.RepoTags ?? []).filter((tag) => tag.startsWith(`${prefix}/`));
      for (const tag of tags) await docker.getImage(tag).remove({ force: true });
      await own?.stop();
    },
  };
}

async function startEngine(): Promise<{ readonly endpoint: string; readonly stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-engine-"));
  const endpoint = `unix://${directory}/docker.sock`;
  const child: ChildProcess = spawn(
    "dockerd",
    [
      `--host=${endpoint}`,
      `--data-root=${directory}/data`,
      `--exec-root=${directory}/exec`,
      `--pidfile=${directory}/docker.pid`,
      "--bridge=none",
      "--iptables=false",
    ],
    { stdio: "ignore" },
  );
  const deadlineMs = Date.now() + startTimeoutMs;
  while (spawnSync("docker", ["--host", endpoint, "version"], { stdio: "ignore" }).status !== 0) {
    if (Date.now() > deadlineMs || child.exitCode !== null) throw new Error("dockerd does not start");
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  return {
    endpoint,
    stop: async () => {
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      await exited;
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

async function importImage(docker: Docker, name: string, changes: readonly string[]): Promise<void> {
  const [repo = "", tag = ""] = name.split(":");
  const archive = pack();
  const busybox = readFileSync("/bin/busybox");
  for (const directory of ["bin", "tmp", "etc", "proc", "sys", "dev"])
    archive.entry({ name: directory, type: "directory" });
  archive.entry({ name: "bin/busybox", mode: 0o755 }, busybox);
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
