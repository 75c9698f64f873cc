import type { PersistentVolumeClaim, Pod, ResourceQuota } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import type { KubeObject, ObjectKey } from "@kube-ts/api/object";
import { keyOf, namespaceOf } from "@kube-ts/api/object";
import type { Quantity } from "@kube-ts/api/quantity";
import { type GroupResource, isUsedBy, usageOf } from "@kube-ts/api/quota/usage";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { persistentVolumeClaims, pods, resourceQuotas, services } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { discover } from "../framework/discovery.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { startSingleInformer } from "../framework/single-informer.ts";
import { ChargeGuard, lowers } from "./charge-guard.ts";
import { CountedResources, type CountedResourcesParts } from "./counted-resources.ts";
import { type Counted, countedResource, lacksUsage, planQuotaStatus, sameAmounts } from "./plan.ts";

/** Resources whose objects have usages of their own. */
const measured: readonly ResourceType[] = [pods, services, persistentVolumeClaims];

/**
 * Admission has charged a new object by itself. The objects are looked at again somewhat later, in case a count that
 * was made from a cache without the object has taken the charge back.
 */
const recountMs = 5_000;
const retryConflictMs = 100;

/** What the resources of the cluster are watched with; a test has its own. */
export type Watching = Pick<CountedResourcesParts, "discover" | "open">;

/** Counts what is used of every quota. */
export class ResourceQuotaController implements Controller {
  readonly #context: ControllerContext;
  readonly #quotas: Informer<ResourceQuota>;
  readonly #measured: ReadonlyMap<ResourceType, Informer<KubeObject>>;
  readonly #counted: CountedResources;
  readonly #queue: WorkQueue<ObjectKey>;
  /** Quotas that writes may be waiting for. */
  readonly #urgent: WorkQueue<ObjectKey>;
  /** Objects of caches are never changed in place. */
  readonly #usages = new WeakMap<KubeObject, ReadonlyMap<string, Quantity>>();
  readonly #charges = new ChargeGuard();
  #tasks: TaskGroup | undefined;

