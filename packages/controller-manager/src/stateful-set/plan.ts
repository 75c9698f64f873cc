import type { StatefulSet } from "@kube-ts/api/apps/v1";
import type { Pod } from "@kube-ts/api/core/v1";
import { scaledValue } from "@kube-ts/api/int-or-string";
import { hasEnded } from "../framework/pod-ranking.ts";
import type { ClaimChanges } from "./claims.ts";
import { hasClaimOfEarlierPod, planClaims } from "./claims.ts";
import { firstOrdinal, hasIdentity, hasStorage, newPod, revisionOf, withIdentity } from "./identity.ts";
import type { Place, Places, SetView, TakenPlace } from "./view.ts";
import { holderOf, isRunningAndAvailable, isServing, isTerminating, placesOf } from "./view.ts";

export type PodAction =
  | { readonly kind: "create"; readonly pod: Pod; readonly claims: ClaimChanges }
  /** The pod stays; its claims, labels or volumes are put right. */
  | { readonly kind: "repair"; readonly pod: Pod; readonly claims: ClaimChanges; readonly repaired: Pod | undefined }
  | { readonly kind: "delete"; readonly pod: Pod; readonly reason: "ended" | "scale-down" | "update" };

/**
 * What to do now. The phases follow one another, each only when all of the one before has succeeded; `ordered` says
 * whether the actions of a phase do, too.
 */
export interface SetPlan {
  readonly ordered: boolean;
  readonly phases: readonly (readonly PodAction[])[];
}

/** What the next place has to wait for is not said; only whether it has to. */
interface Step {
  readonly action: PodAction | undefined;
  readonly blocks: boolean;
}

/** Brings the pods nearer to what the set wants: first those that are missing or broken, then those too many, then updates. */
export function planSet(view: SetView): SetPlan {
  const { set } = view;
  const ordered = set.spec.podManagementPolicy !== "Parallel";
  if (set.metadata.deletionTimestamp) return { ordered, phases: [] };
  const places = placesOf(view);
  const wanted = takeSteps(places.wanted, (place) => planWanted(view, place, ordered), ordered);
  if (wanted.blocked) return { ordered, phases: [wanted.actions] };
  const claims = places.condemned.flatMap((place) => planCondemnedClaims(view, place));
  const first = firstUnavailable(view, places);
  const condemned = takeSteps(places.condemned, (place) => planCondemned(view, place, first, ordered), ordered);
  const phases = [wanted.actions, claims, condemned.actions];
  if (condemned.blocked || set.spec.updateStrategy?.type === "OnDelete") return { ordered, phases };
  return { ordered, phases: [...phases, planUpdate(view, places.wanted)] };
}

/** The steps for these places, in order up to the first that blocks. */
function takeSteps<P extends Place>(
  places: readonly P[],
  step: (place: P) => Step,
  ordered: boolean,
): { readonly actions: readonly PodAction[]; readonly blocked: boolean } {
  const actions: PodAction[] = [];
  for (const place of places) {
    const { action, blocks } = step(place);
    if (action) actions.push(action);
    if (blocks && ordered) return { actions, blocked: true };
  }
  return { actions, blocked: false };
}

function planWanted(view: SetView, place: Place, ordered: boolean): Step {
  const { set, nowMs } = view;
  const { pod } = place;
  if (!pod) return { action: planCreation(view, place), blocks: true };
  // Whatever it ended with: the pods of a set run for ever. Its place is free when it is gone from the server.
  if (hasEnded(pod)) {
    return { action: isTerminating(pod) ? undefined : { kind: "delete", pod, reason: "ended" }, blocks: true };
  }
  const waits = isTerminating(pod) || !isRunningAndAvailable(pod, set, nowMs);
  const isPending = pod.status?.phase === "Pending";
  if (waits && ordered && !isPending) return { action: undefined, blocks: true };
  return { action: planRepair(view, { ...place, pod }, !(waits && ordered)), blocks: waits };
}

function planCreation(view: SetView, place: Place): PodAction | undefined {
  const { set, claims } = view;
  const holder = holderOf(set, place);
  if (hasClaimOfEarlierPod(set, holder, claims)) return undefined;
  const { name, template } = revisionFor(view, place.ordinal);
  return {
    kind: "create",
    pod: newPod(set, place.ordinal, name, template),
    claims: planClaims(set, holder, claims, true),
  };
}

