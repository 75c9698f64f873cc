import type { ConfigMap, KeyToPath, Secret } from "@kube-ts/api/core/v1";

/** One file of a volume. */
export interface PayloadFile {
  readonly content: Buffer;
  /** Permission bits. */
  readonly mode: number;
  /** Owner, when it is not root. */
  readonly uid?: number;
}

/** The files of a volume by their path in it. */
export type Payload = ReadonlyMap<string, PayloadFile>;

/** A payload that cannot be made; the message is upstream's. */
export class PayloadError extends Error {
  override readonly name = "PayloadError";
}

export function configMapPayload(
  configMap: Pick<ConfigMap, "data" | "binaryData">,
  items: readonly KeyToPath[] | undefined,
  defaultMode: number,
  optional: boolean,
): Payload {
  const data = new Map<string, Buffer>();
  for (const [key, text] of Object.entries(configMap.data ?? {})) data.set(key, Buffer.from(text, "utf8"));
  for (const [key, text] of Object.entries(configMap.binaryData ?? {})) data.set(key, Buffer.from(text, "base64"));
  return select(data, items, defaultMode, optional, "configmap references non-existent config key");
}

export function secretPayload(
  secret: Pick<Secret, "data">,
  items: readonly KeyToPath[] | undefined,
  defaultMode: number,
  optional: boolean,
): Payload {
  const data = new Map(Object.entries(secret.data ?? {}).map(([key, text]) => [key, Buffer.from(text, "base64")]));
  return select(data, items, defaultMode, optional, "references non-existent secret key");
}

function select(
  data: ReadonlyMap<string, Buffer>,
  items: readonly KeyToPath[] | undefined,
  defaultMode: number,
  optional: boolean,
  complaint: string,
): Payload {
  if (!items || items.length === 0) {
    return new Map([...data].map(([key, content]) => [key, { content, mode: defaultMode }]));
  }
  const files = new Map<string, PayloadFile>();
  for (const { key, path, mode } of items) {
    const content = data.get(key);
    if (content) files.set(path, { content, mode: mode ?? defaultMode });
    else if (!optional) throw new PayloadError(`${complaint}: ${key}`);
  }
  return files;
}

const maxNameBytes = 255;
const maxPathBytes = 4096;

/** Throws a `PayloadError` when a path would lead out of the volume or clash with the writer's own names. */
export function checkPayloadPaths(payload: Payload): void {
  for (const path of payload.keys()) {
    const parts = path.split("/");
    if (path === "") throw new PayloadError('invalid path: must not be empty: ""');
    if (path.startsWith("/")) throw new PayloadError(`invalid path: must be relative path: ${path}`);
    if (Buffer.byteLength(path) > maxPathBytes)
      throw new PayloadError("invalid path: must be less than or equal to 4096 characters");
    for (const part of parts) {
      if (part === "..") throw new PayloadError(`invalid path: must not contain '..': ${path}`);
      if (Buffer.byteLength(part) > maxNameBytes) {
        throw new PayloadError(`invalid path: filename must be less than or equal to 255 characters: ${path}`);
      }
    }
    if (parts[0]?.startsWith("..")) throw new PayloadError(`invalid path: must not start with '..': ${path}`);
  }
}
