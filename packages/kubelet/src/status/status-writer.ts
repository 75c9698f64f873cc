import type { Pod, PodStatus } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { type ObjectKey, objectKey } from "@kube-ts/api/object";
import { isConflict, isNotFound } from "@kube-ts/api/status-error";
import { aborted } from "@kube-ts/std/abort";
import { type BackoffPolicy, backoffDelayMs } from "@kube-ts/std/backoff";
import type { Clock } from "@kube-ts/std/clock";
import { type Logger, errorFields } from "@kube-ts/std/log";
import type { Random } from "@kube-ts/std/random";
import { TaskGroup } from "@kube-ts/std/task-group";
import type { ResourceClient } from "@kube-ts/client/client";
import type { Lister } from "@kube-ts/client/informer";
import { isOlderVersion } from "@kube-ts/client/resource-version";
import { statusPatch } from "./status-patch.ts";

export interface StatusWriterOptions {
  readonly pods: Pick<ResourceClient<Pod>, "patch">;
  /** The pods of this node as the API server has them. */
  readonly lister: Pick<Lister<Pod>, "get">;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  /** Told of each status that was stored: how long after it first differed. */
  onStored?(seconds: number): void;
}

const retryPolicy: BackoffPolicy = { baseMs: 500, maxMs: 10_000, factor: 2, jitter: 0.5 };
/** Writes under way at the same time; one at most for each pod. */
const maxWrites = 8;

interface Entry {
  readonly key: ObjectKey;
  readonly uid: string;
  wanted: PodStatus;
  /** The newest object that a write of ours was answered with. */
  written: Pod | undefined;
  writing: boolean;
  /** Runs out when a failed write may be tried again. */
  rest: Disposable | undefined;
  /** The stored status may differ from the wanted one. */
  dirty: boolean;
  /** Since when it does; undefined while it does not. */
  changedAtMs: number | undefined;
  failures: number;
  waiters: (() => void)[];
}

/**
 * Makes the stored statuses of pods what the workers computed: writes differences only, one write a pod at a time,
 * the newest status first, until the API server has it. Compares again whenever the stored object changes.
 */
export class StatusWriter {
  readonly #options: StatusWriterOptions;
  readonly #entries = new Map<string, Entry>();
  readonly #queue = new Set<Entry>();
  #tasks: TaskGroup | undefined;
  #writes = 0;

  constructor(options: StatusWriterOptions) {
    this.#options = options;
  }

  /** Wants this status for the pod; cheap when nothing changed. `pod` is the API's object: for a static pod its mirror. */
  set(pod: Pod, status: PodStatus): void {
    const { namespace, name = "", uid = "" } = pod.metadata;
    const entry = this.#entries.get(uid);
    if (entry && semanticEqual(entry.wanted, status)) return;
    if (entry) entry.wanted = status;
    const current = entry ?? this.#add(objectKey(namespace, name), uid, status);
    current.changedAtMs ??= this.#options.clock.monotonicMs();
    this.#enqueue(current);
  }

  /** The stored object has changed, or may have. */
  recheck(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (entry) this.#enqueue(entry);
  }

  /** Nobody wants anything of the pod any more. */
  forget(podUid: string): void {
    const entry = this.#entries.get(podUid);
    if (!entry) return;
    this.#entries.delete(podUid);
    this.#queue.delete(entry);
    entry.rest?.[Symbol.dispose]();
    settle(entry);
  }

  /** Resolves when what was last wanted is stored, or the pod is gone. */
  async stored(podUid: string, signal: AbortSignal): Promise<void> {
    const entry = this.#entries.get(podUid);
    if (!entry?.dirty) return;
    await Promise.race([new Promise<void>((resolve) => entry.waiters.push(resolve)), aborted(signal)]);
    signal.throwIfAborted();
  }

