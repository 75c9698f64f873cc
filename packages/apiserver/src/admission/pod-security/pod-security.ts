import type { Namespace, Pod, PodSpec } from "@kube-ts/api/core/v1";
import { aggregateFieldErrors } from "@kube-ts/api/field-error";
import { goQuote } from "@kube-ts/api/go-quote";
import { namespaces, pods } from "@kube-ts/api/resource-types";
import { internal, invalid } from "@kube-ts/api/status-error";
import type { Clock } from "@kube-ts/std/clock";
import type { ObjectSource } from "../../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "../admission.ts";
import { admissionForbidden } from "../forbidden.ts";
import { type PodMetadata, describeViolations, violationsOf } from "./evaluation.ts";
import { existingPodWarnings, variedFirst } from "./existing-pods.ts";
import { type LevelVersion, formatLevelVersion, isStricter, sameLevelVersion } from "./level-version.ts";
import {
  type NamespacePolicy,
  type PodSecurityPolicy,
  isFullyPrivileged,
  levelLabel,
  modes,
  policyOf,
  samePolicy,
  versionLabel,
} from "./namespace-policy.ts";
import { type PodSecurityConfiguration, defaultPodSecurity } from "./pod-security-configuration.ts";
import type { PodSecurityMetrics } from "./pod-security-metrics.ts";
import { templateReader } from "./pod-templates.ts";
import { isSignificantUpdate } from "./significant-update.ts";

const annotationPrefix = "pod-security.kubernetes.io/";

/** How long the pods of a namespace may be looked at when its level changes. */
const existingPodsMs = 1000;

/** Subresources of pods that carry no pod. An unknown one is judged, and so is safe. */
const otherSubresources = new Set(["exec", "attach", "binding", "eviction", "log", "portforward", "proxy", "status"]);

interface Judged {
  readonly metadata: PodMetadata;
  readonly spec: PodSpec;
  /** Templates are only told of: what becomes of their pods is decided when those are made. */
  readonly isPod: boolean;
}

/** Holds pods to the Pod Security Standards that the labels of their namespace name. */
export class PodSecurity implements AdmissionPlugin {
  readonly name = "PodSecurity";
  readonly #source: ObjectSource;
  readonly #clock: Clock;
  readonly #config: PodSecurityConfiguration;
  readonly #metrics: PodSecurityMetrics | undefined;

