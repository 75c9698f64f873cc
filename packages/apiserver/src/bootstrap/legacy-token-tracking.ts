import type { ConfigMap } from "@kube-ts/api/core/v1";
import { configMaps } from "@kube-ts/api/resource-types";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

const name = "kube-apiserver-legacy-service-account-token-tracking";

/**
 * Records since which day the uses of tokens in secrets are noted on the secrets, for the controller that
 * removes tokens nobody uses.
 */
export async function ensureLegacyTokenTracking(
  objects: BootstrapObjects,
  nowMs: number,
  signal: AbortSignal,
): Promise<void> {
  const since = new Date(nowMs).toISOString().slice(0, 10);
  const expected: ConfigMap = {
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name, namespace: "kube-system" },
    data: { since },
  };
  const reconcile = (current: ConfigMap) =>
    isDay(current.data?.["since"]) ? undefined : { ...current, data: { ...current.data, since } };
  await ensureObject(objects, configMaps, expected, reconcile, signal);
}

function isDay(text: string | undefined): boolean {
  return text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}
