import { isRecord } from "@kube-ts/std/config-schema";
import type { LocatedObject } from "../../builder/object-reference.ts";
import { containersOf, podSpecPath, recordAt } from "../../builder/pod-template.ts";
import { safeText } from "../../printers/terminal-text.ts";
import type { JsonObject } from "../../session/api.ts";
import type { Session } from "../../session/session.ts";
import { nameMatcher } from "./change-objects.ts";

/** Prints the variables of an object's containers; with `resolve`, those from elsewhere with their values. */
export async function listEnvironment(
  session: Session,
  item: LocatedObject,
  { containers, resolve }: { readonly containers: string; readonly resolve: boolean },
): Promise<void> {
  const { resource, name, object } = item;
  const matches = nameMatcher(containers);
  const spec = recordAt(object, podSpecPath(resource.kind) ?? []);
  for (const container of containersOf(spec).filter(matches)) {
    await session.terminal.write(safeText(`# ${resource.kind} ${name}, container ${String(container["name"])}\n`));
    const env = Array.isArray(container["env"]) ? container["env"].filter(isRecord) : [];
    const problems = new Map<string, string[]>();
    for (const variable of env) {
      const { line, problem } = await describeVariable(session, item, variable, resolve);
      await session.terminal.write(safeText(`${line}\n`));
      if (problem !== undefined) problems.set(problem, [...(problems.get(problem) ?? []), String(variable["name"])]);
    }
    for (const [problem, names] of problems) {
      session.terminal.error(safeText(`error retrieving reference for ${names.join(", ")}: ${problem}\n`));
    }
  }
}

async function describeVariable(
  session: Session,
  item: LocatedObject,
  variable: JsonObject,
  resolve: boolean,
): Promise<{ line: string; problem?: string }> {
  const name = String(variable["name"]);
  const source = variable["valueFrom"];
  if (!isRecord(source)) return { line: `${name}=${String(variable["value"] ?? "")}` };
  const reference = `# ${name} from ${referenceText(source)}`;
  if (!resolve) return { line: reference };
  try {
    return { line: `${name}=${await resolveReference(session, item, source)}` };
  } catch (error) {
    return { line: reference, problem: error instanceof Error ? error.message : String(error) };
  }
}

function referenceText(source: JsonObject): string {
  const field = recordAt(source, ["fieldRef"]);
  const amount = recordAt(source, ["resourceFieldRef"]);
  const secret = recordAt(source, ["secretKeyRef"]);
  const map = recordAt(source, ["configMapKeyRef"]);
  if (map["key"] !== undefined) return `configmap ${String(map["name"])}, key ${String(map["key"])}`;
  if (secret["key"] !== undefined) return `secret ${String(secret["name"])}, key ${String(secret["key"])}`;
  if (field["fieldPath"] !== undefined) return `field path ${String(field["fieldPath"])}`;
  if (amount["resource"] !== undefined) {
    const container = amount["containerName"];
    return `resource ${container === undefined ? "" : `${String(container)}, `}field ${String(amount["resource"])}`;
  }
  return "invalid valueFrom";
}

async function resolveReference(session: Session, item: LocatedObject, source: JsonObject): Promise<string> {
  const fieldPath = recordAt(source, ["fieldRef"])["fieldPath"];
  if (typeof fieldPath === "string") return fieldOf(item.object, fieldPath);
  for (const [field, plural] of [
    ["secretKeyRef", "secrets"],
    ["configMapKeyRef", "configmaps"],
  ] as const) {
    const { name, key } = recordAt(source, [field]);
    if (typeof name !== "string" || typeof key !== "string") continue;
    const path = `/api/v1/namespaces/${encodeURIComponent(item.namespace)}/${plural}/${encodeURIComponent(name)}`;
    const value = recordAt(await (await session.api()).json({ path }), ["data"])[key];
    if (typeof value !== "string") throw new Error(`key ${key} not found in ${plural.slice(0, -1)} ${name}`);
    return plural === "secrets" ? Buffer.from(value, "base64").toString("utf8") : value;
  }
  throw new Error("invalid valueFrom");
}

function fieldOf(object: JsonObject, path: string): string {
  const keyed = /^(.*)\['(.*)'\]$/.exec(path);
  const steps = keyed ? [...(keyed[1] ?? "").split("."), keyed[2] ?? ""] : path.split(".");
  const value = recordAt(object, steps.slice(0, -1))[steps.at(-1) ?? ""];
  if (typeof value !== "string") throw new Error(`unsupported fieldPath: ${path}`);
  return value;
}