  constructor(
    source: ObjectSource,
    clock: Clock,
    config: PodSecurityConfiguration = defaultPodSecurity,
    metrics?: PodSecurityMetrics,
  ) {
    this.#source = source;
    this.#clock = clock;
    this.#config = config;
    this.#metrics = metrics;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | undefined {
    const { type, subresource, object } = attributes;
    const resource = `${type.group}/${type.plural}`;
    if (resource === "/namespaces") {
      if (subresource === "" && object) this.#judgeNamespace(attributes, object as Namespace);
      return undefined;
    }
    if (resource === "/pods") {
      return otherSubresources.has(subresource) || !object ? undefined : this.#judgeIn(attributes, podIn, signal);
    }
    const template = templateReader(resource);
    if (!template || subresource !== "" || !object) return undefined;
    return this.#judgeIn(
      attributes,
      () => {
        const found = template(object);
        return found?.spec && { metadata: found.metadata ?? {}, spec: found.spec, isPod: false };
      },
      signal,
    );
  }

  /** Judges what `read` finds by the policy of the namespace; without waiting where the namespace is cached. */
  #judgeIn(
    attributes: AdmissionAttributes,
    read: (attributes: AdmissionAttributes) => Judged | undefined,
    signal: AbortSignal,
  ): Promise<void> | undefined {
    const exemption = this.#exemptionOf(attributes);
    if (exemption !== undefined) {
      this.#exempt(attributes, exemption);
      return undefined;
    }
    const cached = this.#source.get(namespaces, "", attributes.namespace);
    if (!cached) return this.#judgeUncached(attributes, read, signal);
    this.#judge(attributes, policyOf(cached.metadata.labels, this.#config.defaults), read);
    return undefined;
  }

  async #judgeUncached(
    attributes: AdmissionAttributes,
    read: (attributes: AdmissionAttributes) => Judged | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const namespace = await this.#source.getLatest(namespaces, "", attributes.namespace, signal);
    if (!namespace) {
      this.#metrics?.failed(true, attributes);
      throw internal(new Error(`failed to lookup namespace ${goQuote(attributes.namespace)}`));
    }
    this.#judge(attributes, policyOf(namespace.metadata.labels, this.#config.defaults), read);
  }

  #judge(
    attributes: AdmissionAttributes,
    { policy, errors }: NamespacePolicy,
    read: (attributes: AdmissionAttributes) => Judged | undefined,
  ): void {
    if (errors.length === 0 && isFullyPrivileged(policy)) {
      if (attributes.type.plural !== "pods") return;
      this.#annotate(attributes, "enforce-policy", formatLevelVersion(policy.enforce));
      this.#metrics?.evaluated("allow", policy.enforce, "enforce", attributes);
      return;
    }
    const judged = read(attributes);
    if (!judged) return;
    if (this.#config.exemptions.runtimeClasses.has(judged.spec.runtimeClassName ?? "")) {
      this.#exempt(attributes, "runtimeClass");
      return;
    }
    if (errors.length > 0) {
      this.#annotate(attributes, "error", `Failed to parse policy: ${aggregateFieldErrors(errors)}`);
      this.#metrics?.failed(false, attributes);
    }
    this.#evaluate(attributes, policy, judged);
  }

  #evaluate(attributes: AdmissionAttributes, policy: PodSecurityPolicy, { metadata, spec, isPod }: Judged): void {
    const known: { readonly policy: LevelVersion; readonly text: string }[] = [];
    const problemOf = (level: LevelVersion): string => {
      const found = known.find((each) => sameLevelVersion(each.policy, level));
      if (found) return found.text;
      const text = describeViolations(violationsOf(level, metadata, spec));
      known.push({ policy: level, text });
      return text;
    };
    const { enforce, audit, warn } = policy;
    const refusal = isPod ? problemOf(enforce) : "";
    if (isPod) {
      this.#annotate(attributes, "enforce-policy", formatLevelVersion(enforce));
      this.#metrics?.evaluated(refusal === "" ? "allow" : "deny", enforce, "enforce", attributes);
    }
    const auditProblem = problemOf(audit);
    if (auditProblem !== "") {
      this.#annotate(attributes, "audit-violations", wouldViolate(audit, auditProblem));
      this.#metrics?.evaluated("deny", audit, "audit", attributes);
    }
    if (refusal !== "") {
      const name = goQuote(formatLevelVersion(enforce));
      throw admissionForbidden(attributes, `violates PodSecurity ${name}: ${refusal}`);
    }
    const warning = problemOf(warn);
    if (warning === "") return;
    attributes.warn(wouldViolate(warn, warning));
    this.#metrics?.evaluated("deny", warn, "warn", attributes);
  }

  #exemptionOf({ namespace, user }: AdmissionAttributes): string | undefined {
    const { namespaces: exemptNamespaces, usernames } = this.#config.exemptions;
    if (exemptNamespaces.has(namespace)) return "namespace";
    return usernames.has(user.name) ? "user" : undefined;
  }

  #exempt(attributes: AdmissionAttributes, exemption: string): void {
    this.#annotate(attributes, "exempt", exemption);
    this.#metrics?.exempted(attributes);
  }

  #annotate(attributes: AdmissionAttributes, key: string, value: string): void {
    attributes.annotate?.(annotationPrefix + key, value);
  }

  #judgeNamespace(attributes: AdmissionAttributes, namespace: Namespace): void {
    const name = attributes.name || (namespace.metadata.name ?? "");
    const { policy, errors } = policyOf(namespace.metadata.labels, this.#config.defaults);
    const old = attributes.operation === "UPDATE" ? (attributes.oldObject as Namespace | undefined) : undefined;
    const before = old && policyOf(old.metadata.labels, this.#config.defaults);
    if (errors.length > 0 && aggregateFieldErrors(errors) !== aggregateFieldErrors(before?.errors ?? [])) {
      throw invalid({ group: "", kind: "Namespace" }, name, errors);
    }
    if (before && !isTightened(policy.enforce, before.policy.enforce)) return;
    if (this.#config.exemptions.namespaces.has(name)) this.#warnOfExemption(attributes, name, namespace, policy);
    else if (before) this.#warnOfPods(attributes, name, policy.enforce);
  }

  #warnOfExemption(attributes: AdmissionAttributes, name: string, { metadata }: Namespace, policy: PodSecurityPolicy) {
    if (isFullyPrivileged(policy) || samePolicy(policy, this.#config.defaults)) return;
    const { labels = {} } = metadata;
    const set = modes.filter((mode) => {
      const isNamed = levelLabel(mode) in labels || versionLabel(mode) in labels;
      return isNamed && policy[mode].level !== "privileged";
    });
    const shown = set.map((mode) => `${mode}=${formatLevelVersion(policy[mode])}`).join(", ");
    attributes.warn(
      `namespace ${goQuote(name)} is exempt from Pod Security, and the policy (${shown}) will be ignored`,
    );
  }

  #warnOfPods(attributes: AdmissionAttributes, namespace: string, enforce: LevelVersion): void {
    const { runtimeClasses } = this.#config.exemptions;
    const concerned = this.#source
      .list(pods, namespace)
      .filter(({ spec }) => !runtimeClasses.has(spec.runtimeClassName ?? ""));
    const endMs = this.#clock.monotonicMs() + existingPodsMs;
    const isTimeUp = () => this.#clock.monotonicMs() >= endMs;
    for (const text of existingPodWarnings(namespace, variedFirst(concerned), enforce, isTimeUp)) {
      attributes.warn(text);
    }
  }
}

/** The pod of a write, unless the write changes nothing that the standards look at. */
function podIn({ operation, object, oldObject }: AdmissionAttributes): Judged | undefined {
  const pod = object as Pod;
  if (operation === "UPDATE" && oldObject && !isSignificantUpdate(pod, oldObject as Pod)) return undefined;
  return { metadata: pod.metadata, spec: pod.spec, isPod: true };
}

/** Whether pods that were let in before may now be against the policy. */
function isTightened(now: LevelVersion, before: LevelVersion): boolean {
  if (sameLevelVersion(now, before) || now.level === "privileged") return false;
  return now.version !== before.version || isStricter(now.level, before.level);
}

function wouldViolate(policy: LevelVersion, problem: string): string {
  return `would violate PodSecurity ${goQuote(formatLevelVersion(policy))}: ${problem}`;
}
