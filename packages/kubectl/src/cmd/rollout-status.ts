import { isRecord } from "@kube-ts/std/config-schema";
import { type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { pathOf } from "../builder/resource-mapper.ts";
import { findObjects, getObject } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand } from "../command-line/command.ts";
import { booleanFlag, durationFlag, integerFlag } from "../command-line/flag.ts";
import { fileFlags, labelSelectorFlag } from "../command-line/shared-flags.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { recordAt } from "../builder/pod-template.ts";

const retryMs = 200;

export const command = defineCommand({
  usage: "(TYPE NAME | TYPE/NAME) [flags]",
  description: "Show the status of the rollout.",
  flags: {
    ...fileFlags,
    ...labelSelectorFlag,
    revision: integerFlag("Pin to a specific revision for showing its status. Defaults to 0 (last revision)."),
    timeout: durationFlag("The length of time to wait before ending watch, zero means never."),
    watch: booleanFlag("Watch the status of the rollout until it's done.", { short: "w", default: true }),
  },
  run: async (session, { flags, positional }) => {
    if (positional.length === 0 && flags.filename.length === 0 && flags.kustomize === "")
      throw new CommandError("required resource not specified");
    const failures: unknown[] = [];
    const found = await findObjects(session, positional, flags, failures, { allByDefault: true });
    if (found.length === 0 && failures.length === 0) {
      session.terminal.error(`No resources found in ${(await session.namespace()).name} namespace.\n`);
    }
    const deadline = flags.timeout > 0 ? AbortSignal.timeout(Math.ceil(flags.timeout)) : undefined;
    for (const item of found) {
      try {
        await follow(session, item, flags.watch, flags.revision, deadline);
      } catch (error) {
        failures.push(error);
      }
    }
    throwFailures(failures);
  },
});

async function follow(
  session: Session,
  item: LocatedObject,
  watch: boolean,
  revision: number,
  deadline: AbortSignal | undefined,
): Promise<void> {
  const signal = deadline ? AbortSignal.any([session.signal, deadline]) : session.signal;
  const api = await session.api();
  const path = pathOf(item.resource, item.namespace);
  let last = "";
  const report = async (object: JsonObject): Promise<boolean> => {
    const { text, done } = rolloutStatus(item.resource.kind, object, revision);
    if (text !== last) await session.terminal.write(text);
    last = text;
    return done || !watch;
  };
  try {
    for (let object = item.object; ; object = await getObject(api, item)) {
      if (await report(object)) return;
      const query = {
        fieldSelector: `metadata.name=${item.name}`,
        resourceVersion: String(metadataOf(object)["resourceVersion"] ?? ""),
      };
      for await (const event of api.watch({ path, query, signal })) {
        if (event.type === "DELETED") throw new CommandError("object has been deleted");
        if (event.type === "ERROR") break;
        if (event.type !== "BOOKMARK" && (await report(event.object))) return;
      }
      await session.clock.sleep(retryMs, signal);
    }
  } catch (error) {
    if (deadline?.aborted && !session.signal.aborted)
      throw new CommandError("timed out waiting for the condition", { cause: error });
    throw error;
  }
}

export interface RolloutStatus {
  readonly text: string;
  readonly done: boolean;
}

/** What to say about a rollout, in upstream's words. Throws a CommandError when it has failed. */
export function rolloutStatus(kind: string, object: JsonObject, revision: number): RolloutStatus {
  const metadata = metadataOf(object);
  const name = String(metadata["name"] ?? "");
  const status = recordAt(object, ["status"]);
  const spec = recordAt(object, ["spec"]);
  const observed = number(status["observedGeneration"]) >= number(metadata["generation"]);
  switch (kind) {
    case "Deployment": {
      const current = Number(recordAt(metadata, ["annotations"])["deployment.kubernetes.io/revision"] ?? 0);
      if (revision > 0 && revision !== current)
        throw new CommandError(`desired revision (${revision}) is different from the running revision (${current})`);
      return observed
        ? deploymentStatus(name, spec, status)
        : waiting("Waiting for deployment spec update to be observed...\n");
    }
    case "DaemonSet":
      return observed
        ? daemonSetStatus(name, spec, status)
        : waiting("Waiting for daemon set spec update to be observed...\n");
    case "StatefulSet":
      return observed && number(status["observedGeneration"]) > 0
        ? statefulSetStatus(spec, status)
        : waiting("Waiting for statefulset spec update to be observed...\n");
    default:
      throw new CommandError(`no status viewer has been implemented for ${kind}`);
  }
}

