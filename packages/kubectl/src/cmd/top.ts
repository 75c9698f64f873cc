import { isRecord } from "@kube-ts/std/config-schema";
import { quantityOf } from "@kube-ts/api/quantity";
import { nameOf, namespaceOf } from "../builder/object-reference.ts";
import { recordAt } from "../builder/pod-template.ts";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { groupCommand } from "../command-line/group-command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { selectorFlags } from "../command-line/shared-flags.ts";
import { alignTabs, tableLayout } from "../printers/tab-writer.ts";
import { safeCell } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

export const command: Command = groupCommand(
  ["top"],
  {
    usage: "[flags]",
    description:
      "Display resource (CPU/memory) usage of nodes or pods. This command requires Metrics Server to be running.",
  },
  "failure",
);

const sharedFlags = {
  "no-headers": booleanFlag("If present, print output without headers."),
  "show-swap": booleanFlag("Print swap memory usage"),
  "use-protocol-buffers": booleanFlag("Read the metrics as protocol buffers; they are read as JSON here.", {
    default: true,
  }),
  "sort-by": stringFlag("If non-empty, sort list using specified field. The field can be either 'cpu' or 'memory'."),
} as const;

interface Usage {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
}

interface Row {
  readonly cells: readonly string[];
  readonly usage: Usage;
}

function usageOf(value: unknown): Usage {
  const { cpu, memory } = isRecord(value) ? value : {};
  return {
    cpuMillis: quantityOf(String(cpu ?? "0")).toNumber() * 1_000,
    memoryBytes: quantityOf(String(memory ?? "0")).toNumber(),
  };
}

/** Without swap there is nothing to show; where nobody measures it, that is said. */
function swapText(value: unknown): string {
  const { swap } = isRecord(value) ? value : {};
  return swap === undefined ? "<unknown>" : `${Math.trunc(quantityOf(String(swap)).toNumber() / 2 ** 20)}Mi`;
}

function swapShare(value: unknown, capacity: unknown): string {
  const { swap } = isRecord(value) ? value : {};
  if (swap === undefined || typeof capacity !== "number" || capacity === 0) return "<unknown>";
  return `${Math.trunc((quantityOf(String(swap)).toNumber() / capacity) * 100)}%`;
}

const cpuText = ({ cpuMillis }: Usage) => `${Math.ceil(cpuMillis)}m`;
const memoryText = ({ memoryBytes }: Usage) => `${Math.trunc(memoryBytes / 2 ** 20)}Mi`;

function add(a: Usage, b: Usage): Usage {
  return { cpuMillis: a.cpuMillis + b.cpuMillis, memoryBytes: a.memoryBytes + b.memoryBytes };
}

/** What the metrics API has; a CommandError says that there is none. */
async function readMetrics(session: Session, path: string, query: Record<string, string>): Promise<JsonObject[]> {
  const found = await (await session.mapper()).find("pods.metrics.k8s.io");
  if (found?.group !== "metrics.k8s.io") throw new CommandError("Metrics API not available");
  const answer = await (await session.api()).json({ path: `/apis/metrics.k8s.io/v1beta1/${path}`, query });
  return Array.isArray(answer["items"]) ? answer["items"].filter(isRecord) : [answer];
}

function checkSorting(sortBy: string): void {
  if (!["", "cpu", "memory"].includes(sortBy)) throw new CommandError("--sort-by accepts only cpu or memory");
}

function table(
  header: readonly string[],
  rows: readonly Row[],
  sortBy: string,
  noHeaders: boolean,
  footer: readonly (readonly string[])[] = [],
): string {
  const key = ({ usage }: Row) => (sortBy === "memory" ? usage.memoryBytes : usage.cpuMillis);
  const sorted = sortBy === "" ? rows : rows.toSorted((a, b) => key(b) - key(a));
  const lines = [...(noHeaders ? [] : [header]), ...sorted.map(({ cells }) => cells), ...footer];
  return alignTabs(lines.map((cells) => `${cells.map(safeCell).join("\t")}\n`).join(""), tableLayout);
}

/** Refuses what does not go together; answers the name that is asked for. */
function soleName(positional: readonly string[], isSelected: boolean, selectors: string): string | undefined {
  const [name] = positional;
  if (positional.length > 1) throw new UsageError(`Unexpected args: [${positional.join(" ")}]`);
  if (name !== undefined && isSelected) throw new CommandError(`only one of NAME or ${selectors} can be provided`);
  return name;
}

function nodeRow(metric: JsonObject, node: JsonObject, amounts: "capacity" | "allocatable", showSwap: boolean): Row {
  const usage = usageOf(metric["usage"]);
  const whole = usageOf(recordAt(node, ["status", amounts]));
  const share = (part: number, all: number) => (all === 0 ? "<unknown>" : `${Math.trunc((part / all) * 100)}%`);
  const { capacity } = recordAt(node, ["status", "nodeInfo", "swap"]);
  return {
    usage,
    cells: [
      nameOf(metric),
      cpuText(usage),
      share(usage.cpuMillis, whole.cpuMillis),
      memoryText(usage),
      share(usage.memoryBytes, whole.memoryBytes),
      ...(showSwap ? [swapText(metric["usage"]), swapShare(metric["usage"], capacity)] : []),
    ],
  };
}

