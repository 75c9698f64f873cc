import type { Node } from "@kube-ts/api/core/v1";
import { formatYaml } from "@kube-ts/std/yaml";
import { note, step } from "../../deploy/local/progress.ts";
import { eventually } from "../harness/eventually.ts";
import { TcpBalancer } from "../harness/tcp-balancer.ts";
import { Lab, loadImage } from "../machines/lab.ts";
import type { LabSpec, MachineSpec } from "../machines/lab.ts";
import { accessOf } from "../machines/load/api-access.ts";
import type { ApiAccess } from "../machines/load/api-access.ts";
import type { Machine } from "../machines/machine.ts";
import { BareMetalGuide } from "./bare-metal-guide.ts";
import type { Role } from "./bare-metal-guide.ts";
import { echoImage, ensureEchoImage } from "./echo-server.ts";
import { MachineKubectl } from "./kubectl-on-machine.ts";
import { Packages } from "./packages.ts";

export interface ClusterMachine extends MachineSpec {
  readonly roles: readonly Role[];
}

type ConfigFields = Readonly<Record<string, unknown>>;

export interface MachineClusterSpec {
  /** The five of the guide unless told otherwise. */
  readonly machines?: readonly ClusterMachine[];
  readonly network?: LabSpec["network"];
  /** Whether clients go through a balancer in front of the API servers. */
  readonly balancer?: boolean;
  /** Merged over the configuration file's fields; made when the machines have their addresses if it is a function. */
  readonly config?: ConfigFields | ((machines: readonly Machine[]) => ConfigFields);
}

/** Where the guide's files are on a machine. */
const directory = "/root/kube-ts";

/** A cluster of machines, made from nothing by the commands that the guide for bare metal shows. */
export class MachineCluster implements AsyncDisposable {
  readonly lab: Lab;
  readonly packages: Packages;
  readonly kubectl: MachineKubectl;
  readonly #guide: BareMetalGuide;
  readonly #roles: ReadonlyMap<Machine, readonly Role[]>;
  #access: ApiAccess | undefined;
  #balancer: TcpBalancer | undefined;

  private constructor(lab: Lab, packages: Packages, guide: BareMetalGuide, specs: readonly ClusterMachine[]) {
    this.lab = lab;
    this.#guide = guide;
    this.packages = packages;
    this.#roles = new Map(specs.map(({ name, roles }) => [lab.machine(name), roles]));
    this.kubectl = new MachineKubectl(this.first);
  }

  /** Prints its steps. Resolves when all nodes are Ready. */
  static async start(spec: MachineClusterSpec = {}): Promise<MachineCluster> {
    await using starting = new AsyncDisposableStack();
    const packages = starting.use(await step("npm run package", () => Packages.build()));
    const guide = new BareMetalGuide();
    const { machines = guide.machines(), network } = spec;
    const labSpec = { machines, ...(network && { network }) };
    const lab = starting.use(await step(`${machines.length} machines boot`, () => Lab.start(labSpec)));
    const cluster = new MachineCluster(lab, packages, guide, machines);
    if (spec.balancer) cluster.#balancer = starting.use(await cluster.#startBalancer());
    await cluster.#install(spec);
    starting.move();
    return cluster;
  }

  get machines(): readonly Machine[] {
    return this.lab.machines;
  }

  /** The machine that the cluster started on. */
  get first(): Machine {
    const [first] = this.having("control-plane");
    if (first === undefined) throw new Error("no machine is to have a control plane");
    return first;
  }

