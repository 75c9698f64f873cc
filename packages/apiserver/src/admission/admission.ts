import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { UserInfo } from "../auth/user.ts";

export type AdmissionOperation = "CREATE" | "UPDATE" | "DELETE" | "CONNECT";

/** Options as clients send them. */
export interface KubeOptions {
  readonly kind: string;
  readonly apiVersion: string;
}

/** One write on its way to the store. */
export interface AdmissionAttributes {
  readonly operation: AdmissionOperation;
  readonly type: ResourceType;
  /** Empty for the object itself. */
  readonly subresource: string;
  readonly namespace: string;
  readonly name: string;
  /** The object to be written, or the body of a create-style subresource (Binding, Eviction, options). */
  readonly object: KubeObject | undefined;
  /** The stored object for UPDATE and DELETE. */
  readonly oldObject: KubeObject | undefined;
  readonly user: UserInfo;
  readonly dryRun: boolean;
  /** The options of the operation, such as CreateOptions; absent where nobody gave any. */
  readonly options?: KubeOptions;
  /** Adds an annotation to the audit event of the request; absent where no events are kept. */
  annotate?(key: string, value: string): void;
  /** As `annotate`, for what may hold parts of the object; absent where the event does not hold the object. */
  annotateBody?(key: string, value: string): void;
  /** Tells the audit event of the request how long webhooks took; absent where no events are kept. */
  spent?(step: "mutating-webhook" | "validating-webhook", ms: number): void;
  /** Adds a `Warning` header to the answer. */
  warn(message: string): void;
}

/** Judges writes. Rejections are thrown as `ApiError`s (403 Forbidden unless another status fits). */
export interface AdmissionPlugin {
  /** Upstream's plugin name, as in `--enable-admission-plugins`. */
  readonly name: string;
  handles(operation: AdmissionOperation): boolean;
  /** May change `attributes.object`. */
  admit?(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | void;
  /** Runs after all mutation and validation; must not change anything. */
  validate?(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> | void;
  [Symbol.dispose]?(): void;
}

/** All plugins in their order. */
export interface AdmissionChain {
  admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void>;
  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void>;
}
