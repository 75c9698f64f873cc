import type { ConfigMap } from "@kube-ts/api/core/v1";
import { semanticEqual } from "@kube-ts/api/deep-equal";
import { configMaps } from "@kube-ts/api/resource-types";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

/** How a front proxy passes on who the user is, from the `--requestheader-*` flags. */
export interface RequestHeaderConfig {
  readonly caPem: string;
  readonly allowedNames: readonly string[];
  readonly usernameHeaders: readonly string[];
  readonly uidHeaders: readonly string[];
  readonly groupHeaders: readonly string[];
  readonly extraHeaderPrefixes: readonly string[];
}

/** What aggregated API servers need to authenticate users as this server does. */
export interface ClusterAuthentication {
  /** The `--client-ca-file`, empty for none. */
  readonly clientCaPem: string;
  readonly requestHeader?: RequestHeaderConfig;
}

const name = "extension-apiserver-authentication";

/** Publishes how users are authenticated; what other servers have published stays, so that all of them are trusted. */
export async function ensureAuthenticationConfigMap(
  objects: BootstrapObjects,
  authentication: ClusterAuthentication,
  signal: AbortSignal,
): Promise<void> {
  const expected: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "kube-system" },
    data: mergedData({}, authentication),
  };
  const reconcile = (current: ConfigMap) => {
    const data = mergedData(current.data ?? {}, authentication);
    return semanticEqual(data, current.data) ? undefined : { ...current, data };
  };
  await ensureObject(objects, configMaps, expected, reconcile, signal);
}

function mergedData(
  current: Readonly<Record<string, string>>,
  { clientCaPem, requestHeader }: ClusterAuthentication,
): Record<string, string> {
  const data = { ...current };
  if (clientCaPem !== "") data["client-ca-file"] = mergePem(current["client-ca-file"], clientCaPem);
  if (!requestHeader) return data;
  const header = (suffix: string, values: readonly string[]) => {
    const key = `requestheader-${suffix}`;
    data[key] = JSON.stringify([...new Set([...parseList(current[key]), ...values])]);
  };
  const caKey = "requestheader-client-ca-file";
  data[caKey] = mergePem(current[caKey], requestHeader.caPem);
  header("allowed-names", requestHeader.allowedNames);
  header("username-headers", requestHeader.usernameHeaders);
  header("uid-headers", requestHeader.uidHeaders);
  header("group-headers", requestHeader.groupHeaders);
  header("extra-headers-prefix", requestHeader.extraHeaderPrefixes);
  return data;
}

/** All certificates of both texts, each once. */
function mergePem(current: string | undefined, added: string): string {
  const blocks =
    `${current ?? ""}\n${added}`.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const distinct = new Set(blocks.map((block) => block.replaceAll("\r\n", "\n")));
  return [...distinct].map((block) => `${block}\n`).join("");
}

/** A list that cannot be read is made anew. */
function parseList(text: string | undefined): string[] {
  try {
    const list: unknown = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list.filter((item) => typeof item === "string") : [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}
