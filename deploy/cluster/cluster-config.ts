import { readFile } from "node:fs/promises";
import type { Taint, TaintEffect } from "@kube-ts/api/core/v1";
import { decodeConfig, ConfigFileError } from "@kube-ts/std/config-file";
import type { ConfigKind } from "@kube-ts/std/config-file";
import {
  booleanField,
  integerField,
  jsonField,
  listField,
  mapField,
  objectField,
  stringField,
  wordField,
} from "@kube-ts/std/config-schema";
import type { Decoded, DecodedObject, FieldProblem, FieldSchema } from "@kube-ts/std/config-schema";
import { kubernetesVersion } from "@kube-ts/std/version";
import { formatYaml } from "@kube-ts/std/yaml";
import { configProblems } from "./config-problems.ts";
import { daemonUnits } from "../units/unit-files.ts";
import type { DaemonName } from "../units/unit-files.ts";

const clusterConfigApiVersion = "deploy.kube-ts.io/v1";
const clusterConfigKind = "Cluster";

/** What a machine does for its cluster; `worker` runs pods. */
export type MachineRole = "etcd" | "control-plane" | "worker";
const machineRoles: readonly MachineRole[] = ["etcd", "control-plane", "worker"];

/** How packets get from node to node; `auto` takes routes where nodes share a segment, `none` leaves it to somebody else. */
export type PodNetworkMode = "routes" | "vxlan" | "auto" | "none";

/** Who keeps the API server, the controller manager and the scheduler running: systemd, or the kubelet from manifests. */
export type ControlPlaneMode = "systemd" | "static-pods";

export type DaemonFlags = Readonly<Record<string, string | readonly string[]>>;

export interface Machine {
  /** The name of its node and of its member of etcd. */
  readonly name: string;
  readonly roles: readonly MachineRole[];
  /** One of each address family; the first is the one that others use. */
  readonly addresses: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined for the default: see `nodeTaints`. */
  readonly taints: readonly Taint[] | undefined;
}

/** A cluster as its configuration file describes it, checked, with every default filled in. */
export interface ClusterConfig {
  readonly name: string;
  /** Such as `1.36.0`. */
  readonly version: string;
  /** `host:port` of a balancer in front of the API servers. */
  readonly controlPlaneEndpoint: string | undefined;
  readonly ports: { readonly apiServer: number; readonly etcdClient: number; readonly etcdPeer: number };
  readonly network: {
    /** One, or one of each address family; the first family is the primary one. */
    readonly podCidrs: readonly string[];
    readonly serviceCidrs: readonly string[];
    readonly dnsDomain: string;
    /** `mtu` 0 is found out. */
    readonly podNetwork: { readonly mode: PodNetworkMode; readonly mtu: number };
  };
  readonly controlPlane: { readonly mode: ControlPlaneMode };
  readonly machines: readonly Machine[];
  /** Feature gates of all daemons. */
  readonly features: Readonly<Record<string, boolean>>;
  /** More flags of a daemon, without dashes; they have the last word. A list gives a flag several times. */
  readonly flags: Readonly<Partial<Record<DaemonName, DaemonFlags>>>;
  /** Merged into KubeletConfiguration. */
  readonly kubelet: Readonly<Record<string, unknown>>;
  /** Merged into KubeProxyConfiguration. */
  readonly kubeProxy: Readonly<Record<string, unknown>>;
}

const taintField = objectField({
  key: stringField(),
  value: stringField(),
  effect: wordField("NoSchedule", "PreferNoSchedule", "NoExecute"),
});

const machineField = objectField({
  name: stringField(),
  roles: listField(wordField(...machineRoles)),
  addresses: listField(stringField()),
  labels: mapField(stringField()),
  taints: listField(taintField),
});

/** The text of a flag, or several. Numbers and booleans need quotes, so that nobody wonders how they are written. */
const flagField: FieldSchema<string | readonly string[]> = {
  decode: (value, path, problems) =>
    Array.isArray(value)
      ? listField(stringField()).decode(value, path, problems)
      : stringField().decode(value, path, problems),
};

