import type { Pod } from "@kube-ts/api/core/v1";
import { ApiError } from "@kube-ts/api/status-error";
import { propagationPolicy } from "../builder/delete-object.ts";
import { type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { recordAt } from "../builder/pod-template.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects, itemsOf, listPages } from "../builder/resource-query.ts";
import { waitForDeletion } from "../builder/wait-for-deletion.ts";
import { CommandError, ExitStatus, throwFailures, UsageError } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { type DryRun, parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, durationFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, labelSelectorFlag } from "../command-line/shared-flags.ts";
import { safeText } from "../printers/terminal-text.ts";
import type { Session } from "../session/session.ts";
import { planDrain } from "./drain-plan.ts";

const flags = {
  ...labelSelectorFlag,
  ...dryRunFlag,
  "chunk-size": integerFlag("Return large lists in chunks rather than all at once. Pass 0 to disable.", {
    default: 500,
  }),
  "delete-emptydir-data": booleanFlag(
    "Continue even if there are pods using emptyDir (local data that will be deleted when the node is drained).",
  ),
  "disable-eviction": booleanFlag(
    "Force drain to use delete, even if eviction is supported. This will bypass checking PodDisruptionBudgets, use with caution.",
  ),
  force: booleanFlag("Continue even if there are pods that do not declare a controller."),
  "grace-period": integerFlag(
    "Period of time in seconds given to each pod to terminate gracefully. If negative, the default value specified in the pod will be used.",
    { default: -1 },
  ),
  "ignore-daemonsets": booleanFlag("Ignore DaemonSet-managed pods."),
  "pod-selector": stringFlag("Label selector to filter pods on the node"),
  "skip-wait-for-delete-timeout": integerFlag(
    "If pod DeletionTimestamp older than N seconds, skip waiting for the pod. Seconds must be greater than 0 to skip.",
  ),
  timeout: durationFlag("The length of time to wait before giving up, zero means infinite"),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage: "NODE",
  description: "Drain node in preparation for maintenance.",
  examples:
    '  # Drain node "foo", even if there are pods not managed by a controller on it\n  kubectl drain foo --force',
  flags,
  run,
});

/** Pause before an eviction that a disruption budget refuses is asked for again. */
const evictionRetryMs = 5_000;
const endlessMs = 7 * 24 * 3_600_000;

async function run(session: Session, { flags: values, positional }: Invocation<typeof flags>): Promise<void> {
  if (positional.length === 0 && values.selector === "") throw new UsageError("USAGE: drain NODE [flags]");
  if (positional.length > 0 && values.selector !== "") {
    throw new UsageError("cannot specify both a node name and a --selector option");
  }
  const dryRun = parseDryRun(session.terminal, values["dry-run"]);
  const failures: unknown[] = [];
  const nodes = await findObjects(session, ["nodes", ...positional], values, failures);
  throwFailures(failures);
  for (const node of nodes) await cordon(session, node, dryRun);
  for (const [index, node] of nodes.entries()) {
    try {
      await drainNode(session, node, values, dryRun);
      await session.terminal.write(`node/${safeText(node.name)} drained${suffixOf(dryRun)}\n`);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const pending = nodes.slice(index).map(({ name }) => ` ${safeText(name)}\n`);
      session.terminal.error(
        safeText(
          `error: unable to drain node ${JSON.stringify(node.name)} due to error: ${reason}, continuing command...\n`,
        ) + `There are pending nodes to be drained:\n${pending.join("")}`,
      );
      failures.push(reason);
    }
  }
  if (failures.length === 0) return;
  session.terminal.error(safeText(`${failures.map(String).join("\n")}\n`));
  throw new ExitStatus(1);
}

function suffixOf(dryRun: DryRun): string {
  return dryRun === "none" ? "" : dryRun === "client" ? " (dry run)" : " (server dry run)";
}

async function cordon(session: Session, { resource, name, object }: LocatedObject, dryRun: DryRun): Promise<void> {
  const already = recordAt(object, ["spec"])["unschedulable"] === true;
  if (!already && dryRun !== "client") {
    await (
      await session.api()
    ).json({
      method: "PATCH",
      path: pathOf(resource, "", name),
      query: { dryRun: dryRun === "server" ? "All" : undefined },
      body: { spec: { unschedulable: true } },
      contentType: "application/merge-patch+json",
    });
  }
  await session.terminal.write(
    `node/${safeText(name)} ${already ? "already cordoned" : "cordoned"}${suffixOf(dryRun)}\n`,
  );
}

