/** What conditions of all kinds share; some kinds declare even type and status as optional. */
export interface ConditionLike {
  type?: string;
  status?: string;
  reason?: string;
  message?: string;
  lastTransitionTime?: string | null;
}

export function findCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  type: string,
): C | undefined {
  return conditions?.find((condition) => condition.type === type);
}

export function isConditionTrue(conditions: readonly ConditionLike[] | undefined, type: string): boolean {
  return findCondition(conditions, type)?.status === "True";
}

/**
 * The list with the condition in it, replacing one of the same type. The time of the last transition is kept while
 * the status stays the same. Returns the list itself when nothing changes.
 */
export function withCondition<C extends ConditionLike>(conditions: readonly C[] | undefined, next: C): readonly C[] {
  const list = conditions ?? [];
  const at = list.findIndex((condition) => condition.type === next.type);
  const current = list[at];
  if (current === undefined) return [...list, next];
  const merged = { ...current, ...next };
  if (current.status === next.status && current.lastTransitionTime) {
    merged.lastTransitionTime = current.lastTransitionTime;
  }
  const keys = Object.keys(merged) as (keyof C)[];
  return keys.every((key) => merged[key] === current[key]) ? list : list.with(at, merged);
}

export function withoutCondition<C extends ConditionLike>(
  conditions: readonly C[] | undefined,
  type: string,
): readonly C[] {
  const list = conditions ?? [];
  return list.some((condition) => condition.type === type) ? list.filter((condition) => condition.type !== type) : list;
}
