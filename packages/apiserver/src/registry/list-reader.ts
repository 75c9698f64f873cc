import { apiError, badRequest, timeout } from "@kube-ts/api/status-error";
import { goQuote } from "@kube-ts/api/go-quote";
import type { KubeObject } from "@kube-ts/api/object";
import { withTimeout } from "@kube-ts/std/abort";
import type { StepTimer } from "../audit/step-timer.ts";
import { timeInTurn } from "../storage/long-work.ts";
import type { CacheSnapshot } from "../storage/watch-cache.ts";
import { StoreError } from "../storage/store.ts";
import type { Revision } from "../storage/store.ts";
import { checkListOptions } from "./list-options.ts";
import { decodeContinueToken } from "./continue-token.ts";
import type { ResourceRegistry } from "./resource-registry.ts";
import { StoredSnapshot } from "./stored-snapshot.ts";
import { storeCall, translateStoreFailure } from "./store-failure.ts";

/** Where a list starts and how fresh it has to be, as the query parameters say. */
export interface ReadPoint {
  readonly resourceVersion: string;
  readonly resourceVersionMatch: string;
  readonly continueToken: string;
  readonly limit: number;
}

export interface ReadView {
  readonly snapshot: CacheSnapshot | StoredSnapshot<KubeObject>;
  /** Continue after this key. */
  readonly afterKey: string | undefined;
  /** Whether `limit` applies: reads of "any" version are not paged. */
  readonly paged: boolean;
}

/** How long a read waits for a version that the cache has not seen. */
const waitMs = 3_000;

/** Finds the state that a list is to show. Throws BadRequest, Expired (410) or Timeout (504). */
export async function openReadView<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  point: ReadPoint,
  signal: AbortSignal,
  timer?: StepTimer,
): Promise<ReadView> {
  checkPoint(point);
  if (point.continueToken !== "") return continueReading(registry, point.continueToken, signal, timer);
  const isExact = await reach(registry, point, signal, timer);
  await timeInTurn(signal);
  const snapshot = isExact ? snapshotAt(registry, parseRevision(point.resourceVersion)) : registry.cache.snapshot();
  return { snapshot, afterKey: undefined, paged: point.resourceVersion !== "0" };
}

/** Resolves when the cache is as far as the list asks; answers whether the list shows that state and no later one. */
async function reach<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  { resourceVersion, resourceVersionMatch, limit }: ReadPoint,
  signal: AbortSignal,
  timer: StepTimer | undefined,
): Promise<boolean> {
  if (resourceVersion === "") {
    await waitForLatest(registry, signal, timer);
    return false;
  }
  if (resourceVersion === "0") {
    if (!registry.cache.ready) await waitFor(registry, 0n, signal);
    return false;
  }
  await waitFor(registry, parseRevision(resourceVersion), signal);
  // A limit without a match asks for exactly the version given: so it was before there were matches.
  return resourceVersionMatch === "Exact" || (resourceVersionMatch === "" && limit > 0);
}

/** Keeps the state of a list that has more pages, so that the next one finds it. */
export function keepForNextPage<T extends KubeObject>(registry: ResourceRegistry<T>, view: ReadView): void {
  if (view.snapshot instanceof StoredSnapshot) return;
  registry.cache.keep(view.snapshot);
}

/** Resolves once the cache shows every write acknowledged before the call; `timer` takes the time that the store needs. */
export async function waitForLatest<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  signal: AbortSignal,
  timer?: StepTimer,
): Promise<void> {
  const seen = registry.cache.ready ? registry.cache.revision : 0n;
  const revision = await storeCall(registry.store.currentRevision(signal), timer);
  // What the cache shows is of a state that was lost, until it finds out by itself.
  if (revision < seen)
    throw translateStoreFailure(new StoreError("unavailable", "the store went back to an earlier state"));
  if (!registry.cache.ready || registry.cache.revision < revision) await waitFor(registry, revision, signal);
}

/** Resolves once the cache has seen the revision; 504 after a few seconds, as upstream answers, or at once if the cache stops. */
export async function waitFor<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  revision: Revision,
  signal: AbortSignal,
): Promise<void> {
  const limited = withTimeout(signal, waitMs);
  try {
    await registry.cache.waitFor(revision, limited);
  } catch (error) {
    if (!limited.aborted || signal.aborted) throw translateStoreFailure(error);
    throw tooLargeRevision(revision, registry.cache.revision);
  }
}

export function parseRevision(text: string): Revision {
  const refuse = (problem: string) =>
    badRequest(`Invalid value: ${goQuote(text)}: strconv.ParseUint: parsing ${goQuote(text)}: ${problem}`);
  if (!/^\d+$/.test(text)) throw refuse("invalid syntax");
  const significant = text.replace(/^0+(?=\d)/, "");
  if (significant.length > 20 || BigInt(significant) >= 2n ** 64n) throw refuse("value out of range");
  return BigInt(significant);
}

async function continueReading<T extends KubeObject>(
  registry: ResourceRegistry<T>,
  token: string,
  signal: AbortSignal,
  timer: StepTimer | undefined,
): Promise<ReadView> {
  const { revision, afterKey } = decodeContinueToken(token);
  if (revision === undefined) await waitForLatest(registry, signal, timer);
  await timeInTurn(signal);
  const snapshot = revision === undefined ? registry.cache.snapshot() : snapshotAt(registry, revision);
  return { snapshot, afterKey, paged: true };
}

function snapshotAt<T extends KubeObject>(registry: ResourceRegistry<T>, revision: Revision): ReadView["snapshot"] {
  return registry.cache.snapshotAt(revision) ?? new StoredSnapshot(registry as unknown as ResourceRegistry, revision);
}

function checkPoint(point: ReadPoint): void {
  const { resourceVersion, continueToken } = point;
  checkListOptions(point);
  if (continueToken !== "" && resourceVersion !== "" && resourceVersion !== "0") {
    throw badRequest("specifying resource version is not allowed when using continue");
  }
}

function tooLargeRevision(revision: Revision, current: Revision): Error {
  const error = timeout(`Too large resource version: ${revision}, current: ${current}`, 1);
  const causes = [{ reason: "ResourceVersionTooLarge", message: "Too large resource version" }];
  return apiError({
    code: 504,
    reason: "Timeout",
    message: error.message,
    details: { causes, retryAfterSeconds: 1 },
  });
}
