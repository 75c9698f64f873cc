import { isRecord } from "@kube-ts/std/config-schema";
import { quantityOf } from "@kube-ts/api/quantity";
import { nameOf, namespaceOf } from "../builder/object-reference.ts";
import { recordAt } from "../builder/pod-template.ts";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { selectorFlags } from "../command-line/shared-flags.ts";
import { alignTabs, tableLayout } from "../printers/tab-writer.ts";
import { safeCell } from "../printers/terminal-text.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";

export const command: Command = {
  usage: "[flags] [options]",
  description:
    "Display resource (CPU/memory) usage of nodes or pods. This command requires Metrics Server to be running.",
  flags: {},
  run: async (session, { positional }) => {
    const [name] = positional;
    if (name !== undefined) throw new UsageError(`unknown command ${JSON.stringify(name)}`);
    await session.terminal.write("Display resource (CPU/memory) usage: node or pod.\n");
  },
};

const sharedFlags = {
  "no-headers": booleanFlag("If present, print output without headers."),
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
    const [name] = positional;
    if (positional.length > 1) throw new UsageError(`Unexpected args: [${positional.join(" ")}]`);
    if (name !== undefined && flags.selector !== "") {
      throw new UsageError("only one of NAME or --selector can be provided");
    }
    const query = { ...(flags.selector !== "" && { labelSelector: flags.selector }) };
    const path = name === undefined ? "nodes" : `nodes/${encodeURIComponent(name)}`;
    const metrics = await readMetrics(session, path, query);
    if (metrics.length === 0) return session.terminal.error("No resources found\n");
    const answer = await (await session.api()).json({ path: "/api/v1/nodes", query });
    const nodes = Array.isArray(answer["items"]) ? answer["items"].filter(isRecord) : [];
    const rows = metrics.map((metric): Row => {
      const usage = usageOf(metric["usage"]);
      const object = nodes.find((each) => nameOf(each) === nameOf(metric)) ?? {};
      const whole = usageOf(recordAt(object, ["status", flags["show-capacity"] ? "capacity" : "allocatable"]));
      const share = (part: number, all: number) => (all === 0 ? "<unknown>" : `${Math.trunc((part / all) * 100)}%`);
      return {
        usage,
        cells: [
          nameOf(metric),
          cpuText(usage),
          share(usage.cpuMillis, whole.cpuMillis),
          memoryText(usage),
          share(usage.memoryBytes, whole.memoryBytes),
        ],
      };
    });
    const header = ["NAME", "CPU(cores)", "CPU(%)", "MEMORY(bytes)", "MEMORY(%)"];
    await session.terminal.write(table(header, rows, flags["sort-by"], flags["no-headers"]));
  },
});

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
    const [name] = positional;
    if (positional.length > 1) throw new UsageError(`Unexpected args: [${positional.join(" ")}]`);
    if (name !== undefined && (flags.selector !== "" || flags["field-selector"] !== "")) {
      throw new UsageError("only one of NAME or selector can be provided");
    }
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
    const rows = metrics.flatMap((metric): Row[] => {
      const containers = Array.isArray(metric["containers"]) ? metric["containers"].filter(isRecord) : [];
      const lead = everywhere ? [namespaceOf(metric), nameOf(metric)] : [nameOf(metric)];
      const row = (cells: readonly string[], usage: Usage) => ({
        usage,
        cells: [...cells, cpuText(usage), memoryText(usage)],
      });
      if (flags.containers)
        return containers.map((each) => row([...lead, String(each["name"])], usageOf(each["usage"])));
      return [row(lead, containers.map((each) => usageOf(each["usage"])).reduce(add, usageOf(undefined)))];
    });
    const header = [
      ...(everywhere ? ["NAMESPACE"] : []),
      ...(flags.containers ? ["POD"] : []),
      "NAME",
      "CPU(cores)",
      "MEMORY(bytes)",
    ];
    const [sortBy, noHeaders] = [flags["sort-by"], flags["no-headers"]];
    const total = rows.map(({ usage }) => usage).reduce(add, usageOf(undefined));
    const blanks = Array.from({ length: header.length - 2 }, () => "");
    const footer = [
      [...blanks, "________", "________"],
      [...blanks, cpuText(total), memoryText(total)],
    ];
    await session.terminal.write(table(header, rows, sortBy, noHeaders, flags.sum ? footer : []));
  },
});
