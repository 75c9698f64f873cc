import { legacyGroupVersionSources } from "./group-versions.ts";
import { addGroupVersions } from "./schema-registry.ts";

/** Makes the types of the versions that upstream serves no more known to the schema registry. */
export async function loadLegacyTypes(): Promise<void> {
  const { typeTables } = await import("../gen/legacy-type-tables.js");
  addGroupVersions(legacyGroupVersionSources, typeTables);
}
