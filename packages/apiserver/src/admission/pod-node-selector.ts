import type { Pod } from "@kube-ts/api/core/v1";
import { labelValueErrors, qualifiedNameErrors } from "@kube-ts/api/names";
import { pods } from "@kube-ts/api/resource-types";
import type { Labels } from "@kube-ts/api/selectors";
import { internal } from "@kube-ts/api/status-error";
import { mapField, objectField, stringField } from "@kube-ts/std/config-schema";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { findNamespace } from "./find-namespace.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";
import type { PluginConfigKind } from "./plugin-configuration.ts";

const annotation = "scheduler.alpha.kubernetes.io/node-selector";
const clusterDefault = "clusterDefaultNodeSelector";

/** Where the pods of namespaces may run. */
export interface NodeSelectors {
  /** For namespaces that say nothing. */
  readonly clusterDefault: Labels;
  /** By namespace, all labels that its pods may select; any where a namespace is not listed. */
  readonly allowed: ReadonlyMap<string, Labels>;
}

/** The configuration of former times, which has no kind: `podNodeSelectorPluginConfig`. */
export const podNodeSelectorKind: PluginConfigKind<NodeSelectors> = {
  schema: objectField({ podNodeSelectorPluginConfig: mapField(stringField()) }),
  build: (decoded) => {
    const { podNodeSelectorPluginConfig: texts = {} } = decoded as {
      readonly podNodeSelectorPluginConfig?: Readonly<Record<string, string>>;
    };
    const { [clusterDefault]: fallback = "", ...byNamespace } = texts;
    const allowed = Object.entries(byNamespace).map(([name, text]) => [name, parseLabels(text)] as const);
    return { clusterDefault: parseLabels(fallback), allowed: new Map(allowed) };
  },
};

/** Keeps the pods of a namespace to the nodes that its annotation names. */
export class PodNodeSelector implements AdmissionPlugin {
  readonly name = "PodNodeSelector";
  readonly #source: ObjectSource;
  readonly #selectors: NodeSelectors;

  constructor(source: ObjectSource, selectors: NodeSelectors = { clusterDefault: {}, allowed: new Map() }) {
    this.#source = source;
    this.#selectors = selectors;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const pod = podIn(attributes);
    if (!pod) return;
    const wanted = await this.#selectorOf(attributes, signal);
    this.#check(attributes, pod, wanted);
    const merged = { ...wanted, ...pod.spec.nodeSelector };
    if (Object.keys(merged).length > 0) pod.spec.nodeSelector = merged;
  }

  async validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const pod = podIn(attributes);
    if (pod) this.#check(attributes, pod, await this.#selectorOf(attributes, signal));
  }

  #check(attributes: AdmissionAttributes, { spec }: Pod, wanted: Labels): void {
    const own: Labels = spec.nodeSelector ?? {};
    if (Object.entries(wanted).some(([key, value]) => own[key] !== undefined && own[key] !== value)) {
      const problem = "pod node label selector conflicts with its namespace node label selector";
      throw admissionForbidden(attributes, problem);
    }
    const allowed = this.#selectors.allowed.get(attributes.namespace) ?? {};
    if (Object.keys(allowed).length === 0) return;
    const selected = Object.entries({ ...wanted, ...own });
    if (selected.every(([key, value]) => allowed[key] === value)) return;
    throw admissionForbidden(attributes, "pod node label selector labels conflict with its namespace whitelist");
  }

  async #selectorOf({ namespace }: AdmissionAttributes, signal: AbortSignal): Promise<Labels> {
    const { metadata } = await findNamespace(this.#source, namespace, signal);
    const text = metadata.annotations?.[annotation];
    if (text === undefined) return this.#selectors.clusterDefault;
    try {
      return parseLabels(text);
    } catch (error) {
      throw internal(error);
    }
  }
}

function podIn(attributes: AdmissionAttributes): Pod | undefined {
  return isWriteOf(attributes, pods) ? (attributes.object as Pod | undefined) : undefined;
}

/** Reads `a=b,c=d`. Throws an Error in upstream's words. */
function parseLabels(text: string): Labels {
  if (text === "") return {};
  const labels: Record<string, string> = {};
  for (const part of text.split(",")) {
    const [key = "", value, ...more] = part.split("=").map((each) => each.trim());
    if (value === undefined || more.length > 0) throw new Error(`invalid selector: ${text}`);
    const problems = [...qualifiedNameErrors(key), ...labelValueErrors(value)];
    if (problems.length > 0) throw new Error(`invalid selector: ${text}: ${problems.join("; ")}`);
    labels[key] = value;
  }
  return labels;
}
