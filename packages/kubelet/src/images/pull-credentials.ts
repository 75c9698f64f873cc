import type { Pod, Secret } from "@kube-ts/api/core/v1";
import type { Logger } from "@kube-ts/std/log";
import type { PodEvents } from "../pods/pod-events.ts";
import type { ObjectSource } from "../volumes/object-source.ts";
import { parseDockerCfg, parseDockerConfigJson } from "./docker-config.ts";
import type { RegistryCredentials } from "./docker-config.ts";

/**
 * The credentials in a pod's pull secrets. A secret that is missing or unreadable is told of and left out: the
 * registry may not need it.
 */
export async function podCredentials(
  pod: Pod,
  objects: ObjectSource,
  events: PodEvents,
  log: Logger,
  signal: AbortSignal,
): Promise<readonly RegistryCredentials[]> {
  const namespace = pod.metadata.namespace ?? "";
  const found: RegistryCredentials[] = [];
  const missing: string[] = [];
  for (const { name } of pod.spec.imagePullSecrets ?? []) {
    if (!name) continue;
    try {
      const secret = await objects.secret(namespace, name, signal);
      const credentials = secret && secretCredentials(secret);
      if (credentials) found.push(credentials);
      else missing.push(name);
    } catch (error) {
      signal.throwIfAborted();
      log.warn("image pull secret cannot be used", { namespace, secret: name, error });
      missing.push(name);
    }
  }
  if (missing.length > 0) {
    const names = missing.join(", ");
    const text = `Unable to retrieve some image pull secrets (${names}); attempting to pull the image may not succeed.`;
    events.pod(pod, "Warning", "FailedToRetrieveImagePullSecret", text);
  }
  return found;
}

/** Undefined for a secret of another type. Throws when its content cannot be read. */
function secretCredentials(secret: Secret): RegistryCredentials | undefined {
  const text = (key: string) => {
    const value = secret.data?.[key];
    return value === undefined ? undefined : Buffer.from(value, "base64").toString("utf8");
  };
  const json = secret.type === "kubernetes.io/dockerconfigjson" ? text(".dockerconfigjson") : undefined;
  if (json !== undefined) return parseDockerConfigJson(json);
  const cfg = secret.type === "kubernetes.io/dockercfg" ? text(".dockercfg") : undefined;
  return cfg === undefined ? undefined : parseDockerCfg(cfg);
}
