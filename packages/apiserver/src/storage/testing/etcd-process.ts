import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";

import { EtcdMaintenance } from "./etcd-maintenance.ts";

const startTimeoutMs = 20_000;

export interface EtcdProcessOptions {
  /** Further command-line flags, such as `--quota-backend-bytes=16777216`. */
  readonly flags?: readonly string[];
  /** Whether clients connect over TLS; the flags name the certificates. */
  readonly tls?: boolean;
}

/** Where one member listens. */
interface MemberPorts {
  readonly name: string;
  readonly client: string;
  readonly peer: string;
  readonly metrics: string;
}

/** A member of a test's own etcd, on free loopback ports with its data in a temporary directory. */
export class EtcdProcess implements AsyncDisposable {
  readonly endpoint: string;
  readonly dataDirectory: string;
  readonly maintain: EtcdMaintenance;
  readonly #healthUrl: string;
  readonly #arguments: readonly string[];
  #child: ChildProcess | undefined;
  #output = "";

  private constructor(
    ports: MemberPorts,
    dataDirectory: string,
    members: readonly MemberPorts[],
    flags: readonly string[],
  ) {
    this.endpoint = ports.client;
    this.dataDirectory = dataDirectory;
    this.maintain = new EtcdMaintenance(ports.client);
    this.#healthUrl = `${ports.metrics}/health`;
    this.#arguments = [
      `--name=${ports.name}`,
      `--data-dir=${dataDirectory}`,
      `--listen-client-urls=${ports.client}`,
      `--advertise-client-urls=${ports.client}`,
      `--listen-peer-urls=${ports.peer}`,
      `--initial-advertise-peer-urls=${ports.peer}`,
      `--listen-metrics-urls=${ports.metrics}`,
      `--initial-cluster=${members.map(({ name, peer }) => `${name}=${peer}`).join(",")}`,
      "--heartbeat-interval=50",
      "--election-timeout=500",
      "--unsafe-no-fsync",
      "--log-level=error",
      ...flags,
    ];
  }

  /** Starts an etcd of one member and waits until it serves. */
  static async start(options: EtcdProcessOptions = {}): Promise<EtcdProcess> {
    const [member] = await EtcdProcess.startCluster(1, options);
    if (!member) throw new Error("no member was started");
    return member;
  }

  /** Starts the members of one etcd and waits until they serve. */
  static async startCluster(size: number, options: EtcdProcessOptions = {}): Promise<EtcdProcess[]> {
    const ports = await freePorts(3 * size);
    const scheme = options.tls ? "https" : "http";
    const members = Array.from({ length: size }, (_, index): MemberPorts => {
      const [client, peer, metrics] = ports.slice(3 * index);
      return {
        name: `member-${index}`,
        client: `${scheme}://127.0.0.1:${client}`,
        peer: `http://127.0.0.1:${peer}`,
        metrics: `http://127.0.0.1:${metrics}`,
      };
    });
    const started = await Promise.all(
      members.map(async (member) => {
        const dataDirectory = await mkdtemp(join(tmpdir(), "etcd-test-"));
        return new EtcdProcess(member, dataDirectory, members, options.flags ?? []);
      }),
    );
    await Promise.all(started.map((member) => member.restart()));
    return started;
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

  /** Stops the process where it is, connections open, until `resume`. */
  pause(): void {
    this.#child?.kill("SIGSTOP");
  }

  resume(): void {
    this.#child?.kill("SIGCONT");
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

  /** Copies the data of the stopped process, for `restore`. Remove the directory that this answers. */
  async backUp(): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), "etcd-backup-"));
    await cp(join(this.dataDirectory, "member"), directory, { recursive: true });
    return directory;
  }

  /** Gives the stopped process the data of a backup. */
  async restore(backup: string): Promise<void> {
    await this.wipe();
    await cp(backup, join(this.dataDirectory, "member"), { recursive: true });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill();
    await rm(this.dataDirectory, { recursive: true, force: true });
  }

  async #serving(child: ChildProcess): Promise<void> {
    const endMs = Date.now() + startTimeoutMs;
    for (;;) {
      if (child.exitCode !== null || child.pid === undefined) throw new Error(`etcd ended: ${this.#output}`);
      const healthy = await fetch(this.#healthUrl).then(
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
