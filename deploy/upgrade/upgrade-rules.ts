import type { ClusterState } from "../machine/cluster-state.ts";
import { withoutMachine } from "../machine/cluster-state.ts";

/** What has to be known of a cluster before one of its machines changes to another version. */
export interface UpgradeView extends ClusterState {
  readonly machine: string;
  /** Of the packages on this machine, such as `1.36.1`. */
  readonly target: string;
  /** That the cluster's configuration names. */
  readonly clusterVersion: string;
  readonly isServer: boolean;
}

interface Version {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

/** Reads `1.36.0` or `v1.36.0-something`; undefined for anything else. */
export function parseVersion(text: string): Version | undefined {
  const [, major, minor, patch] = /^v?(\d{1,4})\.(\d{1,4})\.(\d{1,4})(?:[-+].*)?$/.exec(text) ?? [];
  return major === undefined ? undefined : { major: Number(major), minor: Number(minor), patch: Number(patch) };
}

function compare(a: Version, b: Version): number {
  return a.major - b.major || a.minor - b.minor || a.patch - b.patch;
}

/**
 * Why this machine must not change its version now, each with what to do. The rules are Kubernetes': no minor version is
 * left out, nothing goes back, nodes are never newer than an API server, and whatever one machine takes down while it
 * restarts has to be up on the others.
 */
export function upgradeProblems(view: UpgradeView): readonly string[] {
  const target = parseVersion(view.target);
  const cluster = parseVersion(view.clusterVersion);
  if (!target || !cluster) return [`cannot compare the versions ${view.target} and ${view.clusterVersion}`];
  return [...stepProblems(view, target, cluster), ...skewProblems(view, target), ...availabilityProblems(view)];
}

function stepProblems(view: UpgradeView, target: Version, cluster: Version): readonly string[] {
  if (compare(target, cluster) < 0) {
    return [
      `the packages are of ${view.target}, older than the cluster's ${view.clusterVersion}: there is no way back`,
    ];
  }
  if (target.major !== cluster.major || target.minor > cluster.minor + 1) {
    const next = `${cluster.major}.${cluster.minor + 1}`;
    return [`from ${view.clusterVersion} to ${view.target} is more than one minor version: upgrade to ${next} first`];
  }
  return [];
}

function skewProblems(view: UpgradeView, target: Version): readonly string[] {
  return withoutMachine(view, view.machine).servers.flatMap(({ machine, version }) => {
    const found = version === undefined ? undefined : parseVersion(version);
    if (!found) return [];
    if (view.isServer && (found.major !== target.major || Math.abs(found.minor - target.minor) > 1)) {
      return [`the API server of ${machine} is of ${version}: API servers may be one minor version apart`];
    }
    if (!view.isServer && compare(found, target) < 0) {
      return [`the API server of ${machine} is of ${version}: upgrade the control plane before the workers`];
    }
    return [];
  });
}

function availabilityProblems(view: UpgradeView): readonly string[] {
  const others = withoutMachine(view, view.machine);
  const sick = others.members.filter(({ isHealthy }) => !isHealthy);
  const hasServer = others.servers.some(({ isReady }) => isReady);
  const names = others.servers.map(({ machine }) => machine).join(", ");
  return [
    ...(view.isServer && others.servers.length > 0 && !hasServer
      ? [`no other API server is ready (${names}): the cluster would have none`]
      : []),
    ...(!view.isServer && others.servers.length > 0 && !hasServer ? ["no API server is ready"] : []),
    ...(sick.length > 0
      ? [
          `etcd is not healthy on ${sick.map(({ machine }) => machine).join(", ")}: it might lose its majority; a machine that ` +
            "is gone for good is to be taken out of the cluster's configuration",
        ]
      : []),
  ];
}

/** What an operator should know although the upgrade can go on. */
export function upgradeWarnings(view: UpgradeView): readonly string[] {
  if (!view.isServer) return [];
  if (view.servers.length === 1) return ["this is the only API server: requests fail while it restarts"];
  const silent = withoutMachine(view, view.machine).servers.filter(({ isReady }) => !isReady);
  return silent.map(({ machine }) => `the API server of ${machine} is not ready: fewer than usual are left meanwhile`);
}
