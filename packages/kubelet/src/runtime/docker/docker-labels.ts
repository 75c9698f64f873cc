import type { StringMap } from "../config.ts";

/** Docker has labels only: annotations are labels with this prefix. */
const annotationPrefix = "annotation.";

export const dockerLabels = {
  type: "io.kubernetes.docker.type",
  sandboxId: "io.kubernetes.sandbox.id",
  /** Where the link to the log is. */
  logPath: "io.kubernetes.container.logpath",
  /** The sandbox's directory of log links. */
  logDirectory: "io.kubernetes.sandbox.logdirectory",
  sharePid: "io.kubernetes.sandbox.sharepid",
  userImage: "io.kubernetes.container.image",
} as const;

export type ObjectType = "podsandbox" | "container" | "imagevolume";

export function packLabels(type: ObjectType, labels: StringMap, annotations: StringMap, own: StringMap): StringMap {
  const packed: Record<string, string> = { ...labels };
  for (const [name, value] of Object.entries(annotations)) packed[`${annotationPrefix}${name}`] = value;
  return { ...packed, ...own, [dockerLabels.type]: type };
}

/** The labels and annotations that were packed, without this adapter's own. */
export function unpackLabels(packed: StringMap): { readonly labels: StringMap; readonly annotations: StringMap } {
  const own = new Set<string>(Object.values(dockerLabels));
  const labels: Record<string, string> = {};
  const annotations: Record<string, string> = {};
  for (const [name, value] of Object.entries(packed)) {
    if (own.has(name)) continue;
    if (name.startsWith(annotationPrefix)) annotations[name.slice(annotationPrefix.length)] = value;
    else labels[name] = value;
  }
  return { labels, annotations };
}

/** Docker's label filters for exact matches. */
export function labelFilters(type: ObjectType, labels: StringMap): string[] {
  return Object.entries({ [dockerLabels.type]: type, ...labels }).map(([name, value]) => `${name}=${value}`);
}
