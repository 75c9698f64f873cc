import type { Job } from "@kube-ts/api/batch/v1";
import type { ObjectKey } from "@kube-ts/api/object";
import { keyOf, splitKey, uidOf } from "@kube-ts/api/object";
import { jobs } from "@kube-ts/api/resource-types";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import type { Informer } from "@kube-ts/client/informer";
import type { WorkQueue } from "@kube-ts/client/work-queue";
import { Histogram, exponentialBuckets } from "@kube-ts/std/metrics";
import type { Controller, ControllerContext, ControllerDefinition } from "../framework/controller.ts";
import { controllerQueue } from "../framework/controller-queue.ts";
import { expiryMs } from "./plan.ts";

/** Timers hold no more than 24 days. */
const longestWaitMs = 24 * 3_600_000;

/** Deletes jobs that are over when their `ttlSecondsAfterFinished` have passed. */
class TtlAfterFinishedController implements Controller {
  readonly #context: ControllerContext;
  readonly #jobs: Informer<Job>;
  readonly #queue: WorkQueue<ObjectKey>;
  readonly #delay: Histogram;

  constructor(context: ControllerContext) {
    this.#context = context;
    this.#jobs = context.informers.informer(jobs);
    this.#queue = controllerQueue("ttl_jobs_to_delete", context);
    this.#delay = new Histogram({
      name: "ttl_after_finished_controller_job_deletion_duration_seconds",
      help: "How long after its time a job was deleted.",
      buckets: exponentialBuckets(0.1, 2, 14),
      registers: [context.metrics],
    });
    const enqueue = (job: Job) => {
      if (expiryMs(job) !== undefined) this.#queue.add(keyOf(job));
    };
    this.#jobs.subscribe({ added: enqueue, updated: (_old, job) => enqueue(job) });
  }

  run(signal: AbortSignal): Promise<void> {
    const { ttlAfterFinished } = this.#context.config.workers;
    return this.#queue.run(signal, ttlAfterFinished, (key, inner) => this.#reconcile(key, inner));
  }

  async #reconcile(key: ObjectKey, signal: AbortSignal): Promise<void> {
    const cached = this.#jobs.get(key);
    if (!cached || !this.#isDue(key, cached)) return;
    const { client, clock } = this.#context;
    try {
      // Its time may have been prolonged meanwhile, and what is deleted stays deleted: the server itself is asked.
      const fresh = await client.resource(jobs).get(splitKey(key), { signal });
      if (!this.#isDue(key, fresh)) return;
      const { resourceVersion } = fresh.metadata;
      const preconditions = { uid: uidOf(fresh), ...(resourceVersion !== undefined && { resourceVersion }) };
      await client.resource(jobs).delete(splitKey(key), { propagationPolicy: "Foreground", preconditions, signal });
      this.#delay.observe((clock.now() - (expiryMs(fresh) ?? clock.now())) / 1_000);
    } catch (error) {
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  /** Whether the time of the job has come; where it is still to come the key comes back then. */
  #isDue(key: ObjectKey, job: Job): boolean {
    const dueMs = expiryMs(job);
    if (dueMs === undefined) return false;
    const leftMs = dueMs - this.#context.clock.now();
    if (leftMs > 0) this.#queue.addAfter(key, Math.min(leftMs, longestWaitMs));
    return leftMs <= 0;
  }
}

export const ttlAfterFinishedController: ControllerDefinition = {
  name: "ttl-after-finished-controller",
  serviceAccount: "ttl-after-finished-controller",
  create: (context) => new TtlAfterFinishedController(context),
};
