import type { Namespace, Pod, Toleration } from "@kube-ts/api/core/v1";
import { podQosClass } from "@kube-ts/api/pod-resources";
import { pods } from "@kube-ts/api/resource-types";
import { internal } from "@kube-ts/api/status-error";
import { memoryPressureTaint } from "@kube-ts/api/well-known-labels";
import {
  type FieldProblem,
  type FieldSchema,
  integerField,
  listField,
  objectField,
  stringField,
} from "@kube-ts/std/config-schema";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { findNamespace } from "./find-namespace.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";
import { covers, mergeTolerations } from "./merge-tolerations.ts";
import type { PluginConfigKind } from "./plugin-configuration.ts";

const defaultAnnotation = "scheduler.alpha.kubernetes.io/defaultTolerations";
const allowedAnnotation = "scheduler.alpha.kubernetes.io/tolerationsWhitelist";

/** What pods tolerate, and may tolerate, in namespaces that say nothing of it. */
export interface TolerationLimits {
  readonly defaults: readonly Toleration[];
  /** No tolerations mean that there is no limit. */
  readonly allowed: readonly Toleration[];
}

const tolerationFields = objectField({
  key: stringField(),
  operator: stringField(),
  value: stringField(),
  effect: stringField(),
  tolerationSeconds: integerField(),
}) as FieldSchema<object> as FieldSchema<Toleration>;

const tolerationList = listField(tolerationFields);

/** `podtolerationrestriction.admission.k8s.io/v1alpha1 Configuration`. */
export const podTolerationRestrictionKind: PluginConfigKind<TolerationLimits> = {
  kind: "Configuration",
  apiVersions: ["podtolerationrestriction.admission.k8s.io/v1alpha1"],
  schema: objectField({ default: tolerationList, whitelist: tolerationList }),
  build: (decoded) => {
    const { default: defaults = [], whitelist: allowed = [] } = decoded as {
      readonly default?: readonly Toleration[];
      readonly whitelist?: readonly Toleration[];
    };
    return { defaults, allowed };
  },
};

/** Gives pods the tolerations of their namespace, and lets them have no others than it allows. */
export class PodTolerationRestriction implements AdmissionPlugin {
  readonly name = "PodTolerationRestriction";
  readonly #source: ObjectSource;
  readonly #limits: TolerationLimits;

  constructor(source: ObjectSource, limits: TolerationLimits = { defaults: [], allowed: [] }) {
    this.#source = source;
    this.#limits = limits;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const pod = podIn(attributes);
    if (!pod) return;
    const namespace = await findNamespace(this.#source, attributes.namespace, signal);
    if (attributes.operation === "CREATE") this.#addDefaults(pod, namespace);
    this.#check(attributes, pod, namespace);
  }

  async validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const pod = podIn(attributes);
    if (pod) this.#check(attributes, pod, await findNamespace(this.#source, attributes.namespace, signal));
  }

  #addDefaults({ spec, ...pod }: Pod, namespace: Namespace): void {
    const defaults = tolerationsIn(namespace, defaultAnnotation) ?? this.#limits.defaults;
    // Those that were promised memory are not kept away when others have taken too much of it.
    const promised: Toleration = { key: memoryPressureTaint, operator: "Exists", effect: "NoSchedule" };
    const more = podQosClass({ ...pod, spec }) === "BestEffort" ? [] : [promised];
    const merged = mergeTolerations([...mergeTolerations(defaults, spec.tolerations ?? [])], more);
    if (merged.length > 0) spec.tolerations = structuredClone(merged);
  }

  #check(attributes: AdmissionAttributes, { spec }: Pod, namespace: Namespace): void {
    const allowed = tolerationsIn(namespace, allowedAnnotation) ?? this.#limits.allowed;
    if (allowed.length === 0) return;
    const isAllowed = (toleration: Toleration) => allowed.some((each) => covers(each, toleration));
    if ((spec.tolerations ?? []).every(isAllowed)) return;
    throw admissionForbidden(
      attributes,
      "pod tolerations (possibly merged with namespace default tolerations) conflict with its namespace whitelist",
    );
  }
}

function podIn(attributes: AdmissionAttributes): Pod | undefined {
  return isWriteOf(attributes, pods) ? (attributes.object as Pod | undefined) : undefined;
}

/** The tolerations of an annotation; undefined without it. Throws an InternalError for what is none. */
function tolerationsIn({ metadata }: Namespace, annotation: string): readonly Toleration[] | undefined {
  const text = metadata.annotations?.[annotation];
  if (text === undefined || text === "") return undefined;
  const problems: FieldProblem[] = [];
  try {
    const list = tolerationList.decode(JSON.parse(text), annotation, problems);
    const [problem] = problems;
    if (problem) throw new Error(`${problem.path}: ${problem.message}`);
    return list;
  } catch (error) {
    throw internal(error);
  }
}
