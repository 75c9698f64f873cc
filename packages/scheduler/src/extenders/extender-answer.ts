import type { Node } from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { nameOf } from "@kube-ts/api/object";
import { isRecord } from "@kube-ts/std/config-schema";
import type { ExtenderFilterResult } from "./extender.ts";

/** Reads what an extender answers to a filter. Throws what it gives as an error, and for nodes that it was not asked about. */
export function filterAnswer(
  answer: unknown,
  asked: readonly Node[],
  { extender, nodeCacheCapable }: { readonly extender: string; readonly nodeCacheCapable: boolean },
): ExtenderFilterResult {
  const error = field(answer, "Error");
  if (typeof error === "string" && error !== "") throw new Error(error);
  const names = field(answer, "NodeNames");
  const known = new Set(asked.map(nameOf));
  let nodeNames: ReadonlySet<string> = new Set();
  if (nodeCacheCapable && Array.isArray(names)) {
    nodeNames = new Set(names.map(String));
    for (const name of nodeNames) {
      if (known.has(name)) continue;
      const problem = `claims a filtered node ${goQuote(name)} which is not found in the input node list`;
      throw new Error(`extender ${goQuote(extender)} ${problem}`);
    }
  } else {
    const items = field(field(answer, "Nodes"), "items");
    const given = (Array.isArray(items) ? items : []).map((item) => String(field(field(item, "metadata"), "name")));
    nodeNames = new Set(given.filter((name) => known.has(name)));
  }
  return {
    nodeNames,
    failed: texts(field(answer, "FailedNodes")),
    unresolvable: texts(field(answer, "FailedAndUnresolvableNodes")),
  };
}

export function prioritizeAnswer(answer: unknown): ReadonlyMap<string, number> {
  const list: readonly unknown[] = Array.isArray(answer) ? answer : [];
  return new Map(list.map((each) => [String(field(each, "Host")), Number(field(each, "Score") ?? 0)]));
}

/** Throws what an extender gives as an error. */
export function checkBindAnswer(answer: unknown): void {
  const error = field(answer, "Error");
  if (typeof error === "string" && error !== "") throw new Error(error);
}

/** Extenders may write the names of fields in any case, as Go reads them. */
function field(value: unknown, name: string): unknown {
  if (!isRecord(value)) return undefined;
  if (Object.hasOwn(value, name)) return value[name];
  const lower = name.toLowerCase();
  return Object.entries(value).find(([key]) => key.toLowerCase() === lower)?.[1];
}

function texts(value: unknown): Record<string, string> {
  return isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, text]) => [key, String(text)])) : {};
}
