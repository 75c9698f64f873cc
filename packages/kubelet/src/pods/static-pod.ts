import { createHash } from "node:crypto";
import type { Pod } from "@kube-ts/api/core/v1";
import { dns1123LabelErrors, dns1123SubdomainErrors } from "@kube-ts/api/names";
import { formatTime } from "@kube-ts/api/rfc3339";
import { podReferences } from "../volumes/pod-references.ts";
import { configAnnotations } from "./config-annotations.ts";
import { containersOf } from "./pod-containers.ts";
import { withPodDefaults } from "./static-pod-defaults.ts";

/**
 * The pod that a manifest file stands for on this node: named after the node, with a uid that follows from the
 * content, so that a changed file is another pod. Throws an Error that says what is wrong with the manifest.
 */
export function staticPod(manifest: Pod, path: string, nodeName: string, nowMs: number): Pod {
  checkManifest(manifest);
  const { metadata, spec } = manifest;
  const uid = metadata.uid ?? contentUid(manifest, path, nodeName);
  const pod = withPodDefaults({
    ...manifest,
    metadata: {
      ...metadata,
      uid,
      name: `${metadata.name}-${nodeName.toLowerCase()}`,
      namespace: metadata.namespace || "default",
      creationTimestamp: formatTime(nowMs),
      annotations: {
        ...metadata.annotations,
        [configAnnotations.source]: "file",
        [configAnnotations.hash]: uid,
        [configAnnotations.seen]: new Date(nowMs).toISOString(),
      },
    },
    spec: {
      ...spec,
      nodeName,
      // Static pods stay whatever befalls the node.
      tolerations: [...(spec.tolerations ?? []), { operator: "Exists", effect: "NoExecute" }],
    },
    status: { phase: "Pending" },
  });
  return pod;
}

function contentUid(manifest: Pod, path: string, nodeName: string): string {
  const hash = createHash("md5");
  hash.update(`host:${nodeName}`).update(`file:${path}`).update(JSON.stringify(manifest));
  return hash.digest("hex");
}

function checkManifest({ metadata, spec }: Pod): void {
  const nameErrors = dns1123SubdomainErrors(metadata.name ?? "");
  if (nameErrors.length > 0)
    throw new Error(`metadata.name: Invalid value: "${metadata.name ?? ""}": ${nameErrors[0]}`);
  if ((spec.containers ?? []).length === 0) throw new Error("spec.containers: Required value");
  const seen = new Set<string>();
  for (const { spec: container } of containersOf({ metadata, spec })) {
    const errors = dns1123LabelErrors(container.name ?? "");
    if (errors.length > 0) throw new Error(`spec.containers: Invalid value: "${container.name}": ${errors[0]}`);
    if (seen.has(container.name)) throw new Error(`spec.containers: Duplicate value: "${container.name}"`);
    if (!container.image) throw new Error(`spec.containers{${container.name}}.image: Required value`);
    seen.add(container.name);
  }
  if (spec.ephemeralContainers?.length) throw new Error("static pods may not have ephemeral containers");
  const reference = apiReference({ metadata, spec });
  if (reference) throw new Error(`static pods may not reference ${reference}`);
}

/** Static pods must run without an API server. */
function apiReference(pod: Pod): string | undefined {
  const { serviceAccountName, volumes = [], resourceClaims } = pod.spec;
  if (serviceAccountName) return "serviceaccounts";
  if (resourceClaims?.length) return "resourceclaims";
  const [object] = podReferences(pod);
  if (object) return object.kind === "ConfigMap" ? "configmaps" : "secrets";
  for (const { projected, persistentVolumeClaim } of volumes) {
    if (persistentVolumeClaim) return "persistentvolumeclaims";
    if (projected?.sources?.some((source) => source.serviceAccountToken)) return "serviceaccounts";
    if (projected?.sources?.some((source) => source.clusterTrustBundle)) return "clustertrustbundles";
  }
  return undefined;
}
