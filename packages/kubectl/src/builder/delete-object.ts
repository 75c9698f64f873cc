import { CommandError } from "../command-line/command-error.ts";
import { booleanFlag, durationFlag, integerFlag, stringFlag } from "../command-line/flag.ts";
import type { JsonObject } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import type { ObjectReference } from "./object-reference.ts";
import { pathOf } from "./resource-mapper.ts";

/** How commands that replace or clean up objects delete them. */
export const deletionFlags = {
  cascade: stringFlag(
    'Must be "background", "orphan", or "foreground". Selects the deletion cascading strategy for the dependents.',
    { default: "background", bare: "background" },
  ),
  force: booleanFlag("If true, immediately remove resources from API and bypass graceful deletion."),
  "grace-period": integerFlag(
    "Period of time in seconds given to the resource to terminate gracefully. Ignored if negative.",
    { default: -1 },
  ),
  timeout: durationFlag(
    "The length of time to wait before giving up on a delete, zero means determine a timeout from the size of the object",
  ),
  wait: booleanFlag("If true, wait for resources to be gone before returning. This waits for finalizers."),
} as const;

export interface DeletionOptions {
  /** As `--cascade` has it. */
  readonly cascade: string;
  /** Negative for what the object itself asks for. */
  readonly graceSeconds: number;
  readonly dryRun?: boolean;
}

/** Deletes one object and answers what the server says. Rejects with an ApiError. */
export async function deleteObject(
  session: Session,
  { resource, namespace, name }: ObjectReference,
  { cascade, graceSeconds, dryRun = false }: DeletionOptions,
): Promise<JsonObject> {
  return (await session.api()).json({
    method: "DELETE",
    path: pathOf(resource, namespace, name),
    body: {
      kind: "DeleteOptions",
      apiVersion: "v1",
      propagationPolicy: propagationPolicy(cascade),
      ...(graceSeconds >= 0 && { gracePeriodSeconds: graceSeconds }),
      ...(dryRun && { dryRun: ["All"] }),
    },
  });
}

/** What `--cascade` means to the server. Throws a CommandError. */
export function propagationPolicy(cascade: string): string {
  switch (cascade) {
    case "background":
    case "true":
      return "Background";
    case "foreground":
      return "Foreground";
    case "orphan":
    case "false":
      return "Orphan";
    default:
      throw new CommandError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`);
  }
}

/** What upstream waits when nothing bounds the wait. */
export const endlessWaitMs = 7 * 24 * 3_600_000;
