/** How upstream words what is wrong with several things at once. */

export function plural(count: number, one: string, many: string): string {
  return count === 1 ? one : many;
}

/** `"a", "b"`; the texts themselves are taken as they are. */
export function quoteAll(texts: readonly string[]): string {
  return texts.length === 0 ? "" : `"${texts.join('", "')}"`;
}

/** `container "a"` or `containers "a", "b"`. */
export function namedContainers(names: readonly string[]): string {
  return `${plural(names.length, "container", "containers")} ${quoteAll(names)}`;
}

/** `pod and containers "a", "b"`: everything that sets something. */
export function setters(isPod: boolean, containers: readonly string[]): string {
  return [...(isPod ? ["pod"] : []), ...(containers.length > 0 ? [namedContainers(containers)] : [])].join(" and ");
}

/** Each text once, sorted as upstream sorts: by bytes. */
export function sortedOnce(texts: Iterable<string>): string[] {
  return [...new Set(texts)].sort();
}
