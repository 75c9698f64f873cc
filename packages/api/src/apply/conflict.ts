import { goQuote } from "../go-quote.ts";
import type { StatusCause } from "../meta/v1.ts";
import { FieldSet } from "./field-set.ts";
import { type ManagerIdentity, identityKey } from "./managed-fields.ts";
import { type ElementPath, compareText, pathText } from "./path-element.ts";

/** A field that is to be changed and that another manager owns. */
export interface Conflict {
  readonly owner: ManagerIdentity;
  readonly path: ElementPath;
}

/** An apply that would change fields of other managers. */
export class ApplyConflictError extends Error {
  override readonly name = "ApplyConflictError";
  readonly code = "apply-conflict";
  readonly conflicts: readonly Conflict[];

  constructor(conflicts: readonly Conflict[]) {
    const sorted = conflicts
      .map((conflict) => ({ conflict, key: identityKey(conflict.owner) }))
      .toSorted((a, b) => compareText(a.key, b.key))
      .map(({ conflict }) => conflict);
    super(conflictMessage(sorted));
    this.conflicts = sorted;
  }

  /** The fields in conflict, whoever owns them. */
  get fields(): FieldSet {
    return FieldSet.of(...this.conflicts.map(({ path }) => path));
  }

  /** For the details of a Status. */
  get causes(): StatusCause[] {
    return this.conflicts.map(({ owner, path }) => ({
      reason: "FieldManagerConflict",
      message: `conflict with ${describeManager(owner)}`,
      field: pathText(path),
    }));
  }
}

function conflictMessage(conflicts: readonly Conflict[]): string {
  const [only] = conflicts;
  if (only && conflicts.length === 1) {
    return `Apply failed with 1 conflict: conflict with ${describeManager(only.owner)}: ${pathText(only.path)}`;
  }
  const lines: string[] = [];
  let previous: string | undefined;
  for (const { owner, path } of conflicts) {
    const key = identityKey(owner);
    if (key !== previous) lines.push(`conflicts with ${describeManager(owner)}:`);
    previous = key;
    lines.push(`- ${pathText(path)}`);
  }
  return `Apply failed with ${conflicts.length} conflicts: ${lines.join("\n")}`;
}

/** A manager as messages name it: `"kubectl" with subresource "scale" using apps/v1`. */
export function describeManager({ manager, operation, apiVersion, subresource }: ManagerIdentity): string {
  const part = subresource === "" ? "" : ` with subresource ${goQuote(subresource)}`;
  return `${goQuote(manager)}${part}${operation === "Update" ? ` using ${apiVersion}` : ""}`;
}