/** Which revision a new pod gets: those that a rolling update leaves alone stay as they were. */
function revisionFor({ set, current, update }: SetView, ordinal: number): SetView["current"] {
  const { type, rollingUpdate } = set.spec.updateStrategy ?? {};
  const index = ordinal - firstOrdinal(set);
  if (rollingUpdate) return index < (rollingUpdate.partition ?? 0) ? current : update;
  if (type === "RollingUpdate") return index < (set.status?.currentReplicas ?? 0) ? current : update;
  return update;
}

/** `whole` tells whether labels and volumes are looked at, too. */
function planRepair({ set, claims }: SetView, { ordinal, pod }: TakenPlace, whole: boolean): PodAction | undefined {
  const isRight = !whole || (hasIdentity(pod) && hasStorage(set, pod));
  const withMissing = pod.status?.phase === "Pending" || (whole && !hasStorage(set, pod));
  const changes = planClaims(set, holderOf(set, { ordinal, pod }), claims, withMissing);
  if (isRight && changes.create.length === 0 && changes.update.length === 0) return undefined;
  return { kind: "repair", pod, claims: changes, repaired: isRight ? undefined : withIdentity(set, pod, ordinal) };
}

/** Before a pod goes it is settled whether its claims go with it. */
function planCondemnedClaims({ set, claims }: SetView, place: TakenPlace): PodAction[] {
  const changes = planClaims(set, holderOf(set, place), claims, false);
  if (changes.update.length === 0) return [];
  return [{ kind: "repair", pod: place.pod, claims: changes, repaired: undefined }];
}

function planCondemned({ set, nowMs }: SetView, { pod }: TakenPlace, first: Pod | undefined, ordered: boolean): Step {
  if (isTerminating(pod)) return { action: undefined, blocks: true };
  if (ordered && pod !== first && !isRunningAndAvailable(pod, set, nowMs)) return { action: undefined, blocks: true };
  return { action: { kind: "delete", pod, reason: "scale-down" }, blocks: true };
}

/** The pod with the lowest place that does not serve, wanted ones before the others. It may always be removed. */
function firstUnavailable(view: SetView, { wanted, condemned }: Places): Pod | undefined {
  const places = [...wanted, ...condemned.toReversed()];
  return places.find(({ pod }) => !isServing(view, pod))?.pod;
}

/** Which pods make way for the new revision, highest ordinal first. */
function planUpdate(view: SetView, wanted: readonly Place[]): readonly PodAction[] {
  const { partition = 0 } = view.set.spec.updateStrategy?.rollingUpdate ?? {};
  const targets = wanted.slice(partition).toReversed();
  if (view.honoursMaxUnavailable) return planManyUpdates(view, wanted, targets);
  for (const { pod } of targets) {
    if (pod && isOutdated(view, pod)) return [{ kind: "delete", pod, reason: "update" }];
    if (!isServing(view, pod)) return [];
  }
  return [];
}

function planManyUpdates(view: SetView, wanted: readonly Place[], targets: readonly Place[]): readonly PodAction[] {
  let mayGo = maxUnavailable(view.set) - wanted.filter(({ pod }) => !isServing(view, pod)).length;
  const actions: PodAction[] = [];
  for (const { pod } of targets) {
    if (!pod || !isOutdated(view, pod)) continue;
    const serves = isServing(view, pod);
    // One that does not serve is counted already, and nothing is lost with it.
    if (serves && mayGo <= 0) continue;
    if (serves) mayGo -= 1;
    actions.push({ kind: "delete", pod, reason: "update" });
  }
  return actions;
}

function isOutdated({ update }: SetView, pod: Pod): boolean {
  return revisionOf(pod) !== update.name && !isTerminating(pod) && !hasEnded(pod);
}

/** How many pods may be out of service during an update; at least one. */
export function maxUnavailable({ spec }: StatefulSet): number {
  const wanted = spec.updateStrategy?.rollingUpdate?.maxUnavailable ?? 1;
  return Math.max(1, scaledValue(wanted, spec.replicas ?? 1, "down"));
}
