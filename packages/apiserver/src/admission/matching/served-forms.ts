import type { MapSchema } from "@kube-ts/api/apply/apply-schema";
import type { JsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";

export interface KindName {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export interface ResourceName {
  readonly group: string;
  readonly version: string;
  readonly resource: string;
}

/** How a resource or subresource looks in one of the versions in which it is served. */
export interface AdmissionForm {
  readonly kind: KindName;
  readonly resource: ResourceName;
  /** How configurations are applied to it; undefined where nothing can be applied. */
  readonly schema: MapSchema | undefined;
  /** The object in this form. It may share parts with the object and is not to be changed. Throws an ApiError. */
  show(object: KubeObject, signal: AbortSignal): KubeObject | Promise<KubeObject>;
  /** Gives the object the content of a form that was changed, which is taken over. Throws an ApiError. */
  take(object: KubeObject, changed: JsonObject, signal: AbortSignal): void | Promise<void>;
}

/** A kind whose objects policies can take parameters from. */
export interface ParamResource {
  readonly namespaced: boolean;
  get(namespace: string, name: string): KubeObject | undefined;
  /** Of all namespaces when it is empty. In the order of names. */
  list(namespace: string): readonly KubeObject[];
}

/** What the server serves, as admission sees it. */
export interface ServedForms {
  /** Another object whenever something else is served. */
  readonly state: object;
  /** The form that a request for the resource has. */
  requested(type: ResourceType, subresource: string): AdmissionForm;
  /** The forms in all other versions of the same objects. */
  equivalents(type: ResourceType, subresource: string): readonly AdmissionForm[];
  params(kind: KindName): ParamResource | undefined;
}
