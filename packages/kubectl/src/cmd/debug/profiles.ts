import type { Container, EphemeralContainer, PodSpec, SecurityContext } from "@kube-ts/api/core/v1";
import { CommandError } from "../../command-line/command-error.ts";

const profileNames = ["legacy", "general", "baseline", "restricted", "netadmin", "sysadmin"] as const;

/** How much a debugging container may do, and how much of its surroundings it sees. */
export type Profile = (typeof profileNames)[number];

/** Throws a CommandError for a name that is no profile. */
export function parseProfile(name: string): Profile {
  const found = profileNames.find((each) => each === name);
  if (found) return found;
  throw new CommandError(`unknown profile: ${name}`);
}

/** Where the container runs: beside the containers of a pod, in a copy of that pod, or on a node. */
export type DebugStyle = "ephemeral" | "copy" | "node";

/** The container as the profile wants it. */
export function withProfile<C extends Container | EphemeralContainer>(
  container: C,
  profile: Profile,
  style: DebugStyle,
): C {
  const context = securityContext(profile, style);
  if (!context) return container;
  const { capabilities: ownCapabilities, ...own } = container.securityContext ?? {};
  const added = [...new Set([...(ownCapabilities?.add ?? []), ...(context.capabilities?.add ?? [])])];
  const capabilities = {
    ...ownCapabilities,
    ...context.capabilities,
    ...(added.length > 0 && { add: added }),
  };
  const merged = {
    ...own,
    ...context,
    ...(Object.keys(capabilities).length > 0 && { capabilities }),
  };
  return { ...container, securityContext: merged };
}

function securityContext(profile: Profile, style: DebugStyle): SecurityContext | undefined {
  switch (profile) {
    case "legacy":
    case "baseline":
      return undefined;
    case "general":
      return style === "node" ? undefined : { capabilities: { add: ["SYS_PTRACE"] } };
    case "restricted":
      return {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ["ALL"] },
        runAsNonRoot: true,
        seccompProfile: { type: "RuntimeDefault" },
      };
    case "netadmin":
      return { capabilities: { add: ["NET_ADMIN", "NET_RAW"] } };
    case "sysadmin":
      return { privileged: true };
  }
}

/** What of a node a debugging pod shares. */
export function nodeAccess(profile: Profile): Pick<PodSpec, "hostIPC" | "hostNetwork" | "hostPID"> {
  if (profile === "baseline" || profile === "restricted") return {};
  return { hostIPC: true, hostNetwork: true, hostPID: true };
}

/** Whether a debugging pod on a node sees its files. */
export function mountsNode(profile: Profile): boolean {
  return profile === "legacy" || profile === "general" || profile === "sysadmin";
}
