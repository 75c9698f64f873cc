import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

const startTimeoutMs = 20_000;

export interface EtcdProcessOptions {
  /** Further command-line flags, such as `--quota-backend-bytes=16777216`. */
  readonly flags?: readonly string[];
}

/** A single-member etcd of a test's own, on free loopback ports with its data in a temporary directory. */
export class EtcdProcess implements AsyncDisposable {
  readonly endpoint: string;
  readonly dataDirectory: string;
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(endpoint: string, dataDirectory: string, commandLine: readonly string[]) {
    this.endpoint = endpoint;
    this.dataDirectory = dataDirectory;
    this.#arguments = commandLine;
  }

  /** Starts etcd and waits until it serves. */
  static async start(options: EtcdProcessOptions = {}): Promise<EtcdProcess> {
    const dataDirectory = await mkdtemp(join(tmpdir(), "etcd-test-"));
    const [clientPort, peerPort] = await freePorts(2);
    const client = `http://127.0.0.1:${clientPort}`;
    const peer = `http://127.0.0.1:${peerPort}`;
    const etcd = new EtcdProcess(client, dataDirectory, [
      `--data-dir=${dataDirectory}`,
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--unsafe-no-fsync",
      "--log-level=error",
      ...(options.flags ?? []),
    ]);
    await etcd.restart();
    return etcd;
  }

  /** Starts the process again with the data it has, and waits until it serves. */
  async restart(): Promise<void> {
    await this.kill();
    const child = spawn("etcd", this.#arguments, { stdio: ["ignore", "pipe", "pipe"] });
    child.on("error", (error) => {
      this.#output += `${error.message}\n`;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on("data", (text: Buffer) => {
        this.#output = (this.#output + text.toString()).slice(-10_000);
      });
    }
    this.#child = child;
    await this.#serving(child);
  }

  /** Ends the process at once, as a crash would. */
  async kill(): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return;
    const exited = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await exited;
  }

  /** Removes the data, so that the next start has an empty store. */
  async wipe(): Promise<void> {
    await rm(join(this.dataDirectory, "member"), { recursive: true, force: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  async #serving(child: ChildProcess): Promise<void> {
    const endMs = Date.now() + startTimeoutMs;
    for (;;) {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`etcd ended: ${this.#output}`);
      const healthy = await fetch(`${this.endpoint}/health`).then(
        (response) => response.ok,
        () => false,
      );
      if (healthy) return;
      if (Date.now() > endMs) throw new Error(`etcd does not serve: ${this.#output}`);
      await delay(20);
    }
  }
}

/** Ports that nothing listens on just now. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  const ports = await Promise.all(
    servers.map(
      (server) =>
        new Promise<number>((resolve, reject) => {
          server.once("error", reject);
          server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
        }),
    ),
  );
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
