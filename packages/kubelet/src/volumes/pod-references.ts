import type { Pod } from "@kube-ts/api/core/v1";
import { envReferences } from "../env/container-env.ts";
import { containersOf } from "../pods/pod-containers.ts";
import type { ObjectReference } from "./object-source.ts";

/** Every config map and secret that the pod names, once each. */
export function podReferences(pod: Pod): readonly ObjectReference[] {
  const namespace = pod.metadata.namespace ?? "";
  const found = new Map<string, ObjectReference>();
  const add = (kind: ObjectReference["kind"], name: string | undefined) => {
    if (name) found.set(`${kind}/${name}`, { kind, namespace, name });
  };
  for (const { name } of pod.spec.imagePullSecrets ?? []) add("Secret", name);
  for (const { spec } of containersOf(pod)) for (const { kind, name } of envReferences(spec)) add(kind, name);
  for (const volume of pod.spec.volumes ?? []) {
    add("ConfigMap", volume.configMap?.name);
    add("Secret", volume.secret?.secretName);
    for (const { configMap, secret } of volume.projected?.sources ?? []) {
      add("ConfigMap", configMap?.name);
      add("Secret", secret?.name);
    }
  }
  return [...found.values()];
}
