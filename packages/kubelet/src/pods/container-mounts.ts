import { randomBytes } from "node:crypto";
import { chmod, link, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Container, EphemeralContainer, Pod, VolumeMount } from "@kube-ts/api/core/v1";
import { ContainerConfigError } from "../env/container-env.ts";
import type { EnvValue, Mount } from "../runtime/config.ts";
import type { Mounts } from "../volumes/mounts.ts";
import { hasCode } from "../volumes/open-beneath.ts";
import { bindSubPath } from "../volumes/sub-path.ts";
import type { VolumePaths } from "../volumes/volume-paths.ts";
import { defaultTerminationPath, subPathOf } from "./container-config.ts";
import { nodeHostsFile, podHostsFile } from "./hosts-file.ts";
import type { NodePolicy } from "./node-policy.ts";
import { formatResolvConf, podDns } from "./pod-dns.ts";
import { podHostname } from "./pod-hostname.ts";

const hostsPath = "/etc/hosts";
const resolvPath = "/etc/resolv.conf";

export interface MountParts {
  readonly pod: Pod;
  readonly container: Container | EphemeralContainer;
  readonly variables: readonly EnvValue[];
  readonly podIps: readonly string[];
  /** Where the pod's volumes lie, by name. */
  readonly directories: ReadonlyMap<string, string>;
}

/** Makes the files that a container gets besides its volumes, and lists all its mounts. */
export class ContainerMounts {
  readonly #paths: VolumePaths;
  readonly #mounts: Mounts;
  readonly #policy: NodePolicy;

  constructor(paths: VolumePaths, mounts: Mounts, policy: NodePolicy) {
    this.#paths = paths;
    this.#mounts = mounts;
    this.#policy = policy;
  }

  /** Throws a `ContainerConfigError` when a mount cannot be had. */
  async make(parts: MountParts, signal: AbortSignal): Promise<readonly Mount[]> {
    const { pod, container } = parts;
    const asked = container.volumeMounts ?? [];
    if (container.volumeDevices?.length) {
      throw new ContainerConfigError(`container ${container.name}: volumeDevices are not supported on this node`);
    }
    const mounts: Mount[] = [];
    for (const [index, mount] of asked.entries()) mounts.push(await this.#volumeMount(parts, mount, index, signal));
    const taken = new Set(asked.map(({ mountPath }) => mountPath));
    if (!taken.has(hostsPath)) mounts.push(file(hostsPath, await this.#hostsFile(pod, parts.podIps)));
    const resolv = await this.#resolvFile(pod);
    if (resolv !== undefined && !taken.has(resolvPath)) mounts.push(file(resolvPath, resolv));
    const termination = container.terminationMessagePath ?? defaultTerminationPath;
    if (termination !== "") mounts.push(file(termination, await this.#terminationFile(pod, container.name)));
    return mounts;
  }

  async #volumeMount(parts: MountParts, mount: VolumeMount, index: number, signal: AbortSignal): Promise<Mount> {
    const { pod, container, variables, directories } = parts;
    const directory = directories.get(mount.name);
    if (directory === undefined) {
      throw new ContainerConfigError(`cannot find volume "${mount.name}" to mount into container "${container.name}"`);
    }
    const subPath = subPathOf(mount, variables);
    let hostPath = directory;
    if (subPath !== "") {
      hostPath = this.#paths.subPath(pod.metadata.uid ?? "", mount.name, container.name, index);
      await bindSubPath(this.#mounts, directory, subPath, hostPath, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        const reason = error instanceof Error ? error.message : String(error);
        throw new ContainerConfigError(
          `failed to prepare subPath for volumeMount "${mount.name}" of container "${container.name}": ${reason}`,
          { cause: error },
        );
      });
    }
    const isImage = pod.spec.volumes?.some(({ name, image }) => name === mount.name && image !== undefined) ?? false;
    return {
      containerPath: mount.mountPath.startsWith("/") ? mount.mountPath : `/${mount.mountPath}`,
      hostPath,
      // An image is mounted read-only: if the runtime did it again, it would take away that nothing of it can be run.
      readOnly: !isImage && ((mount.readOnly ?? false) || isReadOnly(pod, mount.name)),
      ...(mount.recursiveReadOnly === "Enabled" ? { recursiveReadOnly: true } : {}),
      propagation: propagationOf(mount),
      selinuxRelabel: !isImage,
    };
  }

  /** The pod's hosts file, made anew for every container so that it knows the sandbox's present addresses. */
  async #hostsFile(pod: Pod, podIps: readonly string[]): Promise<string> {
    const path = this.#paths.hostsFile(pod.metadata.uid ?? "");
    const aliases = pod.spec.hostAliases ?? [];
    const content = pod.spec.hostNetwork
      ? nodeHostsFile(await readFile(this.#policy.hostsFile, "utf8"), aliases)
      : podHostsFile(podIps, podHostname(pod, this.#policy.dns.clusterDomain), aliases);
    await writeInPlace(path, content);
    return path;
  }

  /** Pods on the node's network that do not want the node's name servers. */
  async #resolvFile(pod: Pod): Promise<string | undefined> {
    const { dnsPolicy, dnsConfig, hostNetwork, metadata } = { ...pod.spec, metadata: pod.metadata };
    if (!hostNetwork) return undefined;
    if (dnsPolicy !== "ClusterFirstWithHostNet" && dnsPolicy !== "None" && !dnsConfig) return undefined;
    const path = this.#paths.resolvFile(metadata.uid ?? "");
    await writeInPlace(path, formatResolvConf(podDns(pod, this.#policy.dns).config));
    return path;
  }

  /** A new, empty file that anybody in the container may write. */
  async #terminationFile(pod: Pod, container: string): Promise<string> {
    const directory = this.#paths.containers(pod.metadata.uid ?? "", container);
    await mkdir(directory, { recursive: true, mode: 0o750 });
    const path = join(directory, randomBytes(4).toString("hex"));
    await writeFile(path, "", { flag: "wx" });
    await chmod(path, 0o666);
    return path;
  }
}

function file(containerPath: string, hostPath: string): Mount {
  return { containerPath, hostPath, readOnly: false, propagation: "private", selinuxRelabel: true };
}

function propagationOf({ mountPropagation }: VolumeMount): Mount["propagation"] {
  if (mountPropagation === "Bidirectional") return "bidirectional";
  return mountPropagation === "HostToContainer" ? "hostToContainer" : "private";
}

/** Containers that run hold the file itself: it is rewritten, not replaced, unless it is new. */
async function writeInPlace(path: string, content: string): Promise<void> {
  const current = await readFile(path, "utf8").catch(() => undefined);
  if (current === content) return;
  if (current !== undefined) {
    await writeFile(path, content);
    return;
  }
  const fresh = `${path}.${randomBytes(4).toString("hex")}`;
  await writeFile(fresh, content, { mode: 0o644 });
  try {
    // Not a rename: containers start side by side, and one may hold the other's file by now.
    await link(fresh, path);
  } catch (error) {
    if (!hasCode(error, "EEXIST")) throw error;
    await writeInPlace(path, content);
  } finally {
    await rm(fresh);
  }
}

/**
 * Files that the kubelet writes anew now and then: a container that could replace them would decide where it writes. And
 * claims that the pod wants to read only.
 */
function isReadOnly(pod: Pod, volumeName: string): boolean {
  const volume = pod.spec.volumes?.find(({ name }) => name === volumeName);
  if (volume?.persistentVolumeClaim?.readOnly) return true;
  return Boolean(volume?.configMap ?? volume?.secret ?? volume?.downwardAPI ?? volume?.projected);
}
