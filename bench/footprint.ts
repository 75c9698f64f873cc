import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { repositoryRoot } from "../deploy/local/layout.ts";
import { eventually } from "../e2e/harness/eventually.ts";
import type { Machine } from "../e2e/machines/machine.ts";
import { echoImage } from "../e2e/many-machines/echo-server.ts";
import { MachineCluster } from "../e2e/many-machines/machine-cluster.ts";
import { residentMb } from "../e2e/many-machines/memory.ts";

/** Memory of one daemon, in MB (10⁶ bytes). */
interface Footprint {
  readonly daemon: string;
  /** Resident, when nothing happens. */
  readonly rssMb: number;
  /** Its share of what several processes have in common, such as the pages of the Node.js binary. */
  readonly pssMb: number;
  /** What it alone has, and has changed. */
  readonly dirtyMb: number;
  /** The most that was resident while all pods were replaced. */
  readonly busyMb: number;
}

const podCount = 30;
const serviceCount = 100;
const settleMs = 2 * 60_000;
const samplePeriodMs = 5_000;
const controlPlane = ["kube-apiserver", "kube-controller-manager", "kube-scheduler"];
const worker = ["kubelet", "kube-proxy", "pod-network-agent", "cluster-dns"];
/** What the daemons of a machine may have together, in MB of resident memory, also when they are busy. */
const limits = [
  { what: "kubelet and kube-proxy", daemons: ["kubelet", "kube-proxy"], limitMb: 150 },
  { what: "the control plane without etcd", daemons: controlPlane, limitMb: 500 },
];
const baselineFile = join(repositoryRoot, "bench", "footprint.json");

/**
 * `npm run footprint`: what the daemons of a control-plane machine, and those of a worker with 30 pods and 100 services,
 * need of memory while all pods are replaced, and when nothing happens. Compares with the baseline; `--update` writes a
 * new one. Fails above a limit.
 */
async function main(): Promise<void> {
  await using cluster = await MachineCluster.start({
    machines: [
      { name: "cp-1", roles: ["etcd", "control-plane"] },
      { name: "worker-1", roles: ["worker"] },
    ],
  });
  const places: readonly Place[] = [
    { machine: cluster.lab.machine("cp-1"), daemons: controlPlane },
    { machine: cluster.lab.machine("worker-1"), daemons: worker },
  ];
  const start = performance.now();
  await cluster.kubectl.run(["apply", "-f", "-"], JSON.stringify(workload()));
  await eventually(
    `${podCount} pods run`,
    () => cluster.kubectl.run(["get", "pods", "--no-headers"]),
    (text) => text.split("\n").filter((line) => / 1\/1 +Running /.test(line)).length === podCount,
    300_000,
  );
  process.stdout.write(`${podCount} pods run after ${((performance.now() - start) / 1_000).toFixed(0)} s\n`);
  await cluster.kubectl.run(["rollout", "restart", "deployment/footprint"]);
  const replaced = eventually(
    "all pods are replaced",
    () => cluster.kubectl.run(["rollout", "status", "deployment/footprint", "--watch=false"]),
    (text) => text.includes("successfully rolled out"),
    600_000,
  );
  const busy = await sampleUntil(replaced, places);
  for (const { what, daemons } of limits) process.stdout.write(`${what}: busy ${mostOf(daemons, busy)} MB\n`);
  process.stdout.write(`all pods are replaced; waiting ${settleMs / 60_000} min\n`);
  await setTimeout(settleMs);
  const measured = (await Promise.all(places.map((place) => footprints(place, busy)))).flat();
  report(measured, busy);
  if (process.argv.includes("--update")) writeFileSync(baselineFile, `${JSON.stringify(measured, null, 2)}\n`);
}

interface Place {
  readonly machine: Machine;
  readonly daemons: readonly string[];
}

/** Resident memory of all daemons at one time, in MB. */
type Sample = ReadonlyMap<string, number>;

async function sampleUntil(end: Promise<unknown>, places: readonly Place[]): Promise<readonly Sample[]> {
  const samples: Sample[] = [];
  const over = new AbortController();
  const watched = Promise.allSettled([end]).then(() => over.abort());
  do {
    const found = await Promise.all(places.map(({ machine, daemons }) => residentMb(machine, daemons)));
    samples.push(new Map(found.flatMap((each) => [...each])));
    await Promise.race([watched, setTimeout(samplePeriodMs)]);
  } while (!over.signal.aborted);
  await end;
  return samples;
}

function report(measured: readonly Footprint[], busy: readonly Sample[]): void {
  const known = existsSync(baselineFile) ? (JSON.parse(readFileSync(baselineFile, "utf8")) as Footprint[]) : [];
  for (const { daemon, rssMb, pssMb, dirtyMb, busyMb } of measured) {
    const before = known.find((each) => each.daemon === daemon);
    const baseline = before === undefined ? "" : ` (baseline ${before.rssMb}, busy ${before.busyMb})`;
    const parts = [`${rssMb} MB resident`, `${pssMb} proportional`, `${dirtyMb} its own`, `busy ${busyMb} resident`];
    process.stdout.write(`${daemon}: ${parts.join(", ")}${baseline}\n`);
  }
  const rest = new Map(measured.map(({ daemon, rssMb }) => [daemon, rssMb]));
  for (const { what, daemons, limitMb } of limits) {
    const [restMb, busyMb] = [mostOf(daemons, [rest]), mostOf(daemons, busy)];
    process.stdout.write(`${what}: ${restMb} of ${limitMb} MB, busy ${busyMb}\n`);
    if (Math.max(restMb, busyMb) > limitMb) process.exitCode = 1;
  }
}

/** The most that the daemons have together in any of the samples. */
function mostOf(daemons: readonly string[], samples: readonly Sample[]): number {
  const sums = samples.map((sample) => daemons.reduce((all, daemon) => all + (sample.get(daemon) ?? 0), 0));
  return Math.round(Math.max(...sums));
}

async function footprints({ machine, daemons }: Place, busy: readonly Sample[]): Promise<Footprint[]> {
  const found: Footprint[] = [];
  for (const daemon of daemons) {
    const pid = `$(systemctl show --property=MainPID --value ${daemon}.service)`;
    const text = await machine.run(`cat /proc/${pid}/smaps_rollup`);
    const mb = (field: string) => {
      const kib = new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(text)?.[1];
      if (kib === undefined) throw new Error(`${daemon} has no ${field}: ${text}`);
      return Math.round((Number(kib) * 1024) / 1e6);
    };
    const busyMb = Math.round(Math.max(...busy.map((sample) => sample.get(daemon) ?? 0)));
    found.push({ daemon, rssMb: mb("Rss"), pssMb: mb("Pss"), dirtyMb: mb("Private_Dirty"), busyMb });
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
