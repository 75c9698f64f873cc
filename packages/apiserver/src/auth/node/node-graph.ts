import type { PersistentVolume, Pod } from "@kube-ts/api/core/v1";
import { nameOf, namespaceOf } from "@kube-ts/api/object";
import { type ReferencedKind, resourceClaimNames, visitPodReferences } from "@kube-ts/api/pod-references";
import { mirrorPodAnnotation } from "@kube-ts/api/well-known-labels";
import { persistentVolumeSecrets } from "./volume-secrets.ts";

export type RelatedKind = ReferencedKind | "pod" | "persistentvolume";

/** An object that pods refer to, with the nodes of those pods and how many pods each has. */
interface Vertex {
  readonly key: string;
  readonly nodes: Map<string, number>;
}

interface PodRecord {
  readonly node: string;
  readonly uid: string;
  readonly debugContainers: number;
  readonly claims: string;
  readonly references: readonly Vertex[];
}

interface VolumeRecord {
  readonly claimKey: string;
  readonly secretKeys: readonly string[];
}

/**
 * Which objects are related to which node: what the pods on it refer to, and the volumes (with their secrets) of
 * the claims among that.
 */
export class NodeGraph {
  readonly #vertices = new Map<string, Vertex>();
  readonly #pods = new Map<string, PodRecord>();
  readonly #volumes = new Map<string, VolumeRecord>();
  /** The claims of the volumes that need a secret, by secret and volume. */
  readonly #claimsBySecret = new Map<string, Map<string, string>>();

  setPod(pod: Pod): void {
    const key = `${namespaceOf(pod)}/${nameOf(pod)}`;
    const { nodeName = "", ephemeralContainers = [] } = pod.spec;
    const uid = pod.metadata.uid ?? "";
    const known = this.#pods.get(key);
    const debugContainers = ephemeralContainers.length;
    const claims = resourceClaimNames(pod).join("/");
    const isSame = known?.node === nodeName && known.uid === uid;
    if (isSame && known.debugContainers === debugContainers && known.claims === claims) return;
    this.removePod(namespaceOf(pod), nameOf(pod));
    if (nodeName === "") return;
    const references = [...this.#referencesOf(pod)];
    for (const { nodes } of references) nodes.set(nodeName, (nodes.get(nodeName) ?? 0) + 1);
    this.#pods.set(key, { node: nodeName, uid, debugContainers, claims, references });
  }

  removePod(namespace: string, name: string): void {
    const key = `${namespace}/${name}`;
    const record = this.#pods.get(key);
    if (!record) return;
    this.#pods.delete(key);
    for (const vertex of record.references) {
      const pods = (vertex.nodes.get(record.node) ?? 1) - 1;
      if (pods > 0) vertex.nodes.set(record.node, pods);
      else vertex.nodes.delete(record.node);
      if (vertex.nodes.size === 0) this.#vertices.delete(vertex.key);
    }
  }

  forgetPods(): void {
    this.#pods.clear();
    this.#vertices.clear();
  }

  setVolume(volume: PersistentVolume): void {
    const name = nameOf(volume);
    this.removeVolume(name);
    const { claimRef } = volume.spec;
    if (!claimRef) return;
    const claimKey = vertexKey("persistentvolumeclaim", claimRef.namespace ?? "", claimRef.name ?? "");
    const secretKeys = persistentVolumeSecrets(volume).map((secret) =>
      vertexKey("secret", secret.namespace, secret.name),
    );
    this.#volumes.set(name, { claimKey, secretKeys });
    for (const key of secretKeys) {
      this.#claimsBySecret.set(key, (this.#claimsBySecret.get(key) ?? new Map()).set(name, claimKey));
    }
  }

  removeVolume(name: string): void {
    const record = this.#volumes.get(name);
    if (!record) return;
    this.#volumes.delete(name);
    for (const key of record.secretKeys) {
      const claims = this.#claimsBySecret.get(key);
      claims?.delete(name);
      if (claims?.size === 0) this.#claimsBySecret.delete(key);
    }
  }

  isRelated(node: string, kind: RelatedKind, namespace: string, name: string): boolean {
    if (kind === "pod") return this.#pods.get(`${namespace}/${name}`)?.node === node;
    if (kind === "persistentvolume") return this.#refersTo(node, this.#volumes.get(name)?.claimKey);
    const key = vertexKey(kind, namespace, name);
    if (this.#refersTo(node, key)) return true;
    const claims = kind === "secret" ? this.#claimsBySecret.get(key) : undefined;
    return claims !== undefined && [...claims.values()].some((claim) => this.#refersTo(node, claim));
  }

  #refersTo(node: string, key: string | undefined): boolean {
    return key !== undefined && (this.#vertices.get(key)?.nodes.has(node) ?? false);
  }

  /** A mirror pod refers to nothing: its node made it, and must not gain permissions by that. */
  #referencesOf(pod: Pod): Set<Vertex> {
    const references = new Set<Vertex>();
    if (pod.metadata.annotations?.[mirrorPodAnnotation] !== undefined) return references;
    visitPodReferences(pod, (kind, name) => void references.add(this.#vertex(vertexKey(kind, namespaceOf(pod), name))));
    return references;
  }

  #vertex(key: string): Vertex {
    const known = this.#vertices.get(key);
    if (known) return known;
    const vertex: Vertex = { key, nodes: new Map() };
    this.#vertices.set(key, vertex);
    return vertex;
  }
}

function vertexKey(kind: ReferencedKind, namespace: string, name: string): string {
  return `${kind}/${namespace}/${name}`;
}
