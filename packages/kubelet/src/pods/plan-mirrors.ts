import type { Node, Pod } from "@kube-ts/api/core/v1";
import { configAnnotations, isMirrorPod } from "./config-annotations.ts";

export type MirrorAction =
  | { readonly type: "create"; readonly pod: Pod }
  | { readonly type: "delete"; readonly namespace: string; readonly name: string; readonly uid: string };

/** What to do so that the API shows exactly the static pods of this node. `stored` are the pods of this node there. */
export function planMirrors(statics: readonly Pod[], stored: readonly Pod[], node: Node): readonly MirrorAction[] {
  const actions: MirrorAction[] = [];
  const wanted = new Map(statics.map((pod) => [fullName(pod), pod]));
  const shown = new Set<string>();
  for (const mirror of stored.filter(isMirrorPod)) {
    const source = wanted.get(fullName(mirror));
    if (source && shows(mirror, source) && !mirror.metadata.deletionTimestamp) {
      shown.add(fullName(mirror));
      continue;
    }
    const { namespace = "", name = "", uid = "" } = mirror.metadata;
    actions.push({ type: "delete", namespace, name, uid });
    // The name is free again only once the old object is gone.
    shown.add(fullName(mirror));
  }
  for (const [name, pod] of wanted) if (!shown.has(name)) actions.push({ type: "create", pod: mirrorOf(pod, node) });
  return actions;
}

export function shows(mirror: Pod, source: Pod): boolean {
  const { mirror: key, hash } = configAnnotations;
  return mirror.metadata.annotations?.[key] === source.metadata.annotations?.[hash];
}

function mirrorOf(pod: Pod, node: Node): Pod {
  const { namespace, name, labels, annotations } = pod.metadata;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: {
      ...(namespace ? { namespace } : {}),
      ...(name ? { name } : {}),
      ...(labels ? { labels } : {}),
      annotations: { ...annotations, [configAnnotations.mirror]: annotations?.[configAnnotations.hash] ?? "" },
      ownerReferences: [
        {
          apiVersion: "v1",
          kind: "Node",
          name: node.metadata.name ?? "",
          uid: node.metadata.uid ?? "",
          controller: true,
        },
      ],
    },
    spec: pod.spec,
  };
}

function fullName({ metadata }: Pod): string {
  return `${metadata.namespace}/${metadata.name}`;
}
