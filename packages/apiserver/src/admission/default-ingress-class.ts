import type { Ingress } from "@kube-ts/api/networking/v1";
import { nameOf } from "@kube-ts/api/object";
import { ingressClasses, ingresses } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";
import { ingressClassAnnotation } from "../registry/networking/validate-ingress.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";

const isDefaultAnnotation = "ingressclass.kubernetes.io/is-default-class";

/** Gives new ingresses that name no class the default one, if there is one. */
export class DefaultIngressClass implements AdmissionPlugin {
  readonly name = "DefaultIngressClass";
  readonly #source: ObjectSource;

  constructor(source: ObjectSource) {
    this.#source = source;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE";
  }

  admit(attributes: AdmissionAttributes): void {
    if (!isWriteOf(attributes, ingresses) || !attributes.object) return;
    const { spec, metadata } = attributes.object as Ingress;
    if (spec.ingressClassName !== undefined || metadata.annotations?.[ingressClassAnnotation] !== undefined) return;
    const defaults = this.#source
      .list(ingressClasses)
      .filter((candidate) => candidate.metadata.annotations?.[isDefaultAnnotation] === "true");
    const [first] = defaults;
    if (!first) return;
    if (defaults.length > 1) {
      const problem = `${defaults.length} default IngressClasses were found, only 1 allowed`;
      throw admissionForbidden(attributes, `Internal error occurred: ${problem}`);
    }
    spec.ingressClassName = nameOf(first);
  }
}