async function drainNode(session: Session, node: LocatedObject, values: Values, dryRun: DryRun): Promise<void> {
  const api = await session.api();
  const pods = await (await session.mapper()).resolve("pods");
  const query = { selector: values["pod-selector"], "field-selector": `spec.nodeName=${node.name}` };
  const located: LocatedObject[] = [];
  const target = { kind: "list", resource: pods, namespace: "" } as const;
  const limit = { "chunk-size": values["chunk-size"] };
  for await (const page of listPages(api, target, { ...query, ...limit })) located.push(...itemsOf(page, pods));
  const daemonSets = await existingDaemonSets(session, located);
  const plan = planDrain(
    located.map(({ object }) => object as unknown as Pod),
    {
      deleteEmptyDirData: values["delete-emptydir-data"],
      force: values.force,
      ignoreDaemonSets: values["ignore-daemonsets"],
      skipDeletedForSeconds: values["skip-wait-for-delete-timeout"],
      nowMs: session.clock.now(),
      daemonSets,
    },
  );
  if (plan.warnings !== "") session.terminal.error(safeText(`Warning: ${plan.warnings}\n`));
  if (plan.errors !== "") throw new CommandError(plan.errors);
  const deadline = AbortSignal.timeout(Math.min(values.timeout || endlessMs, 0x7fff_ffff));
  const chosen = located.filter((item) => plan.pods.includes(item.object as unknown as Pod));
  const results = await Promise.allSettled(chosen.map((item) => removePod(session, item, values, dryRun, deadline)));
  throwFailures(results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : [])));
}

/** `namespace/name` of the daemon sets that the pods name as their controllers and that exist. */
async function existingDaemonSets(session: Session, pods: readonly LocatedObject[]): Promise<Set<string>> {
  const api = await session.api();
  const keys = new Set<string>();
  for (const { namespace, object } of pods) {
    const owner = (object as unknown as Pod).metadata.ownerReferences?.find(({ controller }) => controller);
    if (owner?.kind === "DaemonSet") keys.add(`${namespace}/${owner.name}`);
  }
  for (const key of keys) {
    const [namespace = "", name = ""] = key.split("/");
    const path = `/apis/apps/v1/namespaces/${encodeURIComponent(namespace)}/daemonsets/${encodeURIComponent(name)}`;
    await api.json({ path }).catch((error: unknown) => {
      if (!(error instanceof ApiError) || error.reason !== "NotFound") throw error;
      keys.delete(key);
    });
  }
  return keys;
}

async function removePod(
  session: Session,
  item: LocatedObject,
  values: Values,
  dryRun: DryRun,
  deadline: AbortSignal,
): Promise<void> {
  const { namespace, name, object } = item;
  const [doing, done] = values["disable-eviction"] ? ["deleting", "deleted"] : ["evicting", "evicted"];
  await session.terminal.write(safeText(`${doing} pod ${namespace}/${name}${suffixOf(dryRun)}\n`));
  if (dryRun === "client") return;
  const timedOut = (cause: unknown) =>
    new CommandError(
      `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: global timeout reached: ${values.timeout / 1_000}s`,
      { cause },
    );
  await askForRemoval(session, item, values, dryRun, deadline).catch((error: unknown) => {
    throw deadline.aborted && !session.signal.aborted ? timedOut(error) : error;
  });
  if (dryRun === "server") return;
  const uid = String(metadataOf(object)["uid"] ?? "");
  const gone = waitForDeletion(session, item, uid, values.timeout || endlessMs);
  if (!(await gone)) throw timedOut(undefined);
  await session.terminal.write(safeText(`pod/${name} ${done}\n`));
}

/** Asks until the pod's removal is under way; while a disruption budget refuses, until the deadline. */
async function askForRemoval(
  session: Session,
  { resource, namespace, name }: LocatedObject,
  values: Values,
  dryRun: DryRun,
  deadline: AbortSignal,
): Promise<void> {
  const api = await session.api();
  const signal = AbortSignal.any([session.signal, deadline]);
  const options = {
    propagationPolicy: propagationPolicy("background"),
    ...(values["grace-period"] >= 0 && { gracePeriodSeconds: values["grace-period"] }),
    ...(dryRun === "server" && { dryRun: ["All"] }),
  };
  const eviction = !values["disable-eviction"];
  for (;;) {
    try {
      await api.json({
        method: eviction ? "POST" : "DELETE",
        path: pathOf(resource, namespace, name, eviction ? "eviction" : undefined),
        body: eviction
          ? { apiVersion: "policy/v1", kind: "Eviction", metadata: { name, namespace }, deleteOptions: options }
          : { apiVersion: "v1", kind: "DeleteOptions", ...options },
        signal,
      });
      return;
    } catch (error) {
      if (error instanceof ApiError && error.code === 404) return;
      if (!(error instanceof ApiError) || error.code !== 429) throw error;
      session.terminal.error(
        safeText(
          `error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after ${evictionRetryMs / 1_000}s): ${error.message}\n`,
        ),
      );
      await session.clock.sleep(evictionRetryMs, signal);
    }
  }
}
