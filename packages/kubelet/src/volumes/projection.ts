import type {
  ConfigMapVolumeSource,
  Container,
  DownwardAPIVolumeFile,
  Pod,
  ProjectedVolumeSource,
  ResourceList,
  SecretVolumeSource,
  VolumeProjection,
} from "@kube-ts/api/core/v1";
import { podField, resourceField } from "../env/downward-field.ts";
import type { ObjectSource } from "./object-source.ts";
import type { TokenSource } from "./token-source.ts";
import { type Payload, PayloadError, type PayloadFile, configMapPayload, secretPayload } from "./volume-payload.ts";

const defaultFileMode = 0o644;
const defaultTokenSeconds = 3600;

/** What the files of a pod's volumes come from. */
export interface ProjectionSources {
  readonly objects: ObjectSource;
  readonly tokens: TokenSource;
  /** What the node can give to pods, for limits that are not set. */
  readonly allocatable: ResourceList;
}

export interface Projected {
  readonly payload: Payload;
  /** When the content must be made again although nothing changed; absent for never. */
  readonly refreshAtMs?: number;
}

export async function projectConfigMap(
  pod: Pod,
  source: ConfigMapVolumeSource,
  { objects }: ProjectionSources,
  signal: AbortSignal,
): Promise<Projected> {
  const { name = "", items, defaultMode = defaultFileMode, optional = false } = source;
  const object = await objects.configMap(pod.metadata.namespace ?? "", name, signal);
  if (!object && !optional) throw new PayloadError(`configmap "${name}" not found`);
  return { payload: object ? configMapPayload(object, items, defaultMode, optional) : new Map() };
}

export async function projectSecret(
  pod: Pod,
  source: SecretVolumeSource,
  { objects }: ProjectionSources,
  signal: AbortSignal,
): Promise<Projected> {
  const { secretName = "", items, defaultMode = defaultFileMode, optional = false } = source;
  const object = await objects.secret(pod.metadata.namespace ?? "", secretName, signal);
  if (!object && !optional) throw new PayloadError(`secret "${secretName}" not found`);
  return { payload: object ? secretPayload(object, items, defaultMode, optional) : new Map() };
}

export function projectDownwardApi(
  pod: Pod,
  items: readonly DownwardAPIVolumeFile[],
  defaultMode: number,
  allocatable: ResourceList,
): Payload {
  const files = new Map<string, PayloadFile>();
  for (const { path, fieldRef, resourceFieldRef, mode } of items) {
    let text = "";
    if (fieldRef) text = podField(pod, fieldRef.fieldPath, { podIps: [], hostIps: [] });
    else if (resourceFieldRef) text = resourceField(pod, resourceFieldRef, firstContainer(pod), allocatable);
    files.set(path, {
      content: Buffer.from(text, "utf8"),
      mode: mode ?? defaultMode,
    });
  }
  return files;
}

/** All sources of a projected volume in one set of files; of those with the same path the last wins. */
export async function projectAll(
  pod: Pod,
  source: ProjectedVolumeSource,
  sources: ProjectionSources,
  signal: AbortSignal,
): Promise<Projected> {
  const files = new Map<string, PayloadFile>();
  let refreshAtMs = Number.POSITIVE_INFINITY;
  const defaultMode = source.defaultMode ?? defaultFileMode;
  for (const projection of source.sources ?? []) {
    const part = await projectOne(pod, projection, defaultMode, sources, signal);
    for (const [path, file] of part.payload) files.set(path, file);
    refreshAtMs = Math.min(refreshAtMs, part.refreshAtMs ?? Number.POSITIVE_INFINITY);
  }
  return { payload: files, ...(Number.isFinite(refreshAtMs) ? { refreshAtMs } : {}) };
}

async function projectOne(
  pod: Pod,
  { configMap, secret, downwardAPI, serviceAccountToken, ...rest }: VolumeProjection,
  defaultMode: number,
  sources: ProjectionSources,
  signal: AbortSignal,
): Promise<Projected> {
  const { tokens, allocatable } = sources;
  if (configMap) return projectConfigMap(pod, { ...configMap, defaultMode }, sources, signal);
  if (secret) {
    const { name: secretName, ...selection } = secret;
    return projectSecret(pod, { ...selection, secretName, defaultMode }, sources, signal);
  }
  if (downwardAPI) return { payload: projectDownwardApi(pod, downwardAPI.items ?? [], defaultMode, allocatable) };
  if (serviceAccountToken) {
    const { audience = "", expirationSeconds = defaultTokenSeconds, path } = serviceAccountToken;
    const { token, refreshAtMs } = await tokens.token(pod, audience, expirationSeconds, signal);
    return { payload: new Map([[path, tokenFile(pod, token, defaultMode)]]), refreshAtMs };
  }
  const [kind = "source"] = Object.keys(rest);
  throw new PayloadError(`projected ${kind} is not supported on this node`);
}

/** A token is readable by nobody but the pod's user or group, if the pod names one. */
function tokenFile(pod: Pod, token: string, defaultMode: number): PayloadFile {
  const uid = soleUser(pod);
  const restricted = uid !== undefined || pod.spec.securityContext?.fsGroup !== undefined;
  return {
    content: Buffer.from(token, "utf8"),
    mode: restricted ? 0o600 : defaultMode,
    ...(uid === undefined ? {} : { uid }),
  };
}

/** The user that all containers of the pod run as, if the spec names the same one for each. */
function soleUser(pod: Pod): number | undefined {
  const ofPod = pod.spec.securityContext?.runAsUser;
  const containers: readonly Pick<Container, "securityContext">[] = [
    ...pod.spec.containers,
    ...(pod.spec.initContainers ?? []),
    ...(pod.spec.ephemeralContainers ?? []),
  ];
  const users = new Set(containers.map((container) => container.securityContext?.runAsUser ?? ofPod));
  return users.size === 1 ? [...users][0] : undefined;
}

function firstContainer(pod: Pod): Container {
  return pod.spec.containers[0] ?? { name: "" };
}
