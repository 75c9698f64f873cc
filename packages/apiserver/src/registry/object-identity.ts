import { randomSuffix } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { formatTime } from "@kube-ts/api/rfc3339";
import { badRequest, conflict } from "@kube-ts/api/status-error";
import type { GroupKindName, GroupResourceName } from "@kube-ts/api/status-error";
import type { KubeObject } from "@kube-ts/api/object";

const maxNameLength = 63;
const suffixLength = 5;

/** A name from a prefix and a random suffix, cut so that it fits a DNS label. */
export function generateName(prefix: string, random: Random): string {
  return prefix.slice(0, maxNameLength - suffixLength) + randomSuffix(random, suffixLength);
}

/** Gives a new object what only the server gives: uid, creation time; and takes away what it may not bring. */
export function stampNewObject(object: KubeObject, nowMs: number, random: Random): void {
  const metadata = object.metadata;
  metadata.uid = random.uuid();
  metadata.creationTimestamp = formatTime(nowMs);
  delete metadata.deletionTimestamp;
  delete metadata.deletionGracePeriodSeconds;
  delete metadata.selfLink;
  delete metadata.resourceVersion;
  delete metadata.generation;
  if (!metadata.name && metadata.generateName) metadata.name = generateName(metadata.generateName, random);
}

/** Carries over what an update can never change. */
export function keepIdentity(object: KubeObject, old: KubeObject): void {
  const metadata = object.metadata;
  const before = old.metadata;
  metadata.uid = before.uid;
  metadata.creationTimestamp = before.creationTimestamp;
  copyOrDelete(metadata, before, "deletionTimestamp");
  copyOrDelete(metadata, before, "deletionGracePeriodSeconds");
  copyOrDelete(metadata, before, "generation");
  copyOrDelete(metadata, before, "generateName");
  delete metadata.selfLink;
}

function copyOrDelete<K extends keyof KubeObject["metadata"]>(
  target: KubeObject["metadata"],
  source: KubeObject["metadata"],
  key: K,
): void {
  if (source[key] === undefined) delete target[key];
  else target[key] = source[key];
}

/** Counts a change of the desired state. */
export function raiseGeneration(object: KubeObject): void {
  object.metadata.generation = (object.metadata.generation ?? 0) + 1;
}

export interface Preconditions {
  readonly uid?: string | undefined;
  readonly resourceVersion?: string | undefined;
}

/** Throws Conflict when the object, stored under the key, is not the one that an update is about. */
export function checkUid(resource: GroupResourceName, key: string, { metadata }: KubeObject, wanted: string): void {
  const { uid, name = "" } = metadata;
  if (wanted === uid) return;
  const problem = `Precondition failed: UID in precondition: ${wanted}, UID in object meta: ${uid}`;
  const place = `invalid object, Code: 4, Key: ${key}, ResourceVersion: 0`;
  throw conflict(resource, name, `StorageError: ${place}, AdditionalErrorMsg: ${problem}`);
}

/** Throws Conflict when the preconditions of a deletion do not hold. */
export function checkPreconditions(
  { group, kind }: GroupKindName,
  { metadata: { uid, name = "" } }: KubeObject,
  resourceVersion: string,
  preconditions: Preconditions,
): void {
  // Upstream names the kind here, not the resource.
  const refuse = (problem: string) => conflict({ group, resource: kind }, name, problem);
  if (preconditions.uid && preconditions.uid !== uid) {
    throw refuse(
      `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid}). The object might have been deleted and then recreated`,
    );
  }
  if (preconditions.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion}). The object might have been modified`,
    );
  }
}

/** Makes the object's namespace the URL's, or throws when it names another. */
export function matchNamespace(object: KubeObject, namespace: string): void {
  if (object.metadata.namespace === undefined || object.metadata.namespace === "") {
    if (namespace !== "") object.metadata.namespace = namespace;
    else delete object.metadata.namespace;
    return;
  }
  if (object.metadata.namespace !== namespace) {
    throw badRequest(`the namespace of the provided object does not match the namespace sent on the request`);
  }
}
