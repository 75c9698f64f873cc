import type { Container, EphemeralContainer, Pod, ServiceAccount, Volume } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import { visitPodReferences } from "@kube-ts/api/pod-references";

/**
 * Why a pod may not be created by an account that allows only the secrets it lists, for mounting and for pulling
 * images; undefined when it may. Texts are upstream's.
 */
export function podSecretProblem(pod: Pod, account: ServiceAccount): string | undefined {
  const mountable = mountableSecrets(account);
  const name = nameOf(account);
  return (
    volumeProblem(pod.spec.volumes ?? [], mountable, name) ??
    containerProblem("init container", pod.spec.initContainers ?? [], mountable, name) ??
    containerProblem("container", pod.spec.containers, mountable, name) ??
    pullSecretProblem(pod, account)
  );
}

/** As `podSecretProblem`, for containers that are added to a running pod. */
export function ephemeralSecretProblem(pod: Pod, account: ServiceAccount): string | undefined {
  const containers = pod.spec.ephemeralContainers ?? [];
  return containerProblem("ephemeral container", containers, mountableSecrets(account), nameOf(account));
}

/** Volumes name secrets in many places: as their content, as a part of it, for the driver that mounts them. */
function volumeProblem(
  volumes: readonly Volume[],
  mountable: ReadonlySet<string>,
  account: string,
): string | undefined {
  const unmentioned = `is not allowed because service account ${account} does not reference that secret`;
  for (const volume of volumes) {
    const secret = secretsOf(volume).find((name) => !mountable.has(name));
    if (secret === undefined) continue;
    return volume.secret
      ? `volume with secret.secretName="${secret}" ${unmentioned}`
      : `volume ${volume.name} referencing secret.secretName="${secret}" ${unmentioned}`;
  }
  return undefined;
}

function secretsOf(volume: Volume): string[] {
  const names: string[] = [];
  const only: Pod = { metadata: { name: "pod" }, spec: { containers: [], volumes: [volume] } };
  visitPodReferences(only, (kind, name) => void (kind === "secret" && names.push(name)));
  return names;
}

function mountableSecrets(account: ServiceAccount): ReadonlySet<string> {
  return new Set(account.secrets?.map((secret) => secret.name ?? ""));
}

function containerProblem(
  kind: string,
  containers: readonly (Container | EphemeralContainer)[],
  mountable: ReadonlySet<string>,
  account: string,
): string | undefined {
  const refused = (place: string, secret: string) =>
    `${place} referencing secret.secretName="${secret}" is not allowed because service account ${account} does not reference that secret`;
  for (const container of containers) {
    for (const { name, valueFrom } of container.env ?? []) {
      const secret = valueFrom?.secretKeyRef?.name;
      if (secret !== undefined && !mountable.has(secret)) {
        return refused(`${kind} ${container.name} with envVar ${name}`, secret);
      }
    }
    for (const { secretRef } of container.envFrom ?? []) {
      const secret = secretRef?.name;
      if (secret !== undefined && !mountable.has(secret)) {
        return refused(`${kind} ${container.name} with envFrom`, secret);
      }
    }
  }
  return undefined;
}

function pullSecretProblem(pod: Pod, account: ServiceAccount): string | undefined {
  const allowed = new Set(account.imagePullSecrets?.map((secret) => secret.name));
  for (const [index, { name = "" }] of (pod.spec.imagePullSecrets ?? []).entries()) {
    if (allowed.has(name)) continue;
    return `imagePullSecrets[${index}].name="${name}" is not allowed because service account ${nameOf(account)} does not reference that imagePullSecret`;
  }
  return undefined;
}
