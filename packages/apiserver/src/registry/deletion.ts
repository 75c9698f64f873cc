import type { DeleteOptions } from "@kube-ts/api/meta/v1";
import type { KubeObject } from "@kube-ts/api/object";
import { formatTime } from "@kube-ts/api/rfc3339";
import { invalidField, notSupportedField } from "@kube-ts/api/field-error";
import type { FieldError } from "@kube-ts/api/field-error";
import { invalid } from "@kube-ts/api/status-error";
import type { StepTimer } from "../audit/step-timer.ts";
import type { Revision } from "../storage/store.ts";
import { checkPreconditions, raiseGeneration } from "./object-identity.ts";
import { encodeForStorage, parseObject } from "./object-encoding.ts";
import { withResourceVersion } from "../storage/cache/resource-version.ts";
import type { ResourceRegistry } from "./resource-registry.ts";
import { served } from "./resource-registry.ts";
import type { WriteContext } from "./resource-definition.ts";
import { storeCall } from "./store-failure.ts";

/** A deletion as the registry sees it. */
export interface DeleteRequest<T extends KubeObject> {
  readonly options: DeleteOptions;
  readonly context: WriteContext;
  readonly signal: AbortSignal;
  /** Takes the time of its steps; absent where nobody asks for it. */
  readonly timer?: StepTimer | undefined;
  /** Admission of the deletion of this state. */
  validate(old: T): Promise<void>;
}

/** `removed`: gone from the store. `pending`: marked, and gone once its grace period and finalizers end. */
export interface Deletion<T extends KubeObject> {
  readonly state: "removed" | "pending";
  readonly object: T;
  /** The last state, as served. */
  readonly bytes: Buffer;
}

const orphanFinalizer = "orphan";
const foregroundFinalizer = "foregroundDeletion";

/**
 * Deletes an object as its strategy, its finalizers and the options say: at once, or by marking it. Throws
 * NotFound, Conflict for preconditions that do not hold, BadRequest for contradictory options.
 */
export async function deleteObject<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  namespace: string,
  name: string,
  request: DeleteRequest<T>,
): Promise<Deletion<T>> {
  checkOptions(request.options);
  let current = registry.readCached(namespace, name);
  let fresh = false;
  for (;;) {
    request.signal.throwIfAborted();
    if (!current) {
      if (fresh) throw registry.notFound(name);
      current = await registry.readLatest(namespace, name, request.signal, request.timer);
      fresh = true;
      continue;
    }
    const old = parseObject<T>(current.bytes);
    try {
      checkPreconditions(registry.kindName, old, String(current.revision), request.options.preconditions ?? {});
      await request.validate(old);
    } catch (error) {
      if (fresh) throw error;
      fresh = true;
      const { revision } = current;
      current = await registry.readLatest(namespace, name, request.signal, request.timer);
      // The cache was right, and so is the refusal.
      if (current?.revision === revision) throw error;
      continue;
    }
    const plan = planDeletion(registry, old, request);
    if (request.context.dryRun) return { state: plan.state, object: plan.object, bytes: current.bytes };
    const key = registry.storageKey(namespace, name);
    const result = await executeDeletion(registry, key, current.revision, plan, request);
    if (result.done) return result.deletion;
    current = result.current && served(result.current);
    fresh = true;
  }
}

interface DeletionPlan<T> {
  readonly state: "removed" | "pending";
  readonly object: T;
  /** False when the object is marked already and stays as it is. */
  readonly changed: boolean;
}

async function executeDeletion<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  key: string,
  revision: Revision,
  plan: DeletionPlan<T>,
  { signal, timer }: Pick<DeleteRequest<T>, "signal" | "timer">,
): Promise<{ done: true; deletion: Deletion<T> } | { done: false; current: Parameters<typeof served>[0] | undefined }> {
  const { object, state } = plan;
  const bytes = encodeForStorage(object);
  if (!plan.changed) {
    return { done: true, deletion: { state, object, bytes: withResourceVersion(bytes, revision) } };
  }
  const { store, hooks } = registry;
  const outcome = await storeCall(
    state === "removed" ? store.delete(key, revision, signal) : store.update(key, bytes, revision, signal),
    timer,
  );
  if (!outcome.done) return outcome;
  if (state === "removed") await hooks.afterDelete?.(object, signal);
  object.metadata.resourceVersion = String(outcome.revision);
  return { done: true, deletion: { state, object, bytes: withResourceVersion(bytes, outcome.revision) } };
}

