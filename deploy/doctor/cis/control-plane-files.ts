import type { DaemonName } from "../../units/unit-files.ts";
import type { Check } from "../check.ts";
import type { ClusterView, Places } from "../cluster-view.ts";
import type { Assessment, Verdict } from "./cis-check.ts";
import { cisCheck, filesBelow, modeAtMost, ownedByRoot } from "./cis-check.ts";

/** 1.1.1 to 1.1.8: manifests of static pods. */
const manifests = (
  [
    ["kube-apiserver", "the API server"],
    ["kube-controller-manager", "the controller manager"],
    ["kube-scheduler", "the scheduler"],
    ["etcd", "etcd"],
  ] as const
).flatMap(([daemon, program], index) => manifestChecks(daemon, program, 1 + 2 * index));

function manifestChecks(daemon: DaemonName, program: string, number: number): readonly Check<ClusterView>[] {
  const judged = (judge: (view: ClusterView, paths: readonly string[]) => Verdict) => (view: ClusterView) => {
    const path = `${view.places.manifests}/${daemon}.yaml`;
    return view.files.has(path) ? judge(view, [path]) : { skip: `${daemon} is no static pod here` };
  };
  const assessment = "automated";
  const mode = { id: `1.1.${number}`, title: `${program}'s manifest is for its owner only (600)`, assessment } as const;
  const owner = { id: `1.1.${number + 1}`, title: `${program}'s manifest belongs to root`, assessment } as const;
  return [
    cisCheck(
      { ...mode, advice: "chmod 600 FILE" },
      judged((view, paths) => modeAtMost(view, paths, 0o600)),
    ),
    cisCheck({ ...owner, advice: "chown root:root FILE" }, judged(ownedByRoot)),
  ];
}

/** The two checks of one file: its mode, then its owner. */
function fileChecks(
  ids: readonly [string, string],
  what: string,
  place: keyof Places,
  assessment: Assessment = "automated",
): readonly Check<ClusterView>[] {
  const mode = { id: ids[0], title: `${what} is for its owner only (600)`, assessment, advice: "chmod 600 FILE" };
  const owner = { id: ids[1], title: `${what} belongs to root`, assessment, advice: "chown root:root FILE" };
  return [
    cisCheck(mode, (view) => modeAtMost(view, [view.places[place]], 0o600)),
    cisCheck(owner, (view) => ownedByRoot(view, [view.places[place]])),
  ];
}

const networkConfigs = (view: ClusterView) => filesBelow(view, view.places.cniConfigs, ".conf", ".conflist", ".json");
const keys = (view: ClusterView) => filesBelow(view, view.places.pki, ".key");
const certificates = (view: ClusterView) => filesBelow(view, view.places.pki, ".crt", ".pub");

function etcdOwner(view: ClusterView): Verdict {
  const facts = view.files.get(view.places.etcdData);
  if (!facts) return { skip: "etcd has no data here" };
  const etcd = view.processes.get("etcd");
  if (!etcd) return { skip: "etcd does not run here" };
  if (facts.uid !== etcd.uid) return { fault: `belongs to user ${facts.uid}, but etcd runs as ${etcd.uid}` };
  return etcd.uid === 0 ? { ok: "root's, as etcd runs as root here" } : "ok";
}

/** Section 1.1: files of the control plane. */
export const controlPlaneFileChecks: readonly Check<ClusterView>[] = [
  ...manifests,
  cisCheck(
    {
      id: "1.1.9",
      title: "CNI configurations are for root only (600)",
      assessment: "manual",
      advice: "chmod 600 FILE",
    },
    (view) => modeAtMost(view, networkConfigs(view), 0o600),
  ),
  cisCheck(
    { id: "1.1.10", title: "CNI configurations belong to root", assessment: "manual", advice: "chown root:root FILE" },
    (view) => ownedByRoot(view, networkConfigs(view)),
  ),
  cisCheck(
    {
      id: "1.1.11",
      title: "etcd's data is closed to others (700)",
      assessment: "automated",
      advice: "chmod 700 DIRECTORY",
    },
    (view) => modeAtMost(view, [view.places.etcdData], 0o700),
  ),
  cisCheck(
    {
      id: "1.1.12",
      title: "etcd's data belongs to the user etcd runs as",
      assessment: "automated",
      advice: "chown -R the data directory to etcd's user",
    },
    etcdOwner,
  ),
  ...fileChecks(["1.1.13", "1.1.14"], "the administrator's kubeconfig", "adminKubeconfig"),
  ...fileChecks(["1.1.15", "1.1.16"], "the scheduler's kubeconfig", "schedulerKubeconfig"),
  ...fileChecks(["1.1.17", "1.1.18"], "the controller manager's kubeconfig", "controllerManagerKubeconfig"),
  cisCheck(
    {
      id: "1.1.19",
      title: "certificates, keys and their directory belong to root",
      assessment: "automated",
      advice: "chown -R root:root the directory of certificates",
    },
    (view) => ownedByRoot(view, [view.places.pki, ...certificates(view), ...keys(view)]),
  ),
  cisCheck(
    {
      id: "1.1.20",
      title: "certificates are written by root only (644)",
      assessment: "manual",
      advice: "chmod 644 FILE",
    },
    (view) => modeAtMost(view, certificates(view), 0o644),
  ),
  cisCheck(
    { id: "1.1.21", title: "keys are for root only (600)", assessment: "manual", advice: "chmod 600 FILE" },
    (view) => modeAtMost(view, keys(view), 0o600),
  ),
];
