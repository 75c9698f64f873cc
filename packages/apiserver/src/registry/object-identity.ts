import { randomSuffix } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import { formatTime } from "@kube-ts/api/rfc3339";
import { badRequest, conflict } from "@kube-ts/api/status-error";
import type { GroupResourceName } from "@kube-ts/api/status-error";
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

/** Throws a Conflict when the object is not the one, or not the version, that the client means. */
export function checkPreconditions(
  resource: GroupResourceName,
  object: KubeObject,
  resourceVersion: string,
  preconditions: Preconditions,
): void {
  const { uid, name = "" } = object.metadata;
  if (preconditions.uid && preconditions.uid !== uid) {
    throw conflict(
      resource,
      name,
      `Precondition failed: UID in precondition: ${preconditions.uid}, UID in object meta: ${uid}`,
    );
  }
  if (preconditions.resourceVersion && preconditions.resourceVersion !== resourceVersion) {
    const problem = `Precondition failed: ResourceVersion in precondition: ${preconditions.resourceVersion}, ResourceVersion in object meta: ${resourceVersion}`;
    throw conflict(resource, name, problem);
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
