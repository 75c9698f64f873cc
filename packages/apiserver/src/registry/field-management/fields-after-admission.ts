import { ManagedFieldsError, entriesOf } from "@kube-ts/api/apply/managed-fields";
import type { KubeObject } from "@kube-ts/api/object";
import { managedFieldsText, setManagedFieldsText } from "../../storage/cache/managed-fields-text.ts";

/**
 * Runs mutating admission, which may change managed fields, but not into what cannot be read: then they are put back
 * as they were, with a warning in upstream's words.
 */
export async function admitFields(
  object: KubeObject,
  admit: () => Promise<void>,
  warn: (message: string) => void,
): Promise<void> {
  const before = managedFieldsText(object.metadata);
  await admit();
  if (before === undefined || managedFieldsText(object.metadata) === before) return;
  try {
    entriesOf(object.metadata.managedFields ?? []);
  } catch (error) {
    if (!(error instanceof ManagedFieldsError)) throw error;
    setManagedFieldsText(object.metadata, before);
    warn(
      `.metadata.managedFields was in an invalid state after admission; this could be caused by an outdated mutating admission controller; please fix your requests: ${error.message}`,
    );
  }
}
