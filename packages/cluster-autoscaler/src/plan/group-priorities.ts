import { re2 } from "@kube-ts/api/re2";
import { isRecord } from "@kube-ts/std/config-schema";
import { parseYaml } from "@kube-ts/std/yaml";

interface PriorityPattern {
  readonly priority: number;
  readonly matches: (group: string) => boolean;
}

/** Which groups are to grow first, by patterns of their names. */
export class GroupPriorities {
  readonly #patterns: readonly PriorityPattern[];

  constructor(patterns: readonly PriorityPattern[] = []) {
    this.#patterns = patterns;
  }

  /** The highest priority whose patterns match the name; undefined when none does. */
  of(group: string): number | undefined {
    const matching = this.#patterns.filter(({ matches }) => matches(group)).map(({ priority }) => priority);
    return matching.length === 0 ? undefined : Math.max(...matching);
  }
}

/**
 * Reads the key `priorities` of the config map `cluster-autoscaler-priority-expander`: numbers with lists of RE2
 * patterns, as YAML. Throws an Error that says what is wrong.
 */
export function parsePriorities(text: string): GroupPriorities {
  const document = parseYaml(text);
  if (!isRecord(document)) throw new Error("priorities: must be an object");
  const patterns = Object.entries(document).flatMap(([key, list]) => {
    const priority = Number(key);
    if (!Number.isInteger(priority)) throw new Error(`priorities: ${JSON.stringify(key)} is not a whole number`);
    if (!Array.isArray(list)) throw new Error(`priorities[${key}]: must be a list of patterns`);
    return list.map((pattern: unknown) => {
      if (typeof pattern !== "string") throw new Error(`priorities[${key}]: must be a list of patterns`);
      const compiled = re2().compile(pattern);
      return { priority, matches: (group: string) => compiled.matcher(group).find() };
    });
  });
  return new GroupPriorities(patterns);
}
