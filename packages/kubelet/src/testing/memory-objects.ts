import type { ConfigMap, PersistentVolume, PersistentVolumeClaim, Pod, Secret } from "@kube-ts/api/core/v1";
import type { ClaimSource } from "../volumes/claims.ts";
import type { ObjectSource } from "../volumes/object-source.ts";
import type { ServiceAccountToken, TokenSource } from "../volumes/token-source.ts";
import type { MountEntry, Mounts } from "../volumes/mounts.ts";

/** Config maps and secrets that a test puts in, by `namespace/name`. */
export class MemoryObjects implements ObjectSource {
  readonly configMaps = new Map<string, ConfigMap>();
  readonly secrets = new Map<string, Secret>();

  putConfigMap(namespace: string, name: string, data: Record<string, string>): void {
    this.configMaps.set(`${namespace}/${name}`, { metadata: { namespace, name }, data });
  }

  putSecret(namespace: string, name: string, data: Record<string, string>): void {
    const encoded = Object.entries(data).map(([key, text]) => [key, Buffer.from(text).toString("base64")]);
    this.secrets.set(`${namespace}/${name}`, { metadata: { namespace, name }, data: Object.fromEntries(encoded) });
  }

  async configMap(namespace: string, name: string): Promise<ConfigMap | undefined> {
    return this.configMaps.get(`${namespace}/${name}`);
  }

  async secret(namespace: string, name: string): Promise<Secret | undefined> {
    return this.secrets.get(`${namespace}/${name}`);
  }
}

/** Claims and volumes that a test puts in, claims by `namespace/name`. */
export class MemoryClaims implements ClaimSource {
  readonly claims = new Map<string, PersistentVolumeClaim>();
  readonly volumes = new Map<string, PersistentVolume>();

  async claim(namespace: string, name: string): Promise<PersistentVolumeClaim | undefined> {
    return this.claims.get(`${namespace}/${name}`);
  }

  async volume(name: string): Promise<PersistentVolume | undefined> {
    return this.volumes.get(name);
  }
}

/** Tokens that name what they were asked for. */
export class MemoryTokens implements TokenSource {
  refreshAtMs = 1_000_000;
  serial = 0;
  readonly released: string[] = [];

  async token(pod: Pod, audience: string): Promise<ServiceAccountToken> {
    const token = `${pod.spec.serviceAccountName}/${audience}/${this.serial}`;
    return { token, refreshAtMs: this.refreshAtMs };
  }

  release(podUid: string): void {
    this.released.push(podUid);
  }
}

/** Mounts that are only written down. */
export class MemoryMounts implements Mounts {
  readonly entries: MountEntry[] = [];
  readonly options = new Map<string, { readonly sizeBytes: number; readonly mode: number }>();

  async list(): Promise<readonly MountEntry[]> {
    return this.entries;
  }

  async mountTmpfs(path: string, sizeBytes: number, mode: number): Promise<void> {
    this.entries.push({ mountPoint: path, fsType: "tmpfs" });
    this.options.set(path, { sizeBytes, mode });
  }

  async mountHugetlbfs(path: string, pageSizeBytes: number): Promise<void> {
    this.entries.push({ mountPoint: path, fsType: "hugetlbfs" });
    this.options.set(path, { sizeBytes: pageSizeBytes, mode: 0 });
  }

  async bind(_source: string, target: string): Promise<void> {
    this.entries.push({ mountPoint: target, fsType: "bind" });
  }

  async mountLayers(_root: string, layers: readonly string[], target: string): Promise<void> {
    this.entries.push({ mountPoint: target, fsType: layers.length > 1 ? "overlay" : "bind" });
  }

  async unmount(path: string): Promise<void> {
    const index = this.entries.findLastIndex((entry) => entry.mountPoint === path);
    if (index >= 0) this.entries.splice(index, 1);
  }
}
