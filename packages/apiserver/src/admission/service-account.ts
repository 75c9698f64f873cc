import type { Container, Pod, ProjectedVolumeSource, ServiceAccount, VolumeMount } from "@kube-ts/api/core/v1";
import { pods, serviceAccounts } from "@kube-ts/api/resource-types";
import { goQuote } from "@kube-ts/api/go-quote";
import type { Clock } from "@kube-ts/std/clock";
import { parseBoolean } from "@kube-ts/std/flag-values";
import { type Random, randomInt, randomSuffix } from "@kube-ts/std/random";
import { visitPodReferences } from "@kube-ts/api/pod-references";
import { mirrorPodAnnotation } from "@kube-ts/api/well-known-labels";
import type { ObjectSource } from "../registry/object-source.ts";
import type { AdmissionAttributes, AdmissionOperation, AdmissionPlugin } from "./admission.ts";
import { admissionForbidden, isWriteOf } from "./forbidden.ts";
import { ephemeralSecretProblem, podSecretProblem } from "./mountable-secrets.ts";

const defaultName = "default";
const tokenMountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const tokenVolumePrefix = "kube-api-access-";
const enforceSecretsAnnotation = "kubernetes.io/enforce-mountable-secrets";

/** With this lifetime a token is renewed each hour and yet good for a year, for clients that never reload it. */
const tokenSeconds = 3607;

/** A namespace's default service account is made by a controller; pods may be quicker. */
const defaultAccountAttempts = 10;

/** Gives every pod a service account, and the account's token and image pull secrets. */
export class ServiceAccountAdmission implements AdmissionPlugin {
  readonly name = "ServiceAccount";
  readonly #source: ObjectSource;
  readonly #clock: Clock;
  readonly #random: Random;

  constructor(source: ObjectSource, clock: Clock, random: Random) {
    this.#source = source;
    this.#clock = clock;
    this.#random = random;
  }

  handles(operation: AdmissionOperation): boolean {
    return operation === "CREATE" || operation === "UPDATE";
  }

  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const pod = podIn(attributes);
    if (!pod || attributes.operation !== "CREATE" || attributes.subresource !== "" || isMirror(pod)) return;
    pod.spec.serviceAccountName ||= defaultName;
    pod.spec.serviceAccount = pod.spec.serviceAccountName;
    const account = await this.#accountOf(pod, attributes, signal);
    if (mountsToken(account, pod)) mountToken(pod, this.#random);
    if (!pod.spec.imagePullSecrets?.length && account.imagePullSecrets?.length) {
      pod.spec.imagePullSecrets = account.imagePullSecrets.map(({ name }) => ({ ...(name && { name }) }));
    }
  }

  async validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    const pod = podIn(attributes);
    const isCreate = attributes.operation === "CREATE";
    if (!pod || isCreate !== (attributes.subresource === "")) return;
    const isMirrorPod = isCreate && isMirror(pod);
    const problem = isMirrorPod ? mirrorProblem(pod) : await this.#secretProblem(pod, isCreate, attributes, signal);
    if (problem !== undefined) throw admissionForbidden(attributes, problem);
  }

  async #secretProblem(
    pod: Pod,
    isCreate: boolean,
    attributes: AdmissionAttributes,
    signal: AbortSignal,
  ): Promise<string | undefined> {
    if (!pod.spec.serviceAccountName) {
      return `no service account specified for pod ${attributes.namespace}/${pod.metadata.name ?? ""}`;
    }
    const account = await this.#accountOf(pod, attributes, signal);
    if (!isTrue(account.metadata.annotations?.[enforceSecretsAnnotation])) return undefined;
    return isCreate ? podSecretProblem(pod, account) : ephemeralSecretProblem(pod, account);
  }

  async #accountOf(pod: Pod, attributes: AdmissionAttributes, signal: AbortSignal): Promise<ServiceAccount> {
    const { namespace } = attributes;
    const name = pod.spec.serviceAccountName ?? "";
    const account = this.#source.get(serviceAccounts, namespace, name) ?? (await this.#lookUp(namespace, name, signal));
    if (account) return account;
    const problem = `error looking up service account ${namespace}/${name}: serviceaccount ${goQuote(name)} not found`;
    throw admissionForbidden(attributes, problem);
  }

  async #lookUp(namespace: string, name: string, signal: AbortSignal): Promise<ServiceAccount | undefined> {
    const attempts = name === defaultName ? defaultAccountAttempts : 1;
    const pauseMs = 100 + randomInt(this.#random, 100);
    for (let attempt = 1; ; attempt += 1) {
      const account = await this.#source.getLatest(serviceAccounts, namespace, name, signal);
      if (account || attempt === attempts) return account;
      await this.#clock.sleep(pauseMs, signal);
    }
  }
}

function podIn(attributes: AdmissionAttributes): Pod | undefined {
  return isWriteOf(attributes, pods, ["", "ephemeralcontainers"]) ? (attributes.object as Pod | undefined) : undefined;
}

function isMirror(pod: Pod): boolean {
  return pod.metadata.annotations?.[mirrorPodAnnotation] !== undefined;
}

function isTrue(text: string | undefined): boolean {
  try {
    return text !== undefined && parseBoolean(text);
  } catch {
    return false;
  }
}

/** A mirror pod stands for a pod that the node runs from a file: it can have nothing of the API. */
function mirrorProblem(pod: Pod): string | undefined {
  if (pod.spec.serviceAccountName) return "a mirror pod may not reference service accounts";
  const referenced = new Set<string>();
  visitPodReferences(pod, (kind) => void referenced.add(kind));
  if (referenced.has("secret")) return "a mirror pod may not reference secrets";
  const sources = pod.spec.volumes?.flatMap(({ projected }) => projected?.sources ?? []) ?? [];
  return sources.some(({ serviceAccountToken }) => serviceAccountToken)
    ? "a mirror pod may not use ServiceAccountToken volume projections"
    : undefined;
}

function mountsToken(account: ServiceAccount, pod: Pod): boolean {
  return pod.spec.automountServiceAccountToken ?? account.automountServiceAccountToken ?? true;
}

/** Mounts the token in every container that has nothing of its own at that place. */
function mountToken(pod: Pod, random: Random): void {
  const { spec } = pod;
  const existing = spec.volumes?.find((volume) => volume.name.startsWith(tokenVolumePrefix));
  const name = existing?.name ?? `${tokenVolumePrefix}${randomSuffix(random)}`;
  const mount: VolumeMount = { name, readOnly: true, mountPath: tokenMountPath };
  const lacking = [...(spec.initContainers ?? []), ...spec.containers].filter((each) => !hasTokenMount(each));
  for (const container of lacking) container.volumeMounts = [...(container.volumeMounts ?? []), { ...mount }];
  if (!existing && lacking.length > 0) {
    spec.volumes = [...(spec.volumes ?? []), { name, projected: tokenVolumeSource() }];
  }
}

function hasTokenMount(container: Container): boolean {
  return container.volumeMounts?.some(({ mountPath }) => mountPath === tokenMountPath) ?? false;
}

function tokenVolumeSource(): ProjectedVolumeSource {
  const fieldRef = { apiVersion: "v1", fieldPath: "metadata.namespace" };
  return {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { path: "token", expirationSeconds: tokenSeconds } },
      { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
      { downwardAPI: { items: [{ path: "namespace", fieldRef }] } },
    ],
  };
}
