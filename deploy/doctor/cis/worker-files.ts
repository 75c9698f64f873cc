import type { Check } from "../check.ts";
import type { ClusterView, Places } from "../cluster-view.ts";
import { effectiveFlags } from "../effective-flags.ts";
import type { Assessment, Verdict } from "./cis-check.ts";
import { cisCheck, modeAtMost, ownedByRoot } from "./cis-check.ts";

type Paths = (view: ClusterView) => readonly string[];

const at =
  (place: keyof Places): Paths =>
  (view) => [view.places[place]];

/** The file of the authorities whose clients the kubelet lets in. */
const clientAuthorities: Paths = (view) => {
  const program = view.processes.get("kubelet");
  const flag = program && effectiveFlags(program.args).text("client-ca-file");
  const { authentication } = view.kubeletFile as { authentication?: { x509?: { clientCAFile?: string } } };
  const path = flag ?? authentication?.x509?.clientCAFile;
  return path ? [path] : [];
};

function twoChecks(
  numbers: readonly [number, number],
  what: string,
  paths: Paths,
  options: { readonly mode?: number; readonly assessment?: Assessment; readonly missing?: string } = {},
): readonly Check<ClusterView>[] {
  const { mode = 0o600, assessment = "automated", missing } = options;
  const unlessMissing = (judge: (view: ClusterView) => Verdict) => (view: ClusterView) =>
    missing !== undefined && !paths(view).some((path) => view.files.has(path)) ? { skip: missing } : judge(view);
  const octal = mode.toString(8);
  return [
    cisCheck(
      {
        id: `4.1.${numbers[0]}`,
        title: `${what} gives no more rights than ${octal}`,
        assessment,
        advice: `chmod ${octal} FILE`,
      },
      unlessMissing((view) => modeAtMost(view, paths(view), mode)),
    ),
    cisCheck(
      { id: `4.1.${numbers[1]}`, title: `${what} belongs to root`, assessment, advice: "chown root:root FILE" },
      unlessMissing((view) => ownedByRoot(view, paths(view))),
    ),
  ];
}

/** Section 4.1: files of workers. */
export const workerFileChecks: readonly Check<ClusterView>[] = [
  ...twoChecks([1, 2], "the kubelet's unit file", at("kubeletUnit"), {
    missing: "no systemd unit starts the kubelet here",
  }),
  ...twoChecks([3, 4], "kube-proxy's kubeconfig", at("proxyKubeconfig"), { assessment: "manual" }),
  ...twoChecks([5, 6], "the kubelet's kubeconfig", at("kubeletKubeconfig")),
  ...twoChecks([7, 8], "the file of clients' authorities", clientAuthorities, { mode: 0o644, assessment: "manual" }),
  ...twoChecks([9, 10], "the kubelet's configuration", at("kubeletConfig")),
];
