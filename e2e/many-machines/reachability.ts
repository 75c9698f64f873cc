import type { Pod, Service } from "@kube-ts/api/core/v1";
import type { Machine } from "../machines/machine.ts";
import type { MachineKubectl } from "./kubectl-on-machine.ts";

/** A pod that serves, and on which machine. */
export interface EchoPod {
  readonly name: string;
  readonly node: string;
  /** One per family. */
  readonly addresses: readonly string[];
}

export interface EchoService {
  /** One per family. */
  readonly clusterIps: readonly string[];
  readonly nodePort: number;
}

/** The ready pods of an app. */
export async function echoPods(kubectl: MachineKubectl, app: string): Promise<readonly EchoPod[]> {
  const { items } = await kubectl.json<{ items: Pod[] }>(["get", "pods", "-l", `app=${app}`]);
  return items
    .filter(({ metadata, status }) => {
      const ready = status?.conditions?.some(({ type, status: value }) => type === "Ready" && value === "True");
      return ready === true && metadata.deletionTimestamp === undefined;
    })
    .map(({ metadata, spec, status }) => ({
      name: metadata.name ?? "",
      node: spec.nodeName ?? "",
      addresses: status?.podIPs?.map(({ ip }) => ip ?? "") ?? [],
    }));
}

export async function echoService(kubectl: MachineKubectl, name: string): Promise<EchoService> {
  const { spec } = await kubectl.json<Service>(["get", "service", name]);
  return { clusterIps: spec.clusterIPs ?? [], nodePort: spec.ports?.[0]?.nodePort ?? 0 };
}

/** What is wrong with how a pod reaches others; nothing when all is well. */
export async function unreachable(
  from: { readonly pod: EchoPod; readonly machine: Machine },
  everything: {
    readonly pods: readonly EchoPod[];
    readonly service: EchoService;
    readonly serviceName: string;
    readonly machines: readonly Pick<Machine, "addresses">[];
  },
): Promise<readonly string[]> {
  const { pods, service, serviceName, machines } = everything;
  const direct = pods.flatMap((pod) => pod.addresses.map((address) => ({ url: web(address, 8080), pod, address })));
  const others = [
    ...service.clusterIps.map((address) => web(address, 80)),
    ...machines.flatMap(({ addresses }) => addresses.map((address) => web(address, service.nodePort))),
    ...["", ".default", ".default.svc.cluster.local"].map((domain) => web(`${serviceName}${domain}`, 80)),
  ];
  const answers = await askFromPod(from.machine, from.pod, [...direct.map(({ url }) => url), ...others]);
  const wrong = direct.flatMap(({ url, pod, address }) => {
    const source = from.pod.addresses.find((own) => own.includes(":") === address.includes(":"));
    // A server of both families sees IPv4 addresses mapped into IPv6.
    const answer = answers.get(url)?.replace(/[[\]]|::ffff:/g, "");
    return answer === `${pod.name} ${source}` ? [] : [`${url} should see ${source}: ${answer}`];
  });
  const silent = others.filter((url) => !pods.some(({ name }) => answers.get(url)?.startsWith(`${name} `)));
  return [...wrong, ...silent.map((url) => `${url}: ${answers.get(url)}`)].map((text) => `${from.pod.name}: ${text}`);
}

function web(host: string, port: number): string {
  return `http://${host.includes(":") ? `[${host}]` : host}:${port}/cgi-bin/who`;
}

/** Asks from inside the pod's container, through the machine's engine; one command for all. */
async function askFromPod(
  machine: Machine,
  pod: EchoPod,
  urls: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const filter = `--filter label=io.kubernetes.pod.name=${pod.name} --filter label=io.kubernetes.container.name=echo`;
  // Debian's static busybox crashes with the time limit of its own wget.
  const ask = (url: string) => `busybox timeout 5 wget -q -O - '${url}' 2>&1`;
  const script = urls.map((url) => `echo "${url} $(${ask(url)} | head -n 1)"`).join("\n");
  const command = `docker exec --interactive $(docker ps --quiet ${filter}) sh`;
  const text = await machine.run(command, { input: script });
  return new Map(
    text
      .split("\n")
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf(" ")), line.slice(line.indexOf(" ") + 1)]),
  );
}
