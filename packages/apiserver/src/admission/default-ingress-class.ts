import type { Ingress, IngressClass } from "@kube-ts/api/networking/v1";
import { nameOf } from "@kube-ts/api/object";
import { ingressClasses, ingresses } from "@kube-ts/api/resource-types";
import type { ObjectSource } from "../registry/object-source.ts";
import { ingressClassAnnotation } from "../registry/networking/validate-ingress.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { isWriteOf } from "./forbidden.ts";
import { newestDefault } from "./newest-default.ts";

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
    const newest = newestDefault(this.#source.list(ingressClasses).filter(isDefault));
    if (newest) spec.ingressClassName = nameOf(newest);
  }
}

function isDefault({ metadata }: IngressClass): boolean {
  return metadata.annotations?.[isDefaultAnnotation] === "true";
}