const fields = {
  name: stringField(),
  version: stringField(),
  controlPlaneEndpoint: stringField(),
  ports: objectField({ apiServer: integerField(), etcdClient: integerField(), etcdPeer: integerField() }),
  network: objectField({
    podCIDRs: listField(stringField()),
    serviceCIDRs: listField(stringField()),
    dnsDomain: stringField(),
    podNetwork: objectField({ mode: wordField("routes", "vxlan", "auto", "none"), mtu: integerField() }),
  }),
  controlPlane: objectField({ mode: wordField("systemd", "static-pods") }),
  machines: listField(machineField),
  features: mapField(booleanField()),
  flags: objectField(
    Object.fromEntries(Object.keys(daemonUnits).map((name) => [name, mapField(flagField)])) as Record<
      DaemonName,
      FieldSchema<DaemonFlags>
    >,
  ),
  kubelet: mapField(jsonField()),
  kubeProxy: mapField(jsonField()),
} as const;

const kind: ConfigKind<typeof fields> = { apiVersion: clusterConfigApiVersion, kind: clusterConfigKind, fields };

/** Reads and checks a cluster's configuration file. Throws a ConfigFileError that lists every fault with its path. */
export async function loadClusterConfig(path: string): Promise<ClusterConfig> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new ConfigFileError(path, error instanceof Error ? error.message : String(error), [], { cause: error });
  });
  return parseClusterConfig(text, path);
}

/** Checks the text of a cluster's configuration; `path` is used in errors only. Throws a ConfigFileError. */
export function parseClusterConfig(text: string, path = "cluster.yaml"): ClusterConfig {
  const config = withDefaults(decodeConfig(text, path, kind));
  const problems = configProblems(config);
  if (problems.length > 0) throw new ConfigFileError(path, describe(problems), problems);
  return config;
}

/** The configuration as a file that reads as the same configuration. */
export function formatClusterConfig(config: ClusterConfig): string {
  const { network, controlPlaneEndpoint, machines, ...rest } = config;
  const { podCidrs, serviceCidrs, ...otherNetwork } = network;
  return formatYaml({
    apiVersion: clusterConfigApiVersion,
    kind: clusterConfigKind,
    ...rest,
    ...(controlPlaneEndpoint === undefined ? {} : { controlPlaneEndpoint }),
    network: { podCIDRs: podCidrs, serviceCIDRs: serviceCidrs, ...otherNetwork },
    machines: machines.map(({ taints, ...machine }) => (taints === undefined ? machine : { ...machine, taints })),
  });
}

/** The configuration with this machine in it, in the place of one of the same name. */
export function withMachine(config: ClusterConfig, machine: Machine): ClusterConfig {
  const known = config.machines.some(({ name }) => name === machine.name);
  const machines = known
    ? config.machines.map((other) => (other.name === machine.name ? machine : other))
    : [...config.machines, machine];
  return { ...config, machines };
}

function withDefaults(file: DecodedObject<typeof fields>): ClusterConfig {
  const { network = {}, ports = {} } = file;
  const { podNetwork = {} } = network;
  return {
    name: file.name ?? "kubernetes",
    version: file.version ?? kubernetesVersion.replace(/^v/, ""),
    controlPlaneEndpoint: file.controlPlaneEndpoint,
    ports: {
      apiServer: ports.apiServer ?? 6443,
      etcdClient: ports.etcdClient ?? 2379,
      etcdPeer: ports.etcdPeer ?? 2380,
    },
    network: {
      podCidrs: network.podCIDRs ?? ["10.244.0.0/16"],
      serviceCidrs: network.serviceCIDRs ?? ["10.96.0.0/12"],
      dnsDomain: network.dnsDomain ?? "cluster.local",
      podNetwork: { mode: podNetwork.mode ?? "routes", mtu: podNetwork.mtu ?? 0 },
    },
    controlPlane: { mode: file.controlPlane?.mode ?? "systemd" },
    machines: (file.machines ?? []).map(machineWithDefaults),
    features: file.features ?? {},
    flags: file.flags ?? {},
    kubelet: file.kubelet ?? {},
    kubeProxy: file.kubeProxy ?? {},
  };
}

function machineWithDefaults(file: Decoded<typeof machineField>): Machine {
  return {
    name: file.name ?? "",
    roles: machineRoles.filter((role) => file.roles?.includes(role)),
    addresses: file.addresses ?? [],
    labels: file.labels ?? {},
    taints: file.taints?.map(({ key = "", value, effect }) => ({
      key,
      ...(value === undefined ? {} : { value }),
      // A missing one is reported with the field's path.
      effect: effect ?? ("" as TaintEffect),
    })),
  };
}

function describe(problems: readonly FieldProblem[]): string {
  return problems.map(({ path, message }) => `${path}: ${message}`).join("; ");
}