  /** Writes until the signal aborts; what is not written then is found out anew by the next kubelet. */
  async run(signal: AbortSignal): Promise<void> {
    const tasks = new TaskGroup(signal);
    this.#tasks = tasks;
    this.#pump();
    await aborted(tasks.signal);
    this.#tasks = undefined;
    for (const entry of this.#entries.values()) entry.rest?.[Symbol.dispose]();
    await tasks.settled();
  }

  #add(key: ObjectKey, uid: string, wanted: PodStatus): Entry {
    const entry: Entry = {
      key,
      uid,
      wanted,
      written: undefined,
      writing: false,
      rest: undefined,
      dirty: false,
      changedAtMs: undefined,
      failures: 0,
      waiters: [],
    };
    this.#entries.set(uid, entry);
    return entry;
  }

  #enqueue(entry: Entry): void {
    entry.dirty = true;
    if (entry.writing || entry.rest) return;
    this.#queue.add(entry);
    this.#pump();
  }

  #pump(): void {
    for (const entry of this.#queue) {
      const tasks = this.#tasks;
      if (!tasks || this.#writes >= maxWrites) return;
      this.#queue.delete(entry);
      entry.writing = true;
      this.#writes += 1;
      tasks.start((signal) =>
        this.#write(entry, signal).finally(() => {
          entry.writing = false;
          this.#writes -= 1;
          if (this.#entries.get(entry.uid) === entry && entry.dirty && !entry.rest) this.#queue.add(entry);
          this.#pump();
        }),
      );
    }
  }

  async #write(entry: Entry, signal: AbortSignal): Promise<void> {
    const { clock, random, log } = this.#options;
    entry.dirty = false;
    try {
      const wrote = await this.#patch(entry, signal);
      entry.failures = 0;
      this.#measure(entry, wrote);
      if (!entry.dirty) settle(entry);
    } catch (error) {
      if (signal.aborted) throw error;
      if (isNotFound(error) || isConflict(error)) {
        // The object is gone or is another pod's by now: there is nothing to tell.
        settle(entry);
        return;
      }
      entry.dirty = true;
      const delayMs = backoffDelayMs(retryPolicy, entry.failures, random);
      entry.failures += 1;
      log.warn("pod status could not be written", { pod: entry.key, retryAfterMs: delayMs, error: errorFields(error) });
      entry.rest = clock.setTimer(delayMs, () => {
        entry.rest = undefined;
        if (this.#entries.get(entry.uid) === entry) this.#enqueue(entry);
      });
    }
  }

  #measure(entry: Entry, wrote: boolean): void {
    const { clock, onStored } = this.#options;
    if (entry.changedAtMs === undefined || entry.dirty) return;
    if (wrote) onStored?.((clock.monotonicMs() - entry.changedAtMs) / 1000);
    entry.changedAtMs = undefined;
  }

  /** Answers whether anything differed. */
  async #patch(entry: Entry, signal: AbortSignal): Promise<boolean> {
    const { pods, lister } = this.#options;
    const cached = lister.get(entry.key);
    const base = newest(cached?.metadata.uid === entry.uid ? cached : undefined, entry.written);
    if (!base) return false;
    const patch = statusPatch(base.status ?? {}, entry.wanted);
    if (!patch) return false;
    const { namespace, name = "" } = base.metadata;
    const body = { metadata: { uid: entry.uid }, status: patch };
    const key = { ...(namespace ? { namespace } : {}), name };
    entry.written = await pods.patch(key, "strategic", body, { subresource: "status", signal });
    return true;
  }
}

function settle(entry: Entry): void {
  for (const resolve of entry.waiters) resolve();
  entry.waiters = [];
}

/** Our own last write is newer than the cache until the watch has caught up. */
function newest(cached: Pod | undefined, written: Pod | undefined): Pod | undefined {
  if (!cached || !written) return cached ?? written;
  return isOlderVersion(cached.metadata.resourceVersion, written.metadata.resourceVersion) ? written : cached;
}
