import { dns1123LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import { fieldPath } from "@kube-ts/api/field-path";
import { validateLabels } from "@kube-ts/api/selectors";
import type { FieldProblem } from "@kube-ts/std/config-schema";
import { cidrContains, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import type { Cidr } from "@kube-ts/std/ip-address";
import { kubernetesVersion } from "@kube-ts/std/version";
import type { ClusterConfig, Machine } from "./cluster-config.ts";
import { parseEndpoint } from "./endpoint.ts";

/** The part of a node's addresses that one node gets, by family. */
const nodeMaskBits = { IPv4: 24, IPv6: 64 } as const;
/** The widest range of service addresses. */
const widestServicePrefix = { IPv4: 12, IPv6: 108 } as const;
const etcdMemberLimit = 7;

/** What is wrong with a configuration whose fields have the right types. */
export function configProblems(config: ClusterConfig): readonly FieldProblem[] {
  return [
    ...nameProblems(config),
    ...versionProblems(config),
    ...portProblems(config),
    ...endpointProblems(config),
    ...networkProblems(config),
    ...machinesProblems(config),
  ];
}

function nameProblems({ name, network }: ClusterConfig): readonly FieldProblem[] {
  return [
    ...dns1123LabelErrors(name).map((reason) => invalid("name", name, reason)),
    ...dns1123SubdomainErrors(network.dnsDomain).map((reason) =>
      invalid("network.dnsDomain", network.dnsDomain, reason),
    ),
  ];
}

/** Daemons of one minor release are made for each other; the command sets up its own release only. */
function versionProblems({ version }: ClusterConfig): readonly FieldProblem[] {
  const own = kubernetesVersion.slice(1);
  const minor = (text: string) => text.split(".").slice(0, 2).join(".");
  if (!/^\d+\.\d+\.\d+$/.test(version)) return [invalid("version", version, "must be a version such as 1.36.0")];
  if (minor(version) === minor(own)) return [];
  return [invalid("version", version, `this command sets up clusters of version ${minor(own)}`)];
}

function portProblems({ ports }: ClusterConfig): readonly FieldProblem[] {
  const taken = new Map<number, string>(reservedPorts);
  const problems: FieldProblem[] = [];
  for (const [name, port] of Object.entries(ports)) {
    const path = `ports.${name}`;
    const other = taken.get(port);
    if (port < 1 || port > 65_535) problems.push(invalid(path, port, "must be between 1 and 65535, inclusive"));
    else if (other !== undefined) problems.push(invalid(path, port, `is the port of ${other}`));
    taken.set(port, path);
  }
  return problems;
}

const reservedPorts: readonly (readonly [number, string])[] = [
  [10_250, "the kubelet"],
  [10_248, "the kubelet's health checks"],
  [10_249, "kube-proxy's metrics"],
  [10_256, "kube-proxy's health checks"],
  [10_257, "the controller manager"],
  [10_259, "the scheduler"],
];

function endpointProblems({ controlPlaneEndpoint }: ClusterConfig): readonly FieldProblem[] {
  if (controlPlaneEndpoint === undefined || parseEndpoint(controlPlaneEndpoint)) return [];
  return [invalid("controlPlaneEndpoint", controlPlaneEndpoint, "must be HOST:PORT")];
}

interface NamedRange {
  readonly path: string;
  readonly text: string;
  readonly range: Cidr;
}

function networkProblems({ network }: ClusterConfig): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const pods = ranges("network.podCIDRs", network.podCidrs, problems);
  const services = ranges("network.serviceCIDRs", network.serviceCidrs, problems);
  for (const { path, text, range } of pods) {
    const most = nodeMaskBits[range.family];
    if (range.prefixLength > most) problems.push(invalid(path, text, `every node gets a /${most} of it`));
    else if (most - range.prefixLength > 16) problems.push(invalid(path, text, `must be /${most - 16} or longer`));
  }
  for (const { path, text, range } of services) {
    const least = widestServicePrefix[range.family];
    if (range.prefixLength < least) problems.push(invalid(path, text, `must be /${least} or longer`));
    if (range.prefixLength > (range.family === "IPv4" ? 28 : 124)) {
      problems.push(invalid(path, text, "is too small for the addresses of the API server and of cluster DNS"));
    }
  }
  if (pods[0] && services[0] && pods[0].range.family !== services[0].range.family) {
    problems.push(
      invalid(services[0].path, services[0].text, `must be of the family of network.podCIDRs[0], ${pods[0].text}`),
    );
  }
  const podFamilies = new Set(pods.map(({ range }) => range.family));
  const alone = services.find(({ range }) => pods.length > 0 && !podFamilies.has(range.family));
  if (alone && alone !== services[0]) {
    problems.push(invalid(alone.path, alone.text, "pods have no addresses of this family: see network.podCIDRs"));
  }
  for (const pod of pods) {
    const service = services.find(({ range }) => overlap(range, pod.range));
    if (service) problems.push(invalid(service.path, service.text, `overlaps with ${pod.path}, ${pod.text}`));
  }
  const { mtu } = network.podNetwork;
  if (mtu !== 0 && (mtu < 1_280 || mtu > 65_535)) {
    problems.push(invalid("network.podNetwork.mtu", mtu, "must be 0 or between 1280 and 65535, inclusive"));
  }
  return problems;
}

function ranges(path: string, texts: readonly string[], problems: FieldProblem[]): readonly NamedRange[] {
  const found = texts.flatMap((text, index): NamedRange[] => {
    const range = parseCidr(text);
    if (range) return [{ path: `${path}[${index}]`, text, range }];
    problems.push(invalid(`${path}[${index}]`, text, "must be a CIDR such as 10.244.0.0/16"));
    return [];
  });
  if (texts.length === 0)
    problems.push({ path, message: "Required value: one range, or one of each family", unknown: false });
  const [first, second] = found;
  if (texts.length > 2 || (first && second && first.range.family === second.range.family)) {
    problems.push(invalid(path, texts, "may hold one range, or one of each family"));
  }
  return found;
}

function overlap(one: Cidr, other: Cidr): boolean {
  const base = ({ family, base: value }: Cidr) => ({ family, value });
  return cidrContains(one, base(other)) || cidrContains(other, base(one));
}

function machinesProblems(config: ClusterConfig): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  const seen = new Map<string, string>();
  const unique = (path: string, value: string) => {
    const other = seen.get(value);
    if (other === undefined) seen.set(value, path);
    else problems.push({ path, message: `Duplicate value: ${JSON.stringify(value)}: see ${other}`, unknown: false });
  };
  for (const [index, machine] of config.machines.entries()) {
    const path = `machines[${index}]`;
    problems.push(...machineProblems(path, machine, config));
    unique(`${path}.name`, machine.name);
    for (const [at, address] of machine.addresses.entries()) {
      const parsed = parseIpAddress(address);
      if (parsed) unique(`${path}.addresses[${at}]`, `${parsed.family} ${parsed.value}`);
    }
  }
  const first = config.machines.find(({ roles }) => roles.includes("etcd") && roles.includes("control-plane"));
  if (!first) {
    const message =
      "Required value: one machine has to have the roles etcd and control-plane: the cluster starts there";
    problems.push({ path: "machines", message, unknown: false });
  }
  const members = config.machines.filter(({ roles }) => roles.includes("etcd")).length;
  if (members > etcdMemberLimit) {
    problems.push(
      invalid("machines", `${members} machines with etcd`, `etcd works best with ${etcdMemberLimit} at most`),
    );
  }
  return problems;
}