function checkOptions(options: DeleteOptions): void {
  const { orphanDependents, propagationPolicy, gracePeriodSeconds } = options;
  const errors: FieldError[] = [];
  if (orphanDependents !== undefined && propagationPolicy !== undefined) {
    const problem = "orphanDependents and deletionPropagation cannot be both set";
    errors.push(invalidField("propagationPolicy", propagationPolicy, problem));
  }
  if (propagationPolicy !== undefined && !["Orphan", "Background", "Foreground"].includes(propagationPolicy)) {
    const supported = ["Foreground", "Background", "Orphan", "nil"];
    errors.push(notSupportedField("propagationPolicy", propagationPolicy, supported));
  }
  if (errors.length > 0) throw invalid({ group: "meta.k8s.io", kind: "DeleteOptions" }, "", errors);
  if (gracePeriodSeconds !== undefined && gracePeriodSeconds < 0 && gracePeriodSeconds !== -1) {
    // Upstream clamps a negative period to one second; strategies see the clamped value.
    options.gracePeriodSeconds = 1;
  }
}

/** Takes the object over and changes it. */
function planDeletion<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  object: T,
  request: DeleteRequest<T>,
): DeletionPlan<T> {
  const { strategy } = registry.definition;
  const finalizersBefore = JSON.stringify(object.metadata.finalizers ?? []);
  applyPropagation(object, strategy.defaultPropagation, request.options);
  const graceSeconds = strategy.gracePeriodSeconds?.(object, request.options.gracePeriodSeconds) ?? 0;
  const held = Boolean(object.metadata.finalizers?.length) || Boolean(strategy.holdsDeletion?.(object));
  const marked = object.metadata.deletionTimestamp !== undefined;
  if (graceSeconds === 0 && !held) return { state: "removed", object, changed: true };

  const previousGraceSeconds = object.metadata.deletionGracePeriodSeconds ?? 0;
  if (marked && graceSeconds >= previousGraceSeconds) {
    const changed = finalizersBefore !== JSON.stringify(object.metadata.finalizers ?? []);
    return { state: "pending", object, changed };
  }
  object.metadata.deletionTimestamp = formatTime(request.context.nowMs + graceSeconds * 1000);
  object.metadata.deletionGracePeriodSeconds = graceSeconds;
  if (!marked && object.metadata.generation !== undefined) raiseGeneration(object);
  strategy.prepareForGracefulDelete?.(object);
  return { state: "pending", object, changed: true };
}

/** Adds and removes the garbage collector's finalizers as the propagation policy asks. */
function applyPropagation(
  object: KubeObject,
  defaultPropagation: "Orphan" | "Background" | undefined,
  options: DeleteOptions,
): void {
  const finalizers = new Set(object.metadata.finalizers);
  const decide = (): "Orphan" | "Background" | "Foreground" => {
    if (options.propagationPolicy) return options.propagationPolicy;
    if (options.orphanDependents !== undefined) return options.orphanDependents ? "Orphan" : "Background";
    if (finalizers.has(orphanFinalizer)) return "Orphan";
    if (finalizers.has(foregroundFinalizer)) return "Foreground";
    return defaultPropagation ?? "Background";
  };
  const policy = decide();
  finalizers.delete(orphanFinalizer);
  finalizers.delete(foregroundFinalizer);
  if (policy === "Orphan") finalizers.add(orphanFinalizer);
  if (policy === "Foreground") finalizers.add(foregroundFinalizer);
  if (finalizers.size > 0) object.metadata.finalizers = [...finalizers];
  else delete object.metadata.finalizers;
}