function waiting(text: string): RolloutStatus {
  return { text, done: false };
}

function number(value: unknown): number {
  return typeof value === "number" ? value : 0;
}

function deploymentStatus(name: string, spec: JsonObject, status: JsonObject): RolloutStatus {
  const conditions = Array.isArray(status["conditions"]) ? status["conditions"].filter(isRecord) : [];
  const progressing = conditions.find(({ type }) => type === "Progressing");
  if (progressing?.["reason"] === "ProgressDeadlineExceeded") {
    throw new CommandError(`deployment ${JSON.stringify(name)} exceeded its progress deadline`);
  }
  const wanted = spec["replicas"];
  const updated = number(status["updatedReplicas"]);
  const total = number(status["replicas"]);
  const available = number(status["availableReplicas"]);
  const prefix = `Waiting for deployment ${JSON.stringify(name)} rollout to finish: `;
  if (typeof wanted === "number" && updated < wanted)
    return waiting(`${prefix}${updated} out of ${wanted} new replicas have been updated...\n`);
  if (total > updated) return waiting(`${prefix}${total - updated} old replicas are pending termination...\n`);
  if (available < updated) return waiting(`${prefix}${available} of ${updated} updated replicas are available...\n`);
  return { text: `deployment ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function daemonSetStatus(name: string, spec: JsonObject, status: JsonObject): RolloutStatus {
  const { type } = recordAt(spec, ["updateStrategy"]);
  if (type !== undefined && type !== "RollingUpdate")
    throw new CommandError("rollout status is only available for RollingUpdate strategy type");
  const desired = number(status["desiredNumberScheduled"]);
  const updated = number(status["updatedNumberScheduled"]);
  const available = number(status["numberAvailable"]);
  const prefix = `Waiting for daemon set ${JSON.stringify(name)} rollout to finish: `;
  if (updated < desired) return waiting(`${prefix}${updated} out of ${desired} new pods have been updated...\n`);
  if (available < desired) return waiting(`${prefix}${available} of ${desired} updated pods are available...\n`);
  return { text: `daemon set ${JSON.stringify(name)} successfully rolled out\n`, done: true };
}

function statefulSetStatus(spec: JsonObject, status: JsonObject): RolloutStatus {
  const { type, rollingUpdate } = recordAt(spec, ["updateStrategy"]);
  if (type !== "RollingUpdate")
    throw new CommandError("rollout status is only available for RollingUpdate strategy type");
  const wanted = number(spec["replicas"]);
  const ready = number(status["readyReplicas"]);
  const updated = number(status["updatedReplicas"]);
  if (ready < wanted) return waiting(`Waiting for ${wanted - ready} pods to be ready...\n`);
  const partition = isRecord(rollingUpdate) ? rollingUpdate["partition"] : undefined;
  if (typeof partition === "number") {
    if (updated < wanted - partition)
      return waiting(
        `Waiting for partitioned roll out to finish: ${updated} out of ${wanted - partition} new pods have been updated...\n`,
      );
    return { text: `partitioned roll out complete: ${updated} new pods have been updated...\n`, done: true };
  }
  if (status["updateRevision"] !== status["currentRevision"]) {
    return waiting(
      `waiting for statefulset rolling update to complete ${updated} pods at revision ${String(status["updateRevision"])}...\n`,
    );
  }
  return {
    text: `statefulset rolling update complete ${number(status["currentReplicas"])} pods at revision ${String(status["currentRevision"])}...\n`,
    done: true,
  };
}