function machineProblems(path: string, machine: Machine, config: ClusterConfig): readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  if (machine.name === "") problems.push({ path: `${path}.name`, message: "Required value", unknown: false });
  else problems.push(...dns1123SubdomainErrors(machine.name).map((why) => invalid(`${path}.name`, machine.name, why)));
  if (machine.roles.length === 0) {
    const message = "Required value: one or more of etcd, control-plane and worker";
    problems.push({ path: `${path}.roles`, message, unknown: false });
  }
  problems.push(...addressProblems(path, machine, config), ...labelProblems(path, machine));
  const needsKubelet = config.controlPlane.mode === "static-pods" && machine.roles.includes("control-plane");
  if (needsKubelet && !machine.roles.includes("worker")) {
    problems.push(invalid(`${path}.roles`, machine.roles, "a control plane of static pods needs the role worker, too"));
  }
  for (const [index, { key, value = "", effect }] of (machine.taints ?? []).entries()) {
    const at = `${path}.taints[${index}]`;
    if (effect.length === 0) problems.push({ path: `${at}.effect`, message: "Required value", unknown: false });
    const errors = validateLabels({ [key]: value }, fieldPath(at));
    problems.push(...errors.map(({ detail = "" }) => invalid(at, { key, value }, detail)));
  }
  if (machine.taints && machine.taints.length > 0 && !machine.roles.includes("worker")) {
    problems.push(invalid(`${path}.taints`, machine.taints.length, "only a machine with the role worker is a node"));
  }
  return problems;
}

