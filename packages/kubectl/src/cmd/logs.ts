import { parseTime, timeError } from "@kube-ts/api/rfc3339";
import type { Pod } from "@kube-ts/api/core/v1";
import { ApiError } from "@kube-ts/api/status-error";
import { splitLines } from "@kube-ts/client/watch-stream";
import { chooseContainer, containerNames, findPods, listPods } from "../builder/find-pods.ts";
import { CommandError, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { booleanFlag, durationFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import { labelSelectorFlag } from "../command-line/shared-flags.ts";
import type { Query } from "../session/api.ts";
import type { Session } from "../session/session.ts";

const flags = {
  ...labelSelectorFlag,
  "all-containers": booleanFlag("Get all containers' logs in the pod(s)."),
  "all-pods": booleanFlag("Get logs from all pod(s). Sets prefix to true."),
  container: stringFlag("Print the logs of this container", { short: "c" }),
  follow: booleanFlag("Specify if the logs should be streamed.", { short: "f" }),
  "ignore-errors": booleanFlag("If watching / following pod logs, allow for any errors that occur to be non-fatal"),
  "insecure-skip-tls-verify-backend": booleanFlag(
    "Skip verifying the identity of the kubelet that logs are requested from.",
  ),
  "limit-bytes": integerFlag("Maximum bytes of logs to return. Defaults to no limit."),
  "max-log-requests": integerFlag("Specify maximum number of concurrent logs to follow when using by a selector.", {
    default: 5,
  }),
  "pod-running-timeout": durationFlag(
    "The length of time (like 5s, 2m, or 3h, higher than zero) to wait until at least one pod is running",
    { default: 20_000 },
  ),
  prefix: booleanFlag("Prefix each log line with the log source (pod name and container name)"),
  previous: booleanFlag("If true, print the logs for the previous instance of the container in a pod if it exists.", {
    short: "p",
  }),
  since: durationFlag("Only return logs newer than a relative duration like 5s, 2m, or 3h."),
  "since-time": stringFlag("Only return logs after a specific date (RFC3339)."),
  tail: integerFlag(
    "Lines of recent log file to display. Defaults to -1 with no selector, showing all log lines otherwise 10, if a selector is provided.",
    { default: -1 },
  ),
  timestamps: booleanFlag("Include timestamps on each line in the log output"),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "[-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]",
  description:
    "Print the logs for a container in a pod or specified resource. If the pod has only one container, the container name is optional.",
  examples: "  # Begin streaming the logs from pod web-1\n  kubectl logs -f web-1",
  flags,
  run,
});

interface LogSource {
  readonly pod: Pod;
  readonly container: string;
}

/** With several pods of a selector, this much of each is shown by default. */
const defaultSelectorTail = 10;

async function run(session: Session, invocation: Invocation<typeof flags>): Promise<void> {
  const { flags: values, positional } = invocation;
  checkUsage(invocation);
  const inline = positional.length === 2 && !positional[0]?.includes("/") ? positional[1] : undefined;
  const wanted = values.container !== "" ? values.container : (inline ?? "");
  const pods = await choosePods(session, values, inline === undefined ? positional : positional.slice(0, 1));
  const sources = pods.flatMap((pod) => sourcesOf(session, pod, wanted, values["all-containers"]));
  if (values.follow && sources.length > values["max-log-requests"]) {
    throw new CommandError(
      `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${values["max-log-requests"]}, use --max-log-requests to increase the limit`,
    );
  }
  const query = logQuery(values, invocation.changed("tail"));
  const prefix = values.prefix || values["all-pods"];
  const failures: unknown[] = [];
  const copy = async (source: LogSource) => {
    try {
      await copyLogs(session, source, query, prefix, sources.length > 1 && values.follow);
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      if (values["ignore-errors"]) session.terminal.error(`error: ${message}\n`);
      else failures.push(error);
    }
  };
  if (values.follow) await Promise.all(sources.map(copy));
  else for (const source of sources) await copy(source);
  throwFailures(failures);
}

function checkUsage({ flags: values, positional }: Invocation<typeof flags>): void {
  const usage = "logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]";
  if (positional.length === 0 && values.selector === "") {
    throw new UsageError(`expected '${usage}'.\nPOD or TYPE/NAME is a required argument for the logs command`);
  }
  if (positional.length > 0 && values.selector !== "")
    throw new UsageError("only a selector (-l) or a POD name is allowed");
  if (positional.length > 2)
    throw new UsageError(`expected '${usage}'.\nPOD or TYPE/NAME is a required argument for the logs command`);
  if (values["pod-running-timeout"] <= 0) throw new CommandError("--pod-running-timeout must be higher than zero");
  if (values.since !== 0 && values["since-time"] !== "")
    throw new CommandError("at most one of `sinceTime` or `sinceSeconds` may be specified");
  if (values["since-time"] !== "" && parseTime(values["since-time"]) === undefined)
    throw new CommandError(timeError(values["since-time"]));
  if (values["all-containers"] && values.container !== "")
    throw new CommandError("--all-containers=true should not be specified with container name " + values.container);
  if (values["limit-bytes"] < 0) throw new CommandError("--limit-bytes must be greater than 0");
  if (values.tail < -1) throw new CommandError("--tail must be greater than or equal to -1");
  if (values.since < 0) throw new CommandError("--since must be greater than 0");
}

async function choosePods(session: Session, values: Values, positional: readonly string[]): Promise<Pod[]> {
  const { name: namespace } = await session.namespace();
  if (values.selector !== "") {
    const pods = await listPods(session, namespace, values.selector);
    if (pods.length === 0) session.terminal.error(`No resources found in ${namespace} namespace.\n`);
    return pods.toSorted((a, b) => ((a.metadata.name ?? "") < (b.metadata.name ?? "") ? -1 : 1));
  }
  const found = findPods(session, positional, values["pod-running-timeout"], "cannot get the logs from");
  const pods = await found.catch((error: unknown) => {
    if (!(error instanceof ApiError) || error.reason !== "NotFound") throw error;
    throw new CommandError(
      `error from server (${error.reason}): ${error.message} in namespace ${JSON.stringify(namespace)}`,
      { cause: error },
    );
  });
  const [first] = pods;
  if (!first) throw new CommandError(`no pods found for ${positional.join(" ")}`);
  if (pods.length === 1 || values["all-pods"]) return pods;
  session.terminal.error(`Found ${pods.length} pods, using pod/${first.metadata.name ?? ""}\n`);
  return [first];
}

function sourcesOf(session: Session, pod: Pod, wanted: string, all: boolean): LogSource[] {
  if (!all) return [{ pod, container: chooseContainer(session, pod, wanted) }];
  const names = containerNames(pod);
  const init = names.filter(({ label }) => label.endsWith(" (init)"));
  return [...init, ...names.filter((each) => !init.includes(each))].map(({ name }) => ({ pod, container: name }));
}

function logQuery(values: Values, tailGiven: boolean): Query {
  const tail = values.tail >= 0 ? values.tail : values.selector !== "" && !tailGiven ? defaultSelectorTail : undefined;
  return {
    follow: values.follow || undefined,
    previous: values.previous || undefined,
    timestamps: values.timestamps || undefined,
    sinceSeconds: values.since > 0 ? Math.ceil(values.since / 1_000) : undefined,
    sinceTime: values["since-time"] || undefined,
    tailLines: tail,
    limitBytes: values["limit-bytes"] > 0 ? values["limit-bytes"] : undefined,
    insecureSkipTLSVerifyBackend: values["insecure-skip-tls-verify-backend"] || undefined,
  };
}

async function copyLogs(
  session: Session,
  { pod, container }: LogSource,
  query: Query,
  prefix: boolean,
  byLine: boolean,
): Promise<void> {
  const { name = "", namespace = "" } = pod.metadata;
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}/log`;
  const body = await (
    await session.api()
  )
    .stream({ path, query: { ...query, container }, accept: "*/*" })
    .catch((error: unknown) => {
      throw error instanceof ApiError && error.message === "" ? new CommandError(`no logs of ${name}`) : error;
    });
  const label = prefix ? `[pod/${name}/${container}] ` : "";
  if (label === "" && !byLine) {
    for await (const chunk of body) await session.terminal.write(chunk);
    return;
  }
  for await (const line of splitLines(body)) await session.terminal.write(`${label}${line.toString("utf8")}\n`);
}
