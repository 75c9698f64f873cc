import { eventually } from "../harness/eventually.ts";
import { FaultReport } from "../machines/load/fault-report.ts";
import { HttpClients } from "../machines/load/http-clients.ts";
import { SteadyWrites } from "../machines/load/steady-writes.ts";
import type { Machine } from "../machines/machine.ts";
import { echoManifest } from "./echo-server.ts";
import { FaultRun } from "./fault-run.ts";
import type { MachineCluster } from "./machine-cluster.ts";
import { ReadyEndpoints } from "./ready-endpoints.ts";
import { echoPods, echoService } from "./reachability.ts";
import { StatefulPods } from "./stateful-pods.ts";

const service = "web";

/**
 * A cluster that serves while faults happen: each API server takes writes, a node port of each machine answers requests,
 * and two workers run pods of a stateful set.
 */
export class ClusterUnderLoad implements AsyncDisposable {
  readonly cluster: MachineCluster;
  readonly writes: SteadyWrites;
  readonly web: HttpClients;
  readonly stateful: StatefulPods;
  readonly faults: FaultRun;
  readonly #nodePort: number;
  readonly #report: FaultReport;
  readonly #resources: AsyncDisposable;

  private constructor(parts: Pick<ClusterUnderLoad, "cluster" | "writes" | "web" | "stateful" | "faults">, rest: Rest) {
    this.cluster = parts.cluster;
    this.writes = parts.writes;
    this.web = parts.web;
    this.stateful = parts.stateful;
    this.faults = parts.faults;
    this.#nodePort = rest.nodePort;
    this.#report = rest.report;
    this.#resources = rest.resources;
  }

  /** Resolves when all pods run. Ends the load, and not the cluster, when it is disposed of; then prints the report. */
  static async start(cluster: MachineCluster): Promise<ClusterUnderLoad> {
    await using starting = new AsyncDisposableStack();
    const workers = cluster.having("worker");
    const onlyWorkers = workers.filter((machine) => !cluster.having("control-plane").includes(machine));
    const stateful = starting.use(await StatefulPods.start(cluster, onlyWorkers));
    await cluster.kubectl.run(["apply", "-f", "-"], echoManifest(service, { replicas: workers.length }));
    await eventually(
      "a web server for each machine is ready",
      () => echoPods(cluster.kubectl, service),
      (pods) => pods.length === workers.length,
      120_000,
    );
    const { nodePort } = await echoService(cluster.kubectl, service);
    const endpoints = starting.use(new ReadyEndpoints(cluster, service));
    const writes = await SteadyWrites.start({ servers: cluster.servers, access: cluster.access, everyMs: 200 });
    starting.defer(() => writes.stop());
    const targets = workers.map(({ address }) => ({ host: address, port: nodePort }));
    const web = new HttpClients(targets, 100);
    starting.defer(() => web.stop());
    const report = new FaultReport();
    const faults = new FaultRun(cluster, { writes, web, endpoints }, report);
    const rest = { nodePort, report, resources: starting.move() };
    return new ClusterUnderLoad({ cluster, writes, web, stateful, faults }, rest);
  }

  get servingPods(): string {
    return `/api/v1/namespaces/default/pods?labelSelector=app%3D${service}`;
  }

  /** How loads name what they ask of a machine. */
  targetsOn({ address }: Machine): readonly string[] {
    return [`${address}:${this.#nodePort}`, `https://${address}:6443`];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources[Symbol.asyncDispose]();
    process.stdout.write(`\n${this.#report.format()}\n`);
  }
}

interface Rest {
  readonly nodePort: number;
  readonly report: FaultReport;
  readonly resources: AsyncDisposable;
}
