import type { Pod } from "@kube-ts/api/core/v1";
import type { DeleteOptions, Status } from "@kube-ts/api/meta/v1";
import type { Eviction, PodDisruptionBudget, PodDisruptionBudgetStatus } from "@kube-ts/api/policy/v1";
import { isConditionTrue } from "@kube-ts/api/conditions";
import { podDisruptionBudgets } from "@kube-ts/api/resource-types";
import { selectorOf } from "@kube-ts/api/selectors";
import { formatTime } from "@kube-ts/api/rfc3339";
import { apiError, badRequest, internal, tooManyRequests } from "@kube-ts/api/status-error";
import { deleteObject } from "../../registry/deletion.ts";
import { matchNamespace } from "../../registry/object-identity.ts";
import type { ObjectSource, ObjectWriter } from "../../registry/object-source.ts";
import type { ResourceRegistry } from "../../registry/resource-registry.ts";
import { readObject } from "../get-endpoint.ts";
import { decodeBodyAs } from "../request-object.ts";
import type { ResourceContext } from "../resource-context.ts";
import { sendObject } from "../respond.ts";
import type { Subresource } from "../subresource.ts";
import { parseWriteOptions } from "../write-options.ts";
import { admissionAttributes, writeContext } from "../write-request.ts";

const evictionType = { group: "policy", version: "v1", kind: "Eviction" };
/** Clients older than policy/v1 send these; upstream takes them still. */
const formerEvictions = ["policy/v1beta1"];
const maxDisruptedPods = 2000;
const retryAfterSeconds = 10;

/** `pods/eviction`: deletes a pod if its disruption budget allows it. */
export function podEviction(source: ObjectSource, writer: ObjectWriter): Subresource {
  return {
    group: "",
    path: "pods/eviction",
    verbs: ["create"],
    kind: "Eviction",
    kindGroup: "policy",
    kindVersion: "v1",
    handle: async (context) => {
      const { exchange, info, form } = context;
      const options = parseWriteOptions(info);
      const eviction = await decodeBodyAs<Eviction>(context, evictionType, options.fieldValidation, formerEvictions);
      matchNamespace(eviction, info.namespace);
      if (eviction.metadata.name !== info.name) {
        throw badRequest("name in URL does not match name in Eviction object");
      }
      const pod = (await readObject(context, "")).parsed() as Pod;
      const deleteOptions: DeleteOptions = structuredClone(eviction.deleteOptions ?? {});
      const dryRun = options.dryRun || (deleteOptions.dryRun ?? []).length > 0;
      await admitEviction(context, eviction, dryRun);
      if (!isUnprotected(pod)) await spendBudget(pod, source, writer, dryRun, exchange.nowMs, exchange.signal);
      await evict(context, pod, deleteOptions, dryRun);
      const status: Status = { kind: "Status", apiVersion: "v1", metadata: {}, status: "Success", code: 201 };
      await sendObject(exchange, 201, form, status);
    },
  };
}

async function admitEviction(context: ResourceContext, eviction: Eviction, dryRun: boolean): Promise<void> {
  const { exchange, info, resource, admission } = context;
  const objects = { object: eviction, oldObject: undefined };
  const attributes = admissionAttributes(exchange, info, resource, "CREATE", dryRun, objects);
  await admission.admit(attributes, exchange.signal);
  await admission.validate(attributes, exchange.signal);
}

/** A pod that never ran or has ended takes nothing from a budget. */
function isUnprotected({ status, metadata }: Pod): boolean {
  const phase = status?.phase;
  return phase === "Succeeded" || phase === "Failed" || phase === "Pending" || metadata.deletionTimestamp !== undefined;
}

async function spendBudget(
  pod: Pod,
  source: ObjectSource,
  writer: ObjectWriter,
  dryRun: boolean,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const { namespace = "", name = "", labels = {} } = pod.metadata;
  const budgets = source
    .list(podDisruptionBudgets, namespace)
    .filter((budget) => budget.spec.selector && selectorOf(budget.spec.selector).matches(labels));
  const [budget, ...others] = budgets;
  if (!budget) return;
  if (others.length > 0) {
    throw internal(
      new Error("This pod has more than one PodDisruptionBudget, which the eviction subresource does not support."),
    );
  }
  if (!isConditionTrue(pod.status?.conditions, "Ready") && unhealthyMayGo(budget)) return;
  const take = (current: PodDisruptionBudget): PodDisruptionBudget | undefined => {
    checkBudget(current);
    if (dryRun) return undefined;
    const status = current.status ?? uncounted;
    const disruptedPods = { ...status.disruptedPods, [name]: formatTime(nowMs) };
    return {
      ...current,
      status: { ...status, disruptionsAllowed: (status.disruptionsAllowed ?? 0) - 1, disruptedPods },
    };
  };
  await writer.update(podDisruptionBudgets, namespace, budget.metadata.name ?? "", take, signal, "status");
}

/** A budget whose controller has not counted yet allows nothing. */
const uncounted: PodDisruptionBudgetStatus = {
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
};

function unhealthyMayGo({ spec, status }: PodDisruptionBudget): boolean {
  if (spec.unhealthyPodEvictionPolicy === "AlwaysAllow") return true;
  const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {};
  return currentHealthy >= desiredHealthy && desiredHealthy > 0;
}

function checkBudget({ metadata, status = uncounted }: PodDisruptionBudget): void {
  const refusal = "Cannot evict pod as it would violate the pod's disruption budget.";
  const cause = (message: string) => [{ reason: "DisruptionBudget", message }];
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0)) {
    const message = `The disruption budget ${metadata.name} is still being processed by the server.`;
    throw tooManyRequests(refusal, retryAfterSeconds, cause(message));
  }
  if ((status.disruptionsAllowed ?? 0) < 0) {
    throw apiError({ code: 403, reason: "Forbidden", message: "pdb disruptions allowed is negative" });
  }
  if (Object.keys(status.disruptedPods ?? {}).length > maxDisruptedPods) {
    throw apiError({
      code: 403,
      reason: "Forbidden",
      message: "DisruptedPods map too big - too many evictions not confirmed by PDB controller",
    });
  }
  if ((status.disruptionsAllowed ?? 0) === 0) {
    const message = `The disruption budget ${metadata.name} needs ${status.desiredHealthy} healthy pods and has ${status.currentHealthy} currently`;
    throw tooManyRequests(refusal, 0, cause(message));
  }
}

async function evict(context: ResourceContext, pod: Pod, options: DeleteOptions, dryRun: boolean): Promise<void> {
  const { exchange, info, resource, admission } = context;
  const registry = resource.registry as unknown as ResourceRegistry<Pod>;
  options.preconditions = { uid: pod.metadata.uid ?? "", ...options.preconditions };
  await deleteObject(registry, info.namespace, info.name, {
    options,
    context: writeContext(exchange, dryRun),
    signal: exchange.signal,
    validate: async (old) => {
      const plain = { ...info, subresource: "" };
      const objects = { object: undefined, oldObject: old };
      await admission.validate(
        admissionAttributes(exchange, plain, resource, "DELETE", dryRun, objects),
        exchange.signal,
      );
    },
  });
}
