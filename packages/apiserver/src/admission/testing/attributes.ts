import type { KubeObject } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import type { ApiError } from "@kube-ts/api/status-error";
import type { AdmissionAttributes } from "../admission.ts";

/** A write for tests: a creation of the object by an ordinary user, unless `changes` say otherwise. */
export function writeOf<T extends KubeObject>(
  type: ResourceType<T>,
  object: T | undefined,
  changes: Partial<AdmissionAttributes> = {},
): AdmissionAttributes & { readonly warnings: string[] } {
  const metadata = (object ?? changes.oldObject)?.metadata;
  const warnings: string[] = [];
  return {
    operation: "CREATE",
    type,
    subresource: "",
    namespace: metadata?.namespace ?? "",
    name: metadata?.name ?? "",
    object,
    oldObject: undefined,
    user: { name: "alice", uid: "", groups: ["system:authenticated"], extra: {} },
    dryRun: false,
    warn: (message) => void warnings.push(message),
    ...changes,
    warnings,
  };
}

/** `code message` of the refusal, empty when there was none. */
export async function refusalOf(run: () => Promise<void> | void): Promise<string> {
  try {
    await run();
    return "";
  } catch (error) {
    const { code, message } = error as ApiError;
    return `${code} ${message}`;
  }
}
