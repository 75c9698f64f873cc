import { type ManagerEntry, type ManagerIdentity, OwnedFields, identityKey, timeSeconds } from "./managed-fields.ts";
import { compareText } from "./path-element.ts";

const maxUpdateManagers = 10;
const bucketName = "ancient-changes";

/** Joins the oldest entries of updates, one for each version, where there are more than upstream keeps. */
export function capUpdateManagers(entries: readonly ManagerEntry[]): readonly ManagerEntry[] {
  const updaters = entries.filter(({ operation }) => operation === "Update");
  if (updaters.length <= maxUpdateManagers) return entries;
  const oldestFirst = updaters.toSorted(
    (a, b) => timeSeconds(a) - timeSeconds(b) || compareText(identityKey(a), identityKey(b)),
  );
  const left = new Map(entries.map((entry) => [identityKey(entry), entry]));
  const firstOfVersion = new Map<string, ManagerEntry>();
  let count = updaters.length;
  for (const entry of oldestFirst) {
    if (count <= maxUpdateManagers) break;
    const first = firstOfVersion.get(entry.apiVersion);
    if (!first) {
      firstOfVersion.set(entry.apiVersion, entry);
      continue;
    }
    const identity: ManagerIdentity = {
      manager: bucketName,
      operation: "Update",
      apiVersion: entry.apiVersion,
      subresource: "",
    };
    const bucketKey = identityKey(identity);
    let bucket = left.get(bucketKey);
    if (!bucket) {
      left.delete(identityKey(first));
      bucket = { ...first, ...identity };
    }
    const fields = OwnedFields.ofSet(entry.fields.set.union(bucket.fields.set));
    left.delete(identityKey(entry));
    // What is joined in is the more recent of the two.
    left.set(bucketKey, { ...bucket, time: entry.time, fields });
    count -= 1;
  }
  return [...left.values()];
}