  /** The administrator's credentials. */
  get access(): ApiAccess {
    if (this.#access === undefined) throw new Error("the cluster is not installed");
    return this.#access;
  }

  having(role: Role): readonly Machine[] {
    return [...this.#roles].filter(([, roles]) => roles.includes(role)).map(([machine]) => machine);
  }

  /** URLs of all API servers. */
  get servers(): readonly string[] {
    return this.having("control-plane").map(({ address }) => `https://${address}:6443`);
  }

  /** `HOST:PORT` of the balancer. */
  get endpoint(): string {
    if (this.#balancer === undefined) throw new Error("the cluster has no balancer");
    return `${this.#gateway}:${this.#balancer.port}`;
  }

  nodes(): Promise<readonly Node[]> {
    return this.kubectl.json<{ items: Node[] }>(["get", "nodes"]).then(({ items }) => items);
  }

  async waitForReadyNodes(count: number, timeoutMs = 120_000): Promise<void> {
    await eventually(
      `${count} nodes are Ready`,
      async () => (await this.nodes()).filter((node) => isReady(node)).map(({ metadata }) => metadata.name),
      (ready) => ready.length === count,
      timeoutMs,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.packages[Symbol.dispose]();
    await this.#balancer?.[Symbol.asyncDispose]();
    await this.lab[Symbol.asyncDispose]();
  }

  /** This computer, as machines see it. */
  get #gateway(): string {
    return this.lab.segments[0]?.gateways[0] ?? "";
  }

  #startBalancer(): Promise<TcpBalancer> {
    return TcpBalancer.start(this.servers, this.#gateway);
  }

  async #install({ config = {}, network }: MachineClusterSpec): Promise<void> {
    await step("packages are installed with apt", async () => {
      await Promise.all([...this.#roles].map(([machine, roles]) => this.#installPackages(machine, roles)));
    });
    const fields = typeof config === "function" ? config(this.machines) : config;
    await this.first.write(`${directory}/cluster.yaml`, this.#configuration(network?.ipv6 ?? false, fields));
    await this.#step(this.first, this.#guide.command(/^kube-ts install /));
    const [, ...otherServers] = this.having("control-plane");
    if (otherServers.length > 0) {
      const join = await this.#joinCommand(/^kube-ts token create .*--control-plane/);
      for (const machine of otherServers) await this.#step(machine, join);
    }
    const workers = this.having("worker").filter((machine) => !this.having("control-plane").includes(machine));
    if (workers.length > 0) {
      const join = await this.#joinCommand(/^kube-ts token create (?!.*--control-plane)/);
      await Promise.all(workers.map((machine) => this.#step(machine, join)));
    }
    this.#access = accessOf(await this.first.read("/etc/kubernetes/admin.conf"));
    const nodes = this.having("worker");
    await step(`${nodes.length} nodes are Ready`, () => this.waitForReadyNodes(nodes.length));
    await ensureEchoImage();
    await Promise.all(nodes.map((machine) => loadImage(machine, echoImage.tag)));
  }

  async #installPackages(machine: Machine, roles: readonly Role[]): Promise<void> {
    await this.packages.copyTo(machine, directory);
    const isWorker = roles.every((role) => role === "worker");
    const install = this.#guide.command(isWorker ? /^apt-get (?!.*kube-ts-etcd)/ : /^apt-get .*kube-ts-etcd/);
    await machine.run(`cd ${directory} && ${install}`, { timeoutMs: 300_000 });
  }

  async #joinCommand(pattern: RegExp): Promise<string> {
    const printed = await this.first.run(this.#guide.command(pattern));
    const command = printed.split("\n").find((line) => line.includes("kube-ts join "));
    if (command === undefined) throw new Error(`no command to join with: ${printed}`);
    return command.trim();
  }

  async #step(machine: Machine, command: string): Promise<void> {
    const shown = command.replace(/ --.*/, " …");
    await step(`${machine.name}: ${shown}`, async () => {
      const output = await machine.run(`cd ${directory} && ${command}`, { timeoutMs: 600_000 });
      for (const line of output.split("\n").filter((line) => /^[✓✗]/.test(line))) note(line);
    });
  }

  #configuration(ipv6: boolean, more: ConfigFields): string {
    const guide = this.#guide.configuration();
    const families = ipv6 ? { podCIDRs: ["10.244.0.0/16", "fd00:10:244::/56"] } : {};
    const services = ipv6 ? { serviceCIDRs: ["10.96.0.0/16", "fd00:10:96::/112"] } : {};
    return formatYaml({
      ...guide,
      ...(this.#balancer && { controlPlaneEndpoint: this.endpoint }),
      network: { ...(guide["network"] as object), ...families, ...services },
      machines: [...this.#roles].map(([{ name, addresses }, roles]) => ({ name, roles, addresses, taints: [] })),
      ...more,
    });
  }
}

export function isReady(node: Node): boolean {
  return node.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