  constructor(context: ControllerContext, watching?: Watching) {
    this.#context = context;
    this.#quotas = context.informers.informer(resourceQuotas);
    this.#measured = new Map(measured.map((type) => [type, context.informers.informer<KubeObject>(type)]));
    this.#queue = controllerQueue("resourcequota_primary", context);
    this.#urgent = controllerQueue("resourcequota_priority", context);
    const { clock, log } = context;
    const { discover: ask, open }: Watching = watching ?? {
      discover: (signal) => discover(context.client, signal),
      open: (type) => this.#open(type),
    };
    this.#counted = new CountedResources({
      clock,
      log,
      discover: ask,
      open: (type) => {
        const opened = open(type);
        opened.informer.subscribe(this.#recounting(type));
        return opened;
      },
      onSynced: (type) => this.#enqueueWhere((quota) => limits(quota, type)),
    });
    this.#subscribe();
  }

  async run(signal: AbortSignal): Promise<void> {
    const { config } = this.#context;
    const tasks = new TaskGroup(signal);
    this.#tasks = tasks;
    for (const queue of [this.#urgent, this.#queue]) {
      tasks.start((inner) =>
        queue.run(inner, config.workers.resourceQuotas, (key, each) => this.#reconcile(key, each)),
      );
    }
    tasks.start((inner) => this.#counted.run(inner));
    tasks.start((inner) => this.#recountAll(inner));
    await tasks.settled();
  }

  #subscribe(): void {
    this.#quotas.subscribe({
      added: (quota) => this.#quotaChanged(quota),
      updated: (old, quota) => {
        if (lowers(quota.status?.used, old.status?.used)) this.#charges.charged(keyOf(quota), this.#nowMs);
        if (!sameAmounts(old.spec.hard, quota.spec.hard)) this.#quotaChanged(quota);
      },
      deleted: (quota) => {
        this.#charges.forget(keyOf(quota));
        this.#watchWhatIsLimited();
      },
    });
    for (const [type, informer] of this.#measured) {
      informer.subscribe({
        ...this.#recounting(type),
        updated: (old, current) => {
          const isLimited = this.#quotas.listNamespace(namespaceOf(current)).length > 0;
          if (isLimited && this.#isOtherUsage(type, old, current)) this.#enqueueLimiting(type, current);
        },
      });
    }
  }

  get #nowMs(): number {
    return this.#context.clock.monotonicMs();
  }

  #recounting(type: GroupResource) {
    return {
      added: (object: KubeObject) => this.#enqueueLimiting(type, object, recountMs),
      deleted: (object: KubeObject) => this.#enqueueLimiting(type, object),
    };
  }

  #open(type: ResourceType) {
    // Claims of devices are measured, other objects counted.
    const metadataOnly = type.plural !== "resourceclaims";
    const options = metadataOnly ? { metadataOnly, transform: nameOnly } : {};
    if (!this.#tasks) throw new Error("the controller does not run");
    return startSingleInformer(this.#context, type, options, this.#tasks);
  }

  #quotaChanged(quota: ResourceQuota): void {
    this.#watchWhatIsLimited();
    const types = [...measured, ...Object.keys(quota.spec.hard ?? {}).flatMap((name) => countedResource(name) ?? [])];
    (lacksUsage(quota, types) ? this.#urgent : this.#queue).add(keyOf(quota));
  }

  #watchWhatIsLimited(): void {
    const names = new Set(this.#quotas.list().flatMap(({ spec }) => Object.keys(spec.hard ?? {})));
    const isMeasured = (type: GroupResource) => measured.some((each) => isSameResource(each, type));
    this.#counted.want([...names].flatMap((name) => countedResource(name) ?? []).filter((type) => !isMeasured(type)));
  }

  #enqueueLimiting(type: GroupResource, object: KubeObject, delayMs = 0): void {
    for (const quota of this.#quotas.listNamespace(namespaceOf(object))) {
      if (limits(quota, type)) this.#queue.addAfter(keyOf(quota), delayMs);
    }
  }

  #enqueueWhere(matters: (quota: ResourceQuota) => boolean): void {
    for (const quota of this.#quotas.list()) if (matters(quota)) this.#queue.add(keyOf(quota));
  }

  async #recountAll(signal: AbortSignal): Promise<void> {
    const { clock, config } = this.#context;
    if (config.resourceQuotaSyncPeriodMs === 0) return;
    for (;;) {
      await clock.sleep(config.resourceQuotaSyncPeriodMs, signal);
      this.#enqueueWhere(() => true);
    }
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const quota = this.#quotas.get(key);
    if (!quota) return;
    const status = planQuotaStatus(quota, this.#countedIn(namespaceOf(quota)), (type, object) =>
      this.#usageOf(type, object),
    );
    if (!status) return;
    const delayMs = lowers(quota.status?.used, status.used) ? this.#charges.delayMs(key, this.#nowMs) : 0;
    if (delayMs > 0) {
      this.#queue.addAfter(key, delayMs);
      return;
    }
    try {
      await this.#context.client.resource(resourceQuotas).updateStatus({ ...quota, status }, { signal });
    } catch (error) {
      if (isNotFound(error)) return;
      if (!isConflict(error)) throw error;
      // Somebody was charged meanwhile, which is no event for this controller.
      this.#queue.addAfter(key, retryConflictMs);
    }
  }

  #countedIn(namespace: string): Counted[] {
    return [
      ...[...this.#measured].map(([type, informer]) => ({ type, objects: () => informer.listNamespace(namespace) })),
      ...this.#counted.types.map((type) => ({ type, objects: () => this.#counted.objects(type, namespace) })),
    ];
  }

  #usageOf(type: GroupResource, object: KubeObject): ReadonlyMap<string, Quantity> {
    const known = this.#usages.get(object);
    if (known) return known;
    const usage = usageOf(type, object, this.#context.clock.now());
    // What is being deleted uses less when its time is over.
    if (object.metadata.deletionTimestamp === undefined) this.#usages.set(object, usage);
    return usage;
  }

  #isOtherUsage(type: ResourceType, old: KubeObject, current: KubeObject): boolean {
    const [before, after] = [this.#usageOf(type, old), this.#usageOf(type, current)];
    const isSame = before.size === after.size && [...before].every(([name, amount]) => after.get(name)?.equals(amount));
    return !isSame || !semanticEqual(scopedBy(type, old), scopedBy(type, current));
  }
}

function isSameResource(a: GroupResource, b: GroupResource): boolean {
  return a.group === b.group && a.plural === b.plural;
}

function limits({ spec }: ResourceQuota, type: GroupResource): boolean {
  return Object.keys(spec.hard ?? {}).some((name) => isUsedBy(type, name));
}

/** What may change of an object that decides under which scopes it falls. */
function scopedBy(type: ResourceType, object: KubeObject): unknown {
  if (type === pods) return (object as Pod).spec.activeDeadlineSeconds;
  if (type !== persistentVolumeClaims) return undefined;
  const { spec, status } = object as PersistentVolumeClaim;
  const { currentVolumeAttributesClassName, modifyVolumeStatus } = status ?? {};
  return [spec?.volumeAttributesClassName, currentVolumeAttributesClassName, modifyVolumeStatus];
}

/** Keeps of an object what tells it from others. */
function nameOnly({ metadata }: KubeObject): KubeObject {
  const { name = "", namespace = "", uid = "", resourceVersion = "" } = metadata;
  return { metadata: { name, namespace, uid, resourceVersion } };
}

export const resourceQuotaController: ControllerDefinition = {
  name: "resourcequota-controller",
  serviceAccount: "resourcequota-controller",
  create: (context) => new ResourceQuotaController(context),
};
