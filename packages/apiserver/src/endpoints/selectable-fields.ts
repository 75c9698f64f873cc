import type { ResourceType } from "@kube-ts/api/resource-type";
import { goQuote } from "@kube-ts/api/go-quote";

/** What field selectors may name of a resource in one version. */
export interface SelectableFields {
  /** The name that the field has in the stored version; undefined for one that cannot be named. */
  get(field: string): string | undefined;
  /** What clients are told of such a field. */
  problem(field: string): string;
}

interface FieldNames {
  readonly type: Pick<ResourceType, "namespaced">;
  /** Names of fields besides those of metadata, with the names in the stored version. */
  readonly own: Readonly<Record<string, string>>;
  /** Whether the kind says by itself which fields it has; upstream words it otherwise where it does not. */
  readonly isSpecific: boolean;
  readonly problem?: ((field: string) => string) | undefined;
}

const metadataFields = ["metadata.name", "metadata.namespace"];

/** The fields, and upstream's wording for all others. */
export function selectableFields({ type, own, isSpecific, problem }: FieldNames): SelectableFields {
  const hasNamespace = type.namespaced || !isSpecific;
  const metadata = metadataFields.slice(0, hasNamespace ? 2 : 1).map((name) => [name, name] as const);
  const names = new Map([...metadata, ...Object.entries(own)]);
  return { get: (field) => names.get(field), problem: problem ?? (isSpecific ? notSupported : notKnown) };
}

function notSupported(field: string): string {
  return `field label not supported: ${field}`;
}

function notKnown(field: string): string {
  return `${goQuote(field)} is not a known field selector: only ${metadataFields.map(goQuote).join(", ")}`;
}
