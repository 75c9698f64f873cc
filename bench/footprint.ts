import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { eventually } from "../e2e/harness/eventually.ts";
import type { Machine } from "../e2e/machines/machine.ts";
import { echoImage } from "../e2e/many-machines/echo-server.ts";
import { MachineCluster } from "../e2e/many-machines/machine-cluster.ts";

/** Memory of one daemon, in MiB. */
interface Footprint {
  readonly daemon: string;
  readonly rssMiB: number;
  /** Its share of what several processes have in common, such as the pages of the Node.js binary. */
  readonly pssMiB: number;
  /** What it alone has, and has changed. */
  readonly dirtyMiB: number;
}

const podCount = 30;
const serviceCount = 100;
const settleMs = 4 * 60_000;
const controlPlane = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
const worker = ["kubelet", "kube-proxy", "pod-network-agent", "cluster-dns"];
/** What the daemons of a machine may have together, in MiB of resident memory. */
const limits = [
  { what: "kubelet and kube-proxy", daemons: ["kubelet", "kube-proxy"], limitMiB: 150 },
  { what: "the control plane without etcd", daemons: controlPlane, limitMiB: 500 },
];
const baselineFile = join(repositoryRoot, "bench", "footprint.json");

/**
 * `npm run footprint`: what the daemons of a control-plane machine, and those of a worker with 30 pods and 100 services,
 * need of memory when nothing happens. Compares with the baseline; `--update` writes a new one. Fails above a limit.
 */
async function main(): Promise<void> {
  await using cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane"] },
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  await cluster.kubectl.run(["apply", "-f", "-"], JSON.stringify(workload()));
  await eventually(
    `${podCount} pods run`,
    () => cluster.kubectl.run(["get", "pods", "--no-headers"]),
    (text) => text.split("\n").filter((line) => / 1\/1 +Running /.test(line)).length === podCount,
    300_000,
  );
  process.stdout.write(`${podCount} pods run; waiting ${settleMs / 60_000} min\n`);
  await new Promise((resolve) => setTimeout(resolve, settleMs));
  const measured = [
    ...(await footprints(cluster.lab.machine("cp-1"), controlPlane)),
    ...(await footprints(cluster.lab.machine("worker-1"), worker)),
  ];
  const known = existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, "utf8")) as Footprint[]) : [];
  for (const { daemon, rssMiB, pssMiB, dirtyMiB } of measured) {
    const before = known.find((each) => each.daemon === daemon)?.rssMiB;
    const parts = [`${rssMiB} MiB resident`, `${pssMiB} proportional`, `${dirtyMiB} its own`];
    process.stdout.write(`${daemon}: ${parts.join(", ")}${before === undefined ? "" : ` (baseline ${before})`}\n`);
  }
  for (const { what, daemons, limitMiB } of limits) {
    const sum = measured.filter(({ daemon }) => daemons.includes(daemon)).reduce((all, { rssMiB }) => all + rssMiB, 0);
    process.stdout.write(`${what}: ${sum} of ${limitMiB} MiB\n`);
    if (sum > limitMiB) process.exitCode = 1;
  }
  if (process.argv.includes("--update")) writeFileSync(baselineFile, `${JSON.stringify(measured, null, 2)}\n`);
}

async function footprints(machine: Machine, daemons: readonly string[]): Promise<Footprint[]> {
  const found: Footprint[] = [];
  for (const daemon of daemons) {
    const pid = `$(systemctl show --property=MainPID --value ${daemon}.service)`;
    const text = await machine.run(`cat /proc/${pid}/smaps_rollup`);
    const mib = (field: string) => {
      const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
      if (kib === undefined) throw new Error(`${daemon} has no ${field}: ${text}`);
      return Math.round(Number(kib) / 1024);
    };
    found.push({ daemon, rssMiB: mib("Rss"), pssMiB: mib("Pss"), dirtyMiB: mib("Private_Dirty") });
  }
  return found;
}

function workload(): object {
  const labels = { app: "footprint" };
  const container = {
    name: "main",
    image: echoImage.tag,
    readinessProbe: { httpGet: { path: "/", port: 8080 }, periodSeconds: 10 },
  };
  const deployment = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "footprint" },
    spec: {
      replicas: podCount,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [container] } },
    },
  };
  const services = Array.from({ length: serviceCount }, (_, index) => ({
    apiVersion: "v1",
    kind: "Service",
    metadata: { name: `footprint-${index}` },
    spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
  }));
  return { apiVersion: "v1", kind: "List", items: [deployment, ...services] };
}

await main();
