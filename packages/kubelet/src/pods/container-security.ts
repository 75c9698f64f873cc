import { join } from "node:path";
import type {
  AppArmorProfile,
  Container,
  EphemeralContainer,
  Pod,
  SeccompProfile,
  SELinuxOptions,
} from "@kube-ts/api/core/v1";
import { ContainerConfigError } from "../env/container-env.ts";
import type { ContainerSecurity, NamespaceMode, SandboxSecurity, SecurityProfile } from "../runtime/config.ts";
import type { RuntimeImage } from "../runtime/image-service.ts";

/** What of the node decides security settings that the pod leaves open. */
export interface SecurityPolicy {
  /** Containers that name no seccomp profile get the runtime's instead of none. */
  readonly seccompDefault: boolean;
  /** Directory of the profiles that pods name by relative path. */
  readonly seccompDirectory: string;
}

/** The container's security settings: its own, then the pod's, then the node's. */
export function containerSecurity(
  pod: Pod,
  container: Container | EphemeralContainer,
  image: Pick<RuntimeImage, "uid" | "username">,
  policy: SecurityPolicy,
  pidTargetContainerId: string | undefined,
): ContainerSecurity {
  const own = container.securityContext ?? {};
  const ofPod = pod.spec.securityContext ?? {};
  const privileged = own.privileged ?? false;
  // An image that names nobody means root.
  const ofImage = image.uid ?? (image.username === "" ? 0 : undefined);
  const runAsUser = own.runAsUser ?? ofPod.runAsUser ?? ofImage;
  const runAsGroup = own.runAsGroup ?? ofPod.runAsGroup;
  const selinux = own.seLinuxOptions ?? ofPod.seLinuxOptions;
  return {
    privileged,
    capabilities: { add: own.capabilities?.add ?? [], drop: own.capabilities?.drop ?? [] },
    ...(runAsUser === undefined ? {} : { runAsUser }),
    ...(runAsUser === undefined && image.username !== "" ? { runAsUsername: image.username } : {}),
    ...(runAsGroup === undefined ? {} : { runAsGroup }),
    supplementalGroups: supplementalGroups(pod),
    readonlyRootFilesystem: own.readOnlyRootFilesystem ?? false,
    noNewPrivileges: own.allowPrivilegeEscalation === false,
    seccomp: privileged ? { type: "Unconfined" } : seccomp(own.seccompProfile ?? ofPod.seccompProfile, policy),
    apparmor: privileged ? { type: "Unconfined" } : apparmor(own.appArmorProfile ?? ofPod.appArmorProfile),
    ...(selinux ? { selinux: selinuxOptions(selinux) } : {}),
    procMount: own.procMount ?? "Default",
    pid: pidMode(pod),
    ...(pidTargetContainerId === undefined ? {} : { pidTargetContainerId }),
  };
}

export function sandboxSecurity(pod: Pod, policy: SecurityPolicy): SandboxSecurity {
  const { runAsUser, runAsGroup, seLinuxOptions, seccompProfile } = pod.spec.securityContext ?? {};
  const containers = [...pod.spec.containers, ...(pod.spec.initContainers ?? [])];
  return {
    // A group alone is no user, and nothing of the pod's runs in the sandbox.
    ...(runAsUser === undefined ? {} : { runAsUser, ...(runAsGroup === undefined ? {} : { runAsGroup }) }),
    supplementalGroups: supplementalGroups(pod),
    seccomp: seccompProfile ? seccomp(seccompProfile, policy) : { type: "RuntimeDefault" },
    ...(seLinuxOptions ? { selinux: selinuxOptions(seLinuxOptions) } : {}),
    privileged: containers.some((container) => container.securityContext?.privileged === true),
  };
}

export function pidMode(pod: Pod): NamespaceMode {
  if (pod.spec.hostPID) return "node";
  return pod.spec.shareProcessNamespace ? "pod" : "container";
}

/** Throws a `ContainerConfigError` when the container must not run as root and would, or might. */
export function verifyNonRoot(
  pod: Pod,
  container: Container | EphemeralContainer,
  image: Pick<RuntimeImage, "uid" | "username">,
): void {
  const own = container.securityContext ?? {};
  const ofPod = pod.spec.securityContext ?? {};
  if (!(own.runAsNonRoot ?? ofPod.runAsNonRoot)) return;
  const where = `(pod: "${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})", container: ${container.name})`;
  const user = own.runAsUser ?? ofPod.runAsUser;
  if (user === 0) throw new ContainerConfigError(`container's runAsUser breaks non-root policy ${where}`);
  if (user !== undefined) return;
  if (image.uid === undefined && image.username !== "") {
    throw new ContainerConfigError(
      `container has runAsNonRoot and image has non-numeric user (${image.username}), cannot verify user is non-root ${where}`,
    );
  }
  if (image.uid === undefined || image.uid === 0) {
    throw new ContainerConfigError(`container has runAsNonRoot and image will run as root ${where}`);
  }
}

function supplementalGroups(pod: Pod): readonly number[] {
  const { supplementalGroups: groups = [], fsGroup } = pod.spec.securityContext ?? {};
  return [...new Set([...groups, ...(fsGroup === undefined ? [] : [fsGroup])])];
}

function seccomp(profile: SeccompProfile | undefined, policy: SecurityPolicy): SecurityProfile {
  if (!profile) return { type: policy.seccompDefault ? "RuntimeDefault" : "Unconfined" };
  if (profile.type !== "Localhost") return { type: profile.type };
  if (!profile.localhostProfile)
    throw new ContainerConfigError("localhostProfile must be set if seccompProfile type is Localhost.");
  return { type: "Localhost", profile: join(policy.seccompDirectory, profile.localhostProfile) };
}

function apparmor(profile: AppArmorProfile | undefined): SecurityProfile {
  if (!profile) return { type: "RuntimeDefault" };
  if (profile.type !== "Localhost") return { type: profile.type };
  return { type: "Localhost", profile: profile.localhostProfile ?? "" };
}

function selinuxOptions({ user, role, type, level }: SELinuxOptions): SELinuxOptions {
  return {
    ...(user ? { user } : {}),
    ...(role ? { role } : {}),
    ...(type ? { type } : {}),
    ...(level ? { level } : {}),
  };
}
