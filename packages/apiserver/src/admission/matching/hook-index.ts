import type { ResourceType } from "@kube-ts/api/resource-type";
import type { AdmissionAttributes } from "../admission.ts";
import { type MatchCriteria, matchRules } from "./match-criteria.ts";
import type { RequestShape } from "./resource-rules.ts";
import type { AdmissionForm, ServedForms } from "./served-forms.ts";

/** Something that is asked about the writes that its criteria match. */
export interface Hook {
  readonly criteria: MatchCriteria;
}

/** A hook that a write concerns, and the form in which it sees the object. */
export interface Candidate<H extends Hook> {
  readonly hook: H;
  readonly form: AdmissionForm;
}

/** Writes that have all of this in common concern the same hooks, but for rules that name objects. */
const maxShapesPerType = 64;

const exemptResources: ReadonlySet<string> = new Set([
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "validatingadmissionpolicies",
  "validatingadmissionpolicybindings",
  "mutatingadmissionpolicies",
  "mutatingadmissionpolicybindings",
]);

/** What decides about writes is not subject to decisions: who got that wrong could not repair it. */
export function isExempt({ type }: Pick<AdmissionAttributes, "type">): boolean {
  return type.group === "admissionregistration.k8s.io" && exemptResources.has(type.plural);
}

/**
 * Finds the hooks that a write concerns by their rules; what it finds is kept by resource, subresource and operation,
 * so that a write that concerns nobody costs a look into two maps.
 */
export class HookIndex<H extends Hook> {
  readonly #forms: ServedForms;
  #hooks: readonly H[] = [];
  #state: object | undefined;
  #known = new WeakMap<ResourceType, Map<string, readonly Candidate<H>[]>>();

  constructor(forms: ServedForms) {
    this.#forms = forms;
  }

  get isEmpty(): boolean {
    return this.#hooks.length === 0;
  }

  /** From now on these are the hooks, in their order. */
  replace(hooks: readonly H[]): void {
    this.#hooks = hooks;
    this.#known = new WeakMap();
  }

  /** The hooks whose rules match, in their order. */
  candidates(write: AdmissionAttributes): readonly Candidate<H>[] {
    if (this.#hooks.length === 0) return [];
    if (this.#state !== this.#forms.state) {
      this.#state = this.#forms.state;
      this.#known = new WeakMap();
    }
    const found = this.#ofShape(write);
    if (!found.some(({ hook }) => hook.criteria.namesObjects)) return found;
    return found.flatMap(({ hook, form }) => {
      const exact = hook.criteria.namesObjects ? this.#match(hook.criteria, write, write.name) : form;
      return exact ? [{ hook, form: exact }] : [];
    });
  }

  /** The form in which the criteria match the write, asked for each write. */
  match(criteria: MatchCriteria, write: AdmissionAttributes): AdmissionForm | undefined {
    return this.#match(criteria, write, write.name);
  }

  #ofShape(write: AdmissionAttributes): readonly Candidate<H>[] {
    let shapes = this.#known.get(write.type);
    if (!shapes) this.#known.set(write.type, (shapes = new Map()));
    const key = `${write.operation} ${write.subresource}`;
    const known = shapes.get(key);
    if (known) return known;
    const found = this.#hooks.flatMap((hook) => {
      const { criteria } = hook;
      const form = this.#match(criteria.namesObjects ? withoutNames(criteria) : criteria, write, "");
      return form ? [{ hook, form }] : [];
    });
    if (shapes.size >= maxShapesPerType) shapes.clear();
    shapes.set(key, found);
    return found;
  }

  #match(criteria: MatchCriteria, write: AdmissionAttributes, name: string): AdmissionForm | undefined {
    const { type, subresource, operation } = write;
    const { group, version, plural } = type;
    const resource = { group, version, resource: plural };
    const shape: RequestShape = { operation, resource, subresource, namespaced: type.namespaced, name };
    const requested = this.#forms.requested(type, subresource);
    const others = criteria.equivalent ? this.#forms.equivalents(type, subresource) : [];
    return matchRules(criteria, shape, requested, others);
  }
}

/** The criteria with rules that match objects of any name, and exclude none that are excluded by name. */
function withoutNames(criteria: MatchCriteria): MatchCriteria {
  return {
    ...criteria,
    rules: criteria.rules.map(({ resourceNames: _names, ...rule }) => rule),
    exclude: criteria.exclude.filter(({ resourceNames }) => !resourceNames?.length),
  };
}
