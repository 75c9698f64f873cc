import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Pod } from "@kube-ts/api/core/v1";
import { isRecord } from "@kube-ts/std/config-schema";
import { nameOf } from "../../builder/object-reference.ts";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { booleanFlag, durationFlag, listFlag, stringFlag } from "../../command-line/flag.ts";
import { createPrinter, outputFlags } from "../../printers/object-printer.ts";
import { safeText } from "../../printers/terminal-text.ts";
import type { Api, JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";

/** What is dumped of each namespace, besides the logs of its pods. */
const collections: readonly (readonly [file: string, api: string, plural: string])[] = [
  ["events", "/api/v1", "events"],
  ["replication-controllers", "/api/v1", "replicationcontrollers"],
  ["services", "/api/v1", "services"],
  ["daemonsets", "/apis/apps/v1", "daemonsets"],
  ["deployments", "/apis/apps/v1", "deployments"],
  ["replicasets", "/apis/apps/v1", "replicasets"],
  ["pods", "/api/v1", "pods"],
];

/** Takes the parts of a dump, each under its name. */
type Sink = (name: string, contents: string | AsyncIterable<string | Buffer>) => Promise<void>;

export const command = defineCommand({
  usage: "[flags]",
  description:
    "Write out what helps to find out about a cluster's problems: nodes, and of namespaces the workloads, events, services and logs.",
  examples: "  # Dump current cluster state to stdout\n  kubectl cluster-info dump",
  flags: {
    ...outputFlags,
    "all-namespaces": booleanFlag("If true, dump all namespaces. If true, --namespaces is ignored.", { short: "A" }),
    namespaces: listFlag("A comma separated list of namespaces to dump."),
    output: stringFlag("Output format.", { short: "o", default: "json" }),
    "output-directory": stringFlag("Where to output the files. If empty or '-' uses stdout."),
    "pod-running-timeout": durationFlag("The length of time to wait until at least one pod is running", {
      default: 20_000,
    }),
  },
  run: async (session, { flags }) => {
    if (flags["pod-running-timeout"] <= 0) throw new CommandError("--pod-running-timeout must be higher than zero");
    const directory = flags["output-directory"];
    const toTerminal = directory === "" || directory === "-";
    const sink = toTerminal ? terminalSink(session) : fileSink(directory);
    const printer = await createPrinter(flags, { keepOrder: true });
    if (!printer) throw new CommandError("an output format is required");
    const extension = flags.output === "json" || flags.output === "yaml" ? `.${flags.output}` : ".txt";
    const dump = async (name: string, list: JsonObject) => sink(name + extension, printer.format(list));
    const api = await session.api();
    await dump("nodes", await api.json({ path: "/api/v1/nodes" }));
    for (const namespace of await namespacesOf(session, flags.namespaces, flags["all-namespaces"])) {
      let pods: Pod[] = [];
      for (const [file, root, plural] of collections) {
        const list = await api.json({ path: `${root}/namespaces/${encodeURIComponent(namespace)}/${plural}` });
        await dump(join(namespace, file), list);
        if (file === "pods" && Array.isArray(list["items"])) pods = list["items"] as Pod[];
      }
      for (const pod of pods) await dumpLogs(api, namespace, pod, sink);
    }
    if (!toTerminal) await session.terminal.write(`Cluster info dumped to ${safeText(directory)}\n`);
  },
});

async function namespacesOf(session: Session, named: readonly string[], all: boolean): Promise<string[]> {
  if (all) {
    const { items } = await (await session.api()).json({ path: "/api/v1/namespaces" });
    return (Array.isArray(items) ? items.filter(isRecord) : []).map((item) => nameOf(item));
  }
  return named.length > 0 ? [...named] : ["kube-system", (await session.namespace()).name];
}

async function dumpLogs(api: Api, namespace: string, pod: Pod, sink: Sink): Promise<void> {
  const { name = "" } = pod.metadata;
  const { initContainers = [], containers = [] } = pod.spec ?? {};
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`;
  const logs = async function* () {
    for (const { name: container } of [...initContainers, ...containers]) {
      yield safeText(`==== START logs for container ${container} of pod ${namespace}/${name} ====\n`);
      try {
        yield* await api.stream({ path, query: { container }, accept: "*/*" });
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        yield safeText(`Request log error: ${reason}\n`);
      }
      yield safeText(`==== END logs for container ${container} of pod ${namespace}/${name} ====\n`);
    }
  };
  await sink(join(namespace, name, "logs.txt"), logs());
}

function terminalSink(session: Session): Sink {
  return async (_name, contents) => {
    if (typeof contents === "string") return session.terminal.write(contents);
    for await (const chunk of contents) await session.terminal.write(chunk);
  };
}

function fileSink(directory: string): Sink {
  return async (name, contents) => {
    // What the server calls its objects must not lead out of the directory.
    if (name.split("/").includes(".."))
      throw new CommandError(`the server has an object named ${JSON.stringify(name)}`);
    const place = join(directory, name);
    await mkdir(dirname(place), { recursive: true });
    await writeFile(place, contents);
  };
}
