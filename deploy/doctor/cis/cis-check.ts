import type { DaemonName } from "../../units/unit-files.ts";
import type { Check, Outcome } from "../check.ts";
import { fail, pass, skip, some, warn } from "../check.ts";
import type { ClusterView, FileFacts, RunningProgram } from "../cluster-view.ts";
import type { EffectiveFlags } from "../effective-flags.ts";
import { effectiveFlags } from "../effective-flags.ts";

/** How the benchmark assesses a recommendation: what it leaves to people's judgement is a warning at most. */
export type Assessment = "automated" | "manual";

/** What is wrong, or why the question does not arise, or that all is well. */
export type Verdict = "ok" | { readonly ok: string } | { readonly fault: string } | { readonly skip: string };

export interface Recommendation {
  readonly id: string;
  readonly title: string;
  readonly assessment: Assessment;
  readonly advice: string;
}

function outcomeOf(verdict: Verdict, { assessment, advice }: Recommendation): Outcome {
  if (verdict === "ok") return pass();
  if ("ok" in verdict) return pass(verdict.ok);
  if ("skip" in verdict) return skip(verdict.skip);
  return assessment === "automated" ? fail(verdict.fault, advice) : warn(verdict.fault, advice);
}

export function cisCheck(what: Recommendation, judge: (view: ClusterView) => Verdict): Check<ClusterView> {
  return { id: what.id, title: what.title, decide: (view) => outcomeOf(judge(view), what) };
}

/** A check of a running program's flags; it says nothing about a program that does not run. */
export function flagCheck(
  daemon: DaemonName,
  what: Recommendation,
  judge: (flags: EffectiveFlags, view: ClusterView, program: RunningProgram) => Verdict,
): Check<ClusterView> {
  return cisCheck(what, (view) => {
    const program = view.processes.get(daemon);
    if (!program) return { skip: `${daemon} does not run here` };
    return judge(effectiveFlags(program.args, flagDefaults[daemon]), view, program);
  });
}

/** Flags that must be there. */
export function requires(...names: readonly string[]): (flags: EffectiveFlags) => Verdict {
  return (flags) => {
    const missing = names.filter((name) => !flags.isSet(name));
    return missing.length === 0 ? "ok" : { fault: `not set: ${missing.map((name) => `--${name}`).join(", ")}` };
  };
}

/** Files that give no more rights than `most`. A directory stands for itself. */
export function modeAtMost(view: ClusterView, paths: readonly string[], most: number): Verdict {
  return judgeFiles(view, paths, ({ mode }) =>
    (mode & ~most) === 0 ? undefined : `has mode ${mode.toString(8)}, more than ${most.toString(8)}`,
  );
}

/** Files that belong to root. */
export function ownedByRoot(view: ClusterView, paths: readonly string[]): Verdict {
  return judgeFiles(view, paths, ({ uid, gid }) =>
    uid === 0 && gid === 0 ? undefined : `belongs to ${uid}:${gid}, not to root:root`,
  );
}

function judgeFiles(
  view: ClusterView,
  paths: readonly string[],
  fault: (facts: FileFacts) => string | undefined,
): Verdict {
  const there = paths.flatMap((path) => {
    const facts = view.files.get(path);
    return facts ? [{ path, facts }] : [];
  });
  if (there.length === 0) return { skip: `there is no ${some(paths, 1) || "such file"}` };
  const faults = there.flatMap(({ path, facts }) => {
    const found = fault(facts);
    return found === undefined ? [] : [`${path} ${found}`];
  });
  return faults.length === 0 ? "ok" : { fault: some(faults, 2) };
}

/** Paths of the view below a directory, by their end. */
export function filesBelow(view: ClusterView, directory: string, ...ends: readonly string[]): readonly string[] {
  return [...view.files.keys()].filter(
    (path) => path.startsWith(`${directory}/`) && ends.some((end) => path.endsWith(end)),
  );
}

/** Defaults of the flags that the checks ask for. */
const flagDefaults: { readonly [N in DaemonName]?: Readonly<Record<string, string>> } = {
  "kube-apiserver": {
    "anonymous-auth": "true",
    "authorization-mode": "AlwaysAllow",
    profiling: "true",
    "audit-log-maxage": "366",
    "audit-log-maxbackup": "100",
    "audit-log-maxsize": "100",
    "request-timeout": "1m0s",
    "service-account-lookup": "true",
    "service-account-extend-token-expiration": "true",
  },
  "kube-controller-manager": { "terminated-pod-gc-threshold": "12500", "bind-address": "0.0.0.0" },
  "kube-scheduler": { "bind-address": "0.0.0.0" },
  etcd: { "auto-tls": "false", "peer-auto-tls": "false" },
  "kube-proxy": { "metrics-bind-address": "127.0.0.1:10249" },
};
