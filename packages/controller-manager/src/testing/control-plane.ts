import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { namespaces, serviceAccounts } from "@kube-ts/api/resource-types";
import type { Client } from "@kube-ts/client/client";
import { clientConfigFromFile } from "@kube-ts/client/client-config";
import { createClient } from "@kube-ts/client/rest-client";
import { eventually } from "@kube-ts/client/testing/eventually";
import { TaskGroup } from "@kube-ts/std/task-group";
import { startServer } from "../../../../bench/api-server-process.ts";
import type { ServerUnderTest } from "../../../../bench/api-server-process.ts";
import { ControllerManagerProcess } from "./controller-manager-process.ts";
import { HollowKubelet } from "./hollow-kubelet.ts";

const slowMs = 30_000;

/** For tests: an API server on an etcd of its own, the daemon, and a node that runs whatever it gets. */
export class ControlPlane implements AsyncDisposable {
  readonly #resources: AsyncDisposableStack;
  readonly server: ServerUnderTest;
  readonly kubeconfig: string;
  /** May do everything. */
  readonly client: Client;
  readonly kubelet: HollowKubelet;
  #daemon: ControllerManagerProcess;
  readonly #args: readonly string[];

  private constructor(
    resources: AsyncDisposableStack,
    server: ServerUnderTest,
    client: Client,
    args: readonly string[],
  ) {
    this.#resources = resources;
    this.server = server;
    this.client = client;
    this.kubeconfig = join(server.directory, "kubeconfig");
    this.#args = args;
    this.#daemon = this.#startDaemon();
    this.kubelet = new HollowKubelet(client, "hollow");
    const tasks = new TaskGroup(new AbortController().signal);
    tasks.start((signal) => this.kubelet.run(signal));
    resources.defer(() => tasks.stop());
  }

  /** `serverArgs` and `args` are flags of the API server and of the daemon on top of the usual ones. */
  static async start(serverArgs: readonly string[] = [], args: readonly string[] = []): Promise<ControlPlane> {
    const resources = new AsyncDisposableStack();
    try {
      const server = resources.use(await startServer(serverArgs));
      const config = await clientConfigFromFile(writeKubeconfig(server));
      const client = resources.use(createClient(config, { userAgent: "test", qps: 1_000, burst: 1_000 }));
      return new ControlPlane(resources, server, client, args);
    } catch (error) {
      await resources.disposeAsync();
      throw error;
    }
  }

  /** Ends the daemon and starts another; its predecessor's lease is given back at its end. */
  async restartDaemon(): Promise<void> {
    await this.#daemon[Symbol.asyncDispose]();
    this.#daemon = this.#startDaemon();
  }

  /** A namespace of this name, as soon as pods can be created in it. */
  async namespace(name: string): Promise<string> {
    await this.client.resource(namespaces).create({ metadata: { name }, spec: {} });
    const account = { namespace: name, name: "default" };
    await eventually(
      () =>
        this.client
          .resource(serviceAccounts)
          .get(account)
          .then(() => {}),
      slowMs,
    );
    return name;
  }

  /** Ends everything, and fails when the daemon did not live to the end or lacked a right. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      assert.equal(this.#daemon.exitCode, undefined, "the daemon has run to the end");
      assert.doesNotMatch(this.#daemon.log, /is forbidden/, "every controller gets by with its own rights");
    } finally {
      await this.#daemon[Symbol.asyncDispose]();
      await this.#resources.disposeAsync();
    }
    assert.equal(this.#daemon.exitCode, 0, "the daemon drains and ends cleanly");
  }

  #startDaemon(): ControllerManagerProcess {
    return new ControllerManagerProcess(this.server.directory, [
      `--kubeconfig=${this.kubeconfig}`,
      "--secure-port=0",
      "--use-service-account-credentials",
      `--root-ca-file=${this.server.ca}`,
      `--service-account-private-key-file=${join(this.server.directory, "pki", "sa.key")}`,
      "--allocate-node-cidrs",
      "--cluster-cidr=10.244.0.0/16",
      "--node-monitor-period=500ms",
      "--node-monitor-grace-period=4s",
      "--kube-api-qps=200",
      "--kube-api-burst=300",
      ...this.#args,
    ]);
  }
}

function writeKubeconfig({ directory, url, ca, admin }: ServerUnderTest): string {
  const path = join(directory, "kubeconfig");
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "k", cluster: { server: url, "certificate-authority": ca } }],
    users: [{ name: "u", user: { "client-certificate": admin.cert, "client-key": admin.key } }],
    contexts: [{ name: "k", context: { cluster: "k", user: "u" } }],
    "current-context": "k",
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
