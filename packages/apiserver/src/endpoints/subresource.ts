import type { ResourceContext } from "./resource-context.ts";

/** A subresource with a protocol of its own: `pods/binding`, `pods/log`, `serviceaccounts/token`, … */
export interface Subresource {
  /** The resource and the subresource, as in RBAC rules: `pods/log`. */
  readonly path: string;
  /** The group of the resource. */
  readonly group: string;
  /** The versions that have it; absent: all. */
  readonly versions?: readonly string[];
  readonly verbs: readonly string[];
  /** Whether it takes every HTTP method, besides those that the verbs stand for. */
  readonly anyMethod?: boolean;
  /** The kind of its body, for discovery. */
  readonly kind: string;
  /** Where that kind lives when it is not in the resource's own group-version. */
  readonly kindGroup?: string;
  readonly kindVersion?: string;
  handle(context: ResourceContext): Promise<void>;
}

/** A resource that is never stored: a review, a binding, or what is made for the request. */
export interface VirtualResource {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly singular: string;
  readonly kind: string;
  readonly namespaced: boolean;
  /** Absent: only `create`. */
  readonly verbs?: readonly string[];
  readonly shortNames?: readonly string[];
  handle(context: VirtualContext): Promise<void>;
}

export type VirtualContext = Pick<ResourceContext, "exchange" | "info" | "form" | "admission">;
