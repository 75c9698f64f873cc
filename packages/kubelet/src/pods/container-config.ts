import type { Container, EphemeralContainer, Pod, VolumeMount } from "@kube-ts/api/core/v1";
import { ContainerConfigError, expandCommand } from "../env/container-env.ts";
import { expandVariables } from "../env/expand-variables.ts";
import type { ContainerConfig, EnvValue, Mount } from "../runtime/config.ts";
import type { RuntimeImage } from "../runtime/image-service.ts";
import { annotations, containerLabels } from "../runtime/labels.ts";
import { containerHash } from "./container-hash.ts";
import { type SecurityPolicy, containerSecurity } from "./container-security.ts";
import { type ResourcePolicy, containerResources } from "./linux-resources.ts";
import { podIdentity } from "./sandbox-config.ts";

export const defaultTerminationPath = "/dev/termination-log";

export interface ContainerParts {
  readonly pod: Pod;
  readonly container: Container | EphemeralContainer;
  readonly attempt: number;
  /** The image, which is present. */
  readonly image: RuntimeImage;
  readonly variables: readonly EnvValue[];
  readonly mounts: readonly Mount[];
  readonly policy: SecurityPolicy & ResourcePolicy;
  /** Which images its volumes show, by volume. */
  readonly imageVolumes?: ReadonlyMap<string, string>;
  /** The instance whose processes an ephemeral container is to see. */
  readonly pidTargetContainerId?: string;
}

/** What the runtime is told to create one instance of a container. */
export function containerConfig(parts: ContainerParts): ContainerConfig {
  const { pod, container, attempt, image, variables, policy } = parts;
  return {
    name: container.name,
    attempt,
    image: image.id,
    userImage: container.image ?? "",
    ...(container.command ? { command: expandCommand(container.command, variables) } : {}),
    ...(container.args ? { args: expandCommand(container.args, variables) } : {}),
    ...(container.workingDir ? { workingDir: container.workingDir } : {}),
    env: variables,
    mounts: parts.mounts,
    labels: containerLabels(podIdentity(pod), container.name),
    annotations: {
      ...containerAnnotations(pod, container, attempt),
      ...(parts.imageVolumes?.size
        ? { [annotations.imageVolumes]: JSON.stringify(Object.fromEntries(parts.imageVolumes)) }
        : {}),
    },
    stdin: container.stdin ?? false,
    stdinOnce: container.stdinOnce ?? false,
    tty: container.tty ?? false,
    ...(container.lifecycle?.stopSignal ? { stopSignal: container.lifecycle.stopSignal } : {}),
    resources: containerResources(pod, container, policy),
    security: containerSecurity(pod, container, image, policy, parts.pidTargetContainerId),
    logPath: `${container.name}/${attempt}.log`,
  };
}

function containerAnnotations(
  pod: Pod,
  container: Container | EphemeralContainer,
  attempt: number,
): Record<string, string> {
  const { deletionGracePeriodSeconds } = pod.metadata;
  const { terminationGracePeriodSeconds } = pod.spec;
  const preStop = container.lifecycle?.preStop;
  return {
    [annotations.containerHash]: containerHash(container),
    [annotations.containerRestartCount]: `${attempt}`,
    [annotations.terminationMessagePath]: container.terminationMessagePath ?? defaultTerminationPath,
    [annotations.terminationMessagePolicy]: container.terminationMessagePolicy ?? "File",
    ...(preStop ? { [annotations.containerPreStopHandler]: JSON.stringify(preStop) } : {}),
    ...(container.ports?.length ? { [annotations.containerPorts]: JSON.stringify(container.ports) } : {}),
    ...(deletionGracePeriodSeconds === undefined
      ? {}
      : { [annotations.podDeletionGracePeriod]: `${deletionGracePeriodSeconds}` }),
    ...(terminationGracePeriodSeconds === undefined
      ? {}
      : { [annotations.podTerminationGracePeriod]: `${terminationGracePeriodSeconds}` }),
  };
}

/** The path below its volume that a mount asks for, with variables replaced. Throws `ContainerConfigError`. */
export function subPathOf(mount: VolumeMount, variables: readonly EnvValue[]): string {
  if (!mount.subPathExpr) return mount.subPath ?? "";
  const values = new Map(variables.map(({ name, value }) => [name, value]));
  const missing: string[] = [];
  const path = expandVariables(mount.subPathExpr, (name) => {
    const value = values.get(name);
    if (!value) missing.push(name);
    return value;
  });
  if (missing.length > 0) throw new ContainerConfigError(`missing value for "${missing[0]}"`);
  if (path.startsWith("/")) {
    throw new ContainerConfigError(`error SubPath \`${path}\` must not be an absolute path`);
  }
  if (path.split("/").includes("..")) {
    throw new ContainerConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`);
  }
  return path;
}
