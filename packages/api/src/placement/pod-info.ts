import type { Pod, PodAffinityTerm } from "../core/v1.ts";
import { keyOf, nameOf, namespaceOf, type ObjectKey, uidOf } from "../object.ts";
import { isSidecar, podRequests } from "../pod-resources.ts";
import { parseQuantity } from "../quantity.ts";
import { LabelRequirement, nothing, type Selector, SelectorError, selectorOf } from "../selectors.ts";
import { type HostPort, hostPortsOf } from "./host-ports.ts";
import { type Labels, ownLabels } from "./labels.ts";
import { type Resources, resourcesOf } from "./resources.ts";

/** Labels of an object; never undefined. */
export type { Labels };

/** A term of inter-pod (anti-)affinity, ready for matching. */
export interface AffinityTerm {
  readonly topologyKey: string;
  readonly selector: Selector;
  readonly namespaces: ReadonlySet<string>;
  readonly namespaceSelector: Selector;
}

export interface WeightedTerm {
  readonly weight: number;
  readonly term: AffinityTerm;
}

export interface PodAffinityTerms {
  readonly requiredAffinity: readonly AffinityTerm[];
  readonly requiredAntiAffinity: readonly AffinityTerm[];
  readonly preferredAffinity: readonly WeightedTerm[];
  readonly preferredAntiAffinity: readonly WeightedTerm[];
}

/** A pod with what the scheduler derives from it once. */
export interface PodInfo {
  readonly pod: Pod;
  readonly key: ObjectKey;
  readonly uid: string;
  readonly name: string;
  readonly namespace: string;
  readonly labels: Labels;
  readonly priority: number;
  readonly requests: Resources;
  /** Requests for scoring: pods that ask for no cpu or memory count as if they asked for a little. */
  readonly scoredCpu: number;
  readonly scoredMemory: number;
  readonly hostPorts: readonly HostPort[];
  /** Undefined for a pod without inter-pod affinity. */
  readonly affinity: PodAffinityTerms | undefined;
  /** Why the inter-pod affinity cannot be used; such a pod is not scheduled. */
  readonly affinityError: SelectorError | undefined;
}

const defaultRequests = new Map([
  ["cpu", parseQuantity("100m")],
  ["memory", parseQuantity("200Mi")],
]);

const known = new WeakMap<Pod, PodInfo>();

/** Derives the pod's facts; the same object is answered for the same pod. */
export function podInfoOf(pod: Pod): PodInfo {
  let info = known.get(pod);
  if (!info) known.set(pod, (info = derive(pod)));
  return info;
}

function derive(pod: Pod): PodInfo {
  const namespace = namespaceOf(pod);
  const requests = resourcesOf(podRequests(pod, { useStatus: true }));
  const scored = asksForAll(pod) ? requests : resourcesOf(podRequests(pod, { useStatus: true, defaultRequests }));
  return {
    pod,
    key: keyOf(pod),
    uid: uidOf(pod),
    name: nameOf(pod),
    namespace,
    labels: ownLabels(pod.metadata.labels),
    priority: pod.spec.priority ?? 0,
    requests,
    scoredCpu: scored.milliCpu,
    scoredMemory: scored.memory,
    hostPorts: hostPortsOf(pod),
    ...affinityOf(pod, namespace),
  };
}

function asksForAll(pod: Pod): boolean {
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? []).filter(isSidecar)];
  return containers.every(({ resources }) => resources?.requests?.["cpu"] && resources.requests["memory"]);
}

/** A selector that older API servers let pass must not bring the scheduler down. */
function affinityOf(pod: Pod, namespace: string): Pick<PodInfo, "affinity" | "affinityError"> {
  try {
    return { affinity: affinityTerms(pod, namespace), affinityError: undefined };
  } catch (error) {
    if (error instanceof SelectorError) return { affinity: undefined, affinityError: error };
    throw error;
  }
}

function affinityTerms(pod: Pod, namespace: string): PodAffinityTerms | undefined {
  const { podAffinity, podAntiAffinity } = pod.spec.affinity ?? {};
  if (!podAffinity && !podAntiAffinity) return undefined;
  const compile = (term: PodAffinityTerm) => compileTerm(term, namespace, ownLabels(pod.metadata.labels));
  const weighted = (preferred: { weight: number; podAffinityTerm: PodAffinityTerm }[] | undefined) =>
    (preferred ?? []).map(({ weight, podAffinityTerm }) => ({ weight, term: compile(podAffinityTerm) }));
  return {
    requiredAffinity: (podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(compile),
    requiredAntiAffinity: (podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).map(compile),
    preferredAffinity: weighted(podAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
    preferredAntiAffinity: weighted(podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution),
  };
}

function compileTerm(term: PodAffinityTerm, namespace: string, labels: Labels): AffinityTerm {
  const { namespaces = [], namespaceSelector, topologyKey, matchLabelKeys = [], mismatchLabelKeys = [] } = term;
  let selector = selectorOf(term.labelSelector);
  for (const key of matchLabelKeys) {
    const value = labels[key];
    if (value !== undefined) selector = selector.with(new LabelRequirement(key, "in", [value]));
  }
  for (const key of mismatchLabelKeys) {
    const value = labels[key];
    if (value !== undefined) selector = selector.with(new LabelRequirement(key, "notin", [value]));
  }
  const own = namespaces.length === 0 && namespaceSelector === undefined;
  return {
    topologyKey,
    selector,
    namespaces: new Set(own ? [namespace] : namespaces),
    namespaceSelector: namespaceSelector === undefined ? nothing : selectorOf(namespaceSelector),
  };
}

/** Whether the pod is one that the term speaks of; `namespaceLabels` are those of the pod's namespace. */
export function termMatches(term: AffinityTerm, pod: PodInfo, namespaceLabels: Labels | undefined): boolean {
  const inScope =
    term.namespaces.has(pod.namespace) ||
    (!term.namespaceSelector.isNothing && term.namespaceSelector.matches(namespaceLabels));
  return inScope && term.selector.matches(pod.labels);
}
