import { goQuote } from "@kube-ts/api/go-quote";
import { isRecord } from "@kube-ts/std/config-schema";
import { authenticatedGroup } from "../user.ts";

/** One line of a policy file: who may do what. `*` stands for anything, an empty text for nothing. */
export interface AbacPolicy {
  readonly user: string;
  readonly group: string;
  readonly readonly: boolean;
  readonly apiGroup: string;
  readonly resource: string;
  readonly namespace: string;
  readonly nonResourcePath: string;
}

const textFields = ["user", "group", "apiGroup", "resource", "namespace", "nonResourcePath"] as const;

/**
 * Reads the policies of a `--authorization-policy-file`, one JSON object a line; lines that are empty or start with `#`
 * are left out. Throws an Error that names `source` and the line, but does not repeat it.
 */
export function parsePolicies(text: string, source: string): readonly AbacPolicy[] {
  return text.split(/\r?\n/).flatMap((line, index) => {
    const trimmed = line.trim();
    if (trimmed === "" || trimmed.startsWith("#")) return [];
    try {
      return [parsePolicy(trimmed)];
    } catch (cause) {
      const problem = cause instanceof Error ? cause.message : String(cause);
      throw new Error(`error reading policy file ${source}, line ${index}: ${problem}`, { cause });
    }
  });
}

function parsePolicy(line: string): AbacPolicy {
  const parsed: unknown = JSON.parse(line);
  if (!isRecord(parsed)) throw new Error("a policy must be a JSON object");
  const { apiVersion, kind } = parsed;
  if (apiVersion === undefined && kind === undefined) return formerPolicy(readFields(parsed));
  if (apiVersion !== "abac.authorization.kubernetes.io/v1beta1" || kind !== "Policy") {
    throw new Error(`no kind ${goQuote(String(kind))} is registered for version ${goQuote(String(apiVersion))}`);
  }
  const { spec = {} } = parsed;
  if (!isRecord(spec)) throw new Error("spec: must be an object");
  const policy = readFields(spec);
  return policy.user === "*" || policy.group === "*" ? { ...policy, group: authenticatedGroup } : policy;
}

/** The form without a version, where what is left out stands for anything. */
function formerPolicy(policy: AbacPolicy): AbacPolicy {
  const { user, group, namespace, resource } = policy;
  const isForEveryone = (user === "" && group === "") || user === "*" || group === "*";
  return {
    ...policy,
    group: isForEveryone ? authenticatedGroup : group,
    namespace: namespace === "" ? "*" : namespace,
    resource: resource === "" ? "*" : resource,
    apiGroup: "*",
    nonResourcePath: namespace === "" && resource === "" ? "*" : "",
  };
}

function readFields(fields: Readonly<Record<string, unknown>>): AbacPolicy {
  const texts = Object.fromEntries(
    textFields.map((name) => {
      const value = fields[name] ?? "";
      if (typeof value !== "string") throw new Error(`${name}: must be a string`);
      return [name, value];
    }),
  ) as Record<(typeof textFields)[number], string>;
  const { readonly = false } = fields;
  if (typeof readonly !== "boolean") throw new Error("readonly: must be a boolean");
  return { ...texts, readonly };
}
