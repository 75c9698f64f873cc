import { join } from "node:path";

/** Where everything of pods lives below the kubelet's root directory; the layout is upstream's. */
export class VolumePaths {
  readonly #root: string;

  constructor(rootDirectory: string) {
    this.#root = rootDirectory;
  }

  get pods(): string {
    return join(this.#root, "pods");
  }

  pod(uid: string): string {
    return join(this.pods, uid);
  }

  volumes(uid: string): string {
    return join(this.pod(uid), "volumes");
  }

  /** `plugin` is the kind of volume, such as `kubernetes.io/empty-dir`. */
  volume(uid: string, plugin: string, name: string): string {
    return join(this.volumes(uid), this.directoryOf(plugin), name);
  }

  directoryOf(plugin: string): string {
    return plugin.replace("/", "~");
  }

  /** The plugin whose volumes are in a directory of this name. */
  pluginOfDirectory(name: string): string {
    return name.replace("~", "/");
  }

  subPaths(uid: string): string {
    return join(this.pod(uid), "volume-subpaths");
  }

  subPath(uid: string, volume: string, container: string, index: number): string {
    return join(this.subPaths(uid), volume, container, `${index}`);
  }

  containers(uid: string, container: string): string {
    return join(this.pod(uid), "containers", container);
  }

  hostsFile(uid: string): string {
    return join(this.pod(uid), "etc-hosts");
  }

  resolvFile(uid: string): string {
    return join(this.pod(uid), "resolv-conf");
  }
}