function addressProblems(path: string, { addresses, roles }: Machine, config: ClusterConfig): readonly FieldProblem[] {
  const { podCidrs, serviceCidrs } = config.network;
  const problems: FieldProblem[] = [];
  const families = new Set<string>();
  for (const [index, text] of addresses.entries()) {
    const at = `${path}.addresses[${index}]`;
    const address = parseIpAddress(text);
    if (!address) {
      problems.push(invalid(at, text, "must be an IP address"));
      continue;
    }
    if (families.has(address.family)) problems.push(invalid(at, text, "may hold one address of each family"));
    families.add(address.family);
    for (const range of [...podCidrs, ...serviceCidrs]) {
      const parsed = parseCidr(range);
      if (parsed && cidrContains(parsed, address))
        problems.push(invalid(at, text, `is in ${range}, which is for the cluster`));
    }
  }
  if (addresses.length === 0) problems.push({ path: `${path}.addresses`, message: "Required value", unknown: false });
  if (families.size === 0) return problems;
  const needed = new Set(
    (roles.includes("worker") ? podCidrs : serviceCidrs.slice(0, 1)).map((text) => parseCidr(text)?.family),
  );
  for (const family of needed) {
    if (family === undefined || families.has(family)) continue;
    problems.push(invalid(`${path}.addresses`, addresses, `the cluster needs its ${family} address: see network`));
  }
  return problems;
}

/** Labels that a node may not give itself are refused by the API server, all but those of upstream's own list. */
const ownLabelPrefix = /^(.*\.)?(kubelet|node)\.kubernetes\.io\//;
const ownLabels = new Set([
  "kubernetes.io/hostname",
  "kubernetes.io/arch",
  "kubernetes.io/os",
  "topology.kubernetes.io/region",
  "topology.kubernetes.io/zone",
  "node.kubernetes.io/instance-type",
]);

/** Whether the kubelet may label its own node so. */
export function mayLabelItself(key: string): boolean {
  const prefix = key.includes("/") ? (key.split("/")[0] ?? "") : "";
  if (!/(^|\.)(kubernetes|k8s)\.io$/.test(prefix)) return true;
  return (ownLabels.has(key) || ownLabelPrefix.test(key)) && !/(^|\.)node-restriction\.kubernetes\.io$/.test(prefix);
}

function labelProblems(path: string, { labels, roles }: Machine): readonly FieldProblem[] {
  const at = `${path}.labels`;
  const problems = validateLabels(labels, fieldPath(at)).map(({ detail = "" }) => invalid(at, labels, detail));
  if (roles.includes("control-plane") || roles.length === 0) return problems;
  const refused = Object.keys(labels).filter((key) => !mayLabelItself(key));
  const reason = "a node may not give itself this label: set it with kubectl label node once it has joined";
  return [...problems, ...refused.map((key) => invalid(`${at}[${key}]`, labels[key], reason))];
}

function invalid(path: string, value: unknown, reason: string): FieldProblem {
  return { path, message: `Invalid value: ${JSON.stringify(value)}: ${reason}`, unknown: false };
}