export const node = defineCommand({
  usage: "[NAME | -l label]",
  description: "Display resource (CPU/memory) usage of nodes.",
  flags: {
    ...sharedFlags,
    selector: selectorFlags.selector,
    "show-capacity": booleanFlag(
      "Print node resources based on Capacity instead of Allocatable(default) of the nodes.",
    ),
  },
  run: async (session, { flags, positional }) => {
    checkSorting(flags["sort-by"]);
    const name = soleName(positional, flags.selector !== "", "--selector");
    const query = { ...(flags.selector !== "" && { labelSelector: flags.selector }) };
    const path = name === undefined ? "nodes" : `nodes/${encodeURIComponent(name)}`;
    const metrics = await readMetrics(session, path, query);
    if (metrics.length === 0) return session.terminal.error("No resources found\n");
    const answer = await (await session.api()).json({ path: "/api/v1/nodes", query });
    const nodes = Array.isArray(answer["items"]) ? answer["items"].filter(isRecord) : [];
    const rows = metrics.map((metric) => {
      const object = nodes.find((each) => nameOf(each) === nameOf(metric)) ?? {};
      return nodeRow(metric, object, flags["show-capacity"] ? "capacity" : "allocatable", flags["show-swap"]);
    });
    const header = ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"];
    if (flags["show-swap"]) header.push("SWAP(bytes)", "SWAP(%)");
    await session.terminal.write(table(header, rows, flags["sort-by"], flags["no-headers"]));
  },
});

interface PodColumns {
  readonly namespaces: boolean;
  readonly containers: boolean;
  readonly swap: boolean;
}

function podHeader({ namespaces, containers, swap }: PodColumns): string[] {
  return [
    ...(namespaces ? ["NAMESPACE"] : []),
    ...(containers ? ["POD"] : []),
    "NAME",
    "CPU(cores)",
    "MEMORY(bytes)",
    ...(swap ? ["SWAP(bytes)"] : []),
  ];
}

/** One row for the pod, or one for each of its containers. */
function podRows(metric: JsonObject, columns: PodColumns): Row[] {
  const containers = Array.isArray(metric["containers"]) ? metric["containers"].filter(isRecord) : [];
  const lead = columns.namespaces ? [namespaceOf(metric), nameOf(metric)] : [nameOf(metric)];
  const row = (names: readonly string[], usage: Usage, swap: string): Row => ({
    usage,
    cells: [...names, cpuText(usage), memoryText(usage), ...(columns.swap ? [swap] : [])],
  });
  if (columns.containers) {
    return containers.map(({ name, usage }) => row([...lead, String(name)], usageOf(usage), swapText(usage)));
  }
  const total = containers.map(({ usage }) => usageOf(usage)).reduce(add, usageOf(undefined));
  const swaps = containers.flatMap(({ usage }) => (isRecord(usage) ? (usage["swap"] ?? []) : []));
  const swap =
    swaps.length === 0 ? undefined : swaps.reduce((sum: number, each) => sum + quantityOf(String(each)).toNumber(), 0);
  return [row(lead, total, swapText({ swap }))];
}

/** The sum of all rows, below their columns of cpu and memory. */
function sumFooter(rows: readonly Row[], header: readonly string[]): string[][] {
  const total = rows.map(({ usage }) => usage).reduce(add, usageOf(undefined));
  const blanks = header.slice(0, header.indexOf("CPU(cores)")).map(() => "");
  return [
    [...blanks, "________", "________"],
    [...blanks, cpuText(total), memoryText(total)],
  ];
}

export const pod = defineCommand({
  usage: "[NAME | -l label]",
  description: "Display resource (CPU/memory) usage of pods.",
  flags: {
    ...sharedFlags,
    ...selectorFlags,
    "all-namespaces": booleanFlag("If present, list the requested object(s) across all namespaces.", { short: "A" }),
    containers: booleanFlag("If present, print usage of containers within a pod."),
    sum: booleanFlag("Print the sum of the resource usage"),
  },
  run: async (session, { flags, positional }) => {
    checkSorting(flags["sort-by"]);
    const name = soleName(positional, flags.selector !== "" || flags["field-selector"] !== "", "selector");
    const { name: namespace } = await session.namespace();
    const everywhere = flags["all-namespaces"];
    const collection = everywhere ? "pods" : `namespaces/${encodeURIComponent(namespace)}/pods`;
    const metrics = await readMetrics(
      session,
      name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`,
      {
        ...(flags.selector !== "" && { labelSelector: flags.selector }),
        ...(flags["field-selector"] !== "" && { fieldSelector: flags["field-selector"] }),
      },
    );
    if (metrics.length === 0) {
      return session.terminal.error(
        everywhere ? "No resources found\n" : `No resources found in ${namespace} namespace.\n`,
      );
    }
    const columns: PodColumns = { namespaces: everywhere, containers: flags.containers, swap: flags["show-swap"] };
    const rows = metrics.flatMap((metric) => podRows(metric, columns));
    const header = podHeader(columns);
    const footer = flags.sum ? sumFooter(rows, header) : [];
    await session.terminal.write(table(header, rows, flags["sort-by"], flags["no-headers"], footer));
  },
});
