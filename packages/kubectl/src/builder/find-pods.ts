import type { Pod } from "@kube-ts/api/core/v1";
import { formatLabelSelector, selectorFromSet } from "@kube-ts/api/selectors";
import { defaultContainerAnnotation } from "@kube-ts/api/well-known-labels";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError, UsageError } from "../command-line/command-error.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { parseResourceArguments } from "./resource-arguments.ts";
import { getObject } from "./resource-query.ts";

/** Pause after a watch that ended without a pod. */
const retryMs = 200;

/** The kinds that stand for the pods of their selector. */
const kindsWithPods: ReadonlySet<string> = new Set([
  "DaemonSet",
  "Deployment",
  "Job",
  "ReplicaSet",
  "ReplicationController",
  "Service",
  "StatefulSet",
]);

/** The selector of an object that stands for pods, as text; undefined when it has none. */
export function podSelectorOf(object: JsonObject): string | undefined {
  const spec = isRecord(object["spec"]) ? object["spec"] : {};
  const { selector } = spec;
  if (!isRecord(selector) || Object.keys(selector).length === 0) return undefined;
  const structured = isRecord(selector["matchLabels"]) || Array.isArray(selector["matchExpressions"]);
  return structured ? formatLabelSelector(selector) : selectorFromSet(selector as Record<string, string>).toString();
}

/** The pods of a selector, those first that are most likely meant: running ones, ready ones, older ones. */
export async function listPods(session: Session, namespace: string, labelSelector: string): Promise<Pod[]> {
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  const list = await (await session.api()).json({ path, query: { labelSelector } });
  const pods = Array.isArray(list["items"]) ? (list["items"] as Pod[]) : [];
  const rank = (pod: Pod) => [
    pod.spec?.nodeName ? 0 : 1,
    ["Running", "Unknown", "Pending"].indexOf(pod.status?.phase ?? "") === 0 ? 0 : 1,
    pod.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ? 0 : 1,
  ];
  const key = (pod: Pod) => `${rank(pod).join("")} ${pod.metadata.creationTimestamp ?? ""} ${pod.metadata.name ?? ""}`;
  return pods.toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
}

/** The first pod that is meant; see `findPods`. */
export async function findPod(session: Session, args: readonly string[], runningTimeoutMs: number): Promise<Pod> {
  const [pod] = await findPods(session, args, runningTimeoutMs);
  if (!pod) throw new CommandError(`no pods found for ${args.join(" ")}`);
  return pod;
}

/**
 * All pods that `x`, `pod x`, `pod/x` or `deployment/x` mean; where there are none yet, one is waited for. `refusal` begins
 * what is said of an object that cannot mean any.
 */
export async function findPods(
  session: Session,
  args: readonly string[],
  runningTimeoutMs: number,
  refusal = "cannot attach to",
): Promise<Pod[]> {
  if (runningTimeoutMs <= 0) throw new UsageError("--pod-running-timeout must be higher than zero");
  const bare = args.length === 1 && !args[0]?.includes("/");
  const parsed = parseResourceArguments(bare ? [`pods/${args[0] ?? ""}`] : args);
  const [type, name] =
    parsed.kind === "pairs"
      ? [parsed.pairs[0]?.type ?? "", parsed.pairs[0]?.name ?? ""]
      : parsed.kind === "types"
        ? [parsed.types[0] ?? "", parsed.names[0] ?? ""]
        : ["", ""];
  const { name: namespace } = await session.namespace();
  const api = await session.api();
  const isPod = ["pods", "pod", "po"].includes(type.toLowerCase());
  if (isPod) {
    const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
    return [(await api.json({ path })) as unknown as Pod];
  }
  const resource = await (await session.mapper()).resolve(type);
  const object = await getObject(api, { resource, namespace, name });
  const typeName = `*${resource.version}.${resource.kind}`;
  const selector = kindsWithPods.has(resource.kind) ? podSelectorOf(object) : undefined;
  if (selector === undefined) {
    const reason =
      resource.kind === "Service"
        ? `invalid service '${name}': Service is defined without a selector`
        : `selector for ${typeName} not implemented`;
    throw new CommandError(`${refusal} ${typeName}: ${reason}`);
  }
  const pods = await listPods(session, namespace, selector);
  return pods.length > 0 ? pods : [await waitForPod(session, namespace, selector, runningTimeoutMs)];
}

async function waitForPod(session: Session, namespace: string, labelSelector: string, timeoutMs: number): Promise<Pod> {
  const api = await session.api();
  const deadline = AbortSignal.timeout(Math.min(Math.ceil(timeoutMs), 0x7fff_ffff));
  const signal = AbortSignal.any([session.signal, deadline]);
  const path = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`;
  try {
    for (;;) {
      // Without a version, the watch begins with what is there.
      for await (const { type, object } of api.watch({ path, query: { labelSelector }, signal })) {
        if (type === "ADDED" || type === "MODIFIED") return object as unknown as Pod;
        if (type === "ERROR") break;
      }
      await session.clock.sleep(retryMs, signal);
    }
  } catch (cause) {
    if (!deadline.aborted || session.signal.aborted) throw cause;
    throw new CommandError("timed out waiting for the condition", { cause });
  }
}

/** The names of all containers, in the order in which messages list them. */
export function containerNames(pod: Pod): { readonly name: string; readonly label: string }[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = pod.spec ?? {};
  return [
    ...containers.map(({ name }) => ({ name, label: name })),
    ...initContainers.map(({ name }) => ({ name, label: `${name} (init)` })),
    ...ephemeralContainers.map(({ name }) => ({ name, label: `${name} (ephem)` })),
  ];
}

/** The container that is meant: the named one, the pod's default, or its first, which is then said on standard error. */
export function chooseContainer(session: Session, pod: Pod, wanted: string, quiet = false): string {
  const all = containerNames(pod);
  const podName = pod.metadata.name ?? "";
  if (wanted !== "") {
    if (all.some(({ name }) => name === wanted)) return wanted;
    throw new CommandError(
      `container ${wanted} is not valid for pod ${podName} out of: ${all.map(({ label }) => label).join(", ")}`,
    );
  }
  const preset = pod.metadata.annotations?.[defaultContainerAnnotation];
  if (preset !== undefined && all.some(({ name }) => name === preset)) return preset;
  const [first] = all;
  if (!first) throw new CommandError(`pod ${podName} does not have any containers`);
  if (all.length > 1 && !quiet) {
    session.terminal.error(
      `Defaulted container ${JSON.stringify(first.name)} out of: ${all.map(({ label }) => label).join(", ")}\n`,
    );
  }
  return first.name;
}
