import { spawn } from "node:child_process";
import { mkdtempSync, openSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Node, Pod } from "@kube-ts/api/core/v1";
import { nodes, pods, serviceAccounts } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { type ServerUnderTest, startServer } from "../../../../bench/api-server-process.ts";
import { Authority } from "../../../../deploy/pki/authority.ts";
import { testNode } from "./objects.ts";

const binary = join(import.meta.dirname, "..", "..", "bin", "kube-scheduler");

/** A scheduler process; `exited` resolves when it has ended. */
export interface SchedulerProcess {
  readonly pid: number;
  stop(signal: "SIGTERM" | "SIGKILL"): Promise<void>;
}

/** A real API server, nodes that exist on paper only, and schedulers that run with the scheduler's own rights. */
export class LiveCluster implements AsyncDisposable {
  readonly client: Client;
  readonly directory: string;
  readonly #server: ServerUnderTest;
  readonly #kubeconfig: string;
  readonly #running = new Set<SchedulerProcess>();

  private constructor(server: ServerUnderTest, client: Client, directory: string, kubeconfig: string) {
    this.#server = server;
    this.client = client;
    this.directory = directory;
    this.#kubeconfig = kubeconfig;
  }

  static async start(): Promise<LiveCluster> {
    const server = await startServer();
    const directory = mkdtempSync(join(tmpdir(), "kube-ts-scheduler-"));
    const authority = await Authority.open(join(server.directory, "pki"), "ca", "kubernetes");
    const scheduler = await authority.issue("scheduler", { commonName: "system:kube-scheduler", usages: ["client"] });
    const kubeconfig = writeKubeconfig(join(directory, "scheduler.kubeconfig"), server, scheduler);
    const admin = await clientConfigFromFile(
      writeKubeconfig(join(directory, "admin.kubeconfig"), server, server.admin),
    );
    const client = createClient(admin, { userAgent: "scheduler-test", qps: 10_000, burst: 10_000 });
    const cluster = new LiveCluster(server, client, directory, kubeconfig);
    await client
      .resource(serviceAccounts)
      .create({ apiVersion: "v1", kind: "ServiceAccount", metadata: { name: "default", namespace: "default" } })
      .catch(() => undefined);
    return cluster;
  }

  /** Starts `bin/kube-scheduler`; it serves nothing and logs to a file in the directory. */
  startScheduler(...args: readonly string[]): SchedulerProcess {
    const log = openSync(join(this.directory, "kube-scheduler.log"), "a");
    const flags = [`--kubeconfig=${this.#kubeconfig}`, "--secure-port=0", ...args];
    const child = spawn(binary, flags, { stdio: ["ignore", log, log] });
    const { pid } = child;
    if (pid === undefined) throw new Error(`${binary} could not be started`);
    const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
    const running: SchedulerProcess = {
      pid,
      stop: async (signal) => {
        if (child.exitCode === null && child.signalCode === null) child.kill(signal);
        await exited;
        this.#running.delete(running);
      },
    };
    this.#running.add(running);
    return running;
  }

  /** Creates nodes that are ready for pods. */
  async createNodes(count: number, shape: (index: number) => Parameters<typeof testNode>[1]): Promise<void> {
    const resource = this.client.resource<Node>(nodes);
    await inParallel(count, 16, async (index) => {
      const { metadata, spec, status } = testNode(`node-${index}`, shape(index));
      const { name = "", labels = {} } = metadata;
      const created = { apiVersion: "v1", kind: "Node", metadata: { name, labels }, spec, ...(status && { status }) };
      await resource.create(created);
      // A new node is tainted until its kubelet reports; there is none here.
      await resource.patch({ name }, "merge", { spec: { taints: spec.taints ?? null } });
    });
  }

  async createPods(count: number, pod: (index: number) => Pod): Promise<void> {
    await inParallel(count, 32, async (index) => {
      const { apiVersion = "v1", kind = "Pod", metadata, spec } = pod(index);
      const { name = "", namespace = "", labels = {} } = metadata;
      await this.client.resource<Pod>(pods).create({ apiVersion, kind, metadata: { name, namespace, labels }, spec });
    });
  }

  async pods(): Promise<readonly Pod[]> {
    return (await this.client.resource<Pod>(pods).list()).items;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const scheduler of Array.from(this.#running)) await scheduler.stop("SIGTERM");
    await this.client[Symbol.asyncDispose]();
    await this.#server[Symbol.asyncDispose]();
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** Runs `work` for 0 … count-1, at most `width` at a time. */
async function inParallel(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await work(next++);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

function writeKubeconfig(path: string, { url, ca }: ServerUnderTest, user: { cert: string; key: string }): string {
  const config = {
    apiVersion: "v1",
    kind: "Config",
    "current-context": "test",
    contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
    clusters: [{ name: "test", cluster: { server: url, "certificate-authority": ca } }],
    users: [{ name: "test", user: { "client-certificate": user.cert, "client-key": user.key } }],
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
