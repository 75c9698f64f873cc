import type { Check } from "../check.ts";
import type { ClusterView } from "../cluster-view.ts";
import type { EffectiveFlags } from "../effective-flags.ts";
import type { Verdict } from "./cis-check.ts";
import { flagCheck, requires } from "./cis-check.ts";

function noProfiles(flags: EffectiveFlags): Verdict {
  if (flags.text("profiling") === "true") return { fault: "--profiling is true" };
  return flags.isGiven("profiling") ? "ok" : { ok: "this program serves no profiles" };
}

function onLoopback(flags: EffectiveFlags): Verdict {
  const address = flags.text("bind-address") ?? "";
  return isLoopback(address) ? "ok" : { fault: `it listens on ${address}` };
}

function isLoopback(address: string): boolean {
  return address.startsWith("127.") || address === "::1" || address === "localhost";
}

/** A gate is a fault only where it is turned off: it is on by default. */
function rotatesServerCertificates(flags: EffectiveFlags): Verdict {
  const off = flags.list("feature-gates").includes("RotateKubeletServerCertificate=false");
  return off ? { fault: "the feature gate RotateKubeletServerCertificate is off" } : "ok";
}

const manager = "kube-controller-manager";

/** Sections 1.3 and 1.4: controller manager and scheduler. */
export const controllerAndSchedulerChecks: readonly Check<ClusterView>[] = [
  flagCheck(
    manager,
    {
      id: "1.3.1",
      title: "pods that ended are collected",
      assessment: "manual",
      advice: "set --terminated-pod-gc-threshold above 0",
    },
    (flags) => {
      const threshold = Number(flags.text("terminated-pod-gc-threshold"));
      return threshold > 0 ? { ok: `above ${threshold}` } : { fault: "ended pods are kept for ever" };
    },
  ),
  flagCheck(
    manager,
    {
      id: "1.3.2",
      title: "the controller manager serves no profiles",
      assessment: "automated",
      advice: "--profiling=false",
    },
    noProfiles,
  ),
  flagCheck(
    manager,
    {
      id: "1.3.3",
      title: "each controller has an account of its own",
      assessment: "automated",
      advice: "--use-service-account-credentials=true",
    },
    (flags) =>
      flags.text("use-service-account-credentials") === "true"
        ? "ok"
        : { fault: "--use-service-account-credentials is not set" },
  ),
  flagCheck(
    manager,
    {
      id: "1.3.4",
      title: "tokens are signed with a key of their own",
      assessment: "automated",
      advice: "set --service-account-private-key-file",
    },
    requires("service-account-private-key-file"),
  ),
  flagCheck(
    manager,
    {
      id: "1.3.5",
      title: "pods can check the API server's certificate",
      assessment: "automated",
      advice: "set --root-ca-file",
    },
    requires("root-ca-file"),
  ),
  flagCheck(
    manager,
    {
      id: "1.3.6",
      title: "kubelets may renew their serving certificates",
      assessment: "automated",
      advice: "take RotateKubeletServerCertificate=false out of --feature-gates",
    },
    rotatesServerCertificates,
  ),
  flagCheck(
    manager,
    {
      id: "1.3.7",
      title: "the controller manager listens on loopback only",
      assessment: "automated",
      advice: "--bind-address=127.0.0.1",
    },
    onLoopback,
  ),
  flagCheck(
    "kube-scheduler",
    { id: "1.4.1", title: "the scheduler serves no profiles", assessment: "automated", advice: "--profiling=false" },
    noProfiles,
  ),
  flagCheck(
    "kube-scheduler",
    {
      id: "1.4.2",
      title: "the scheduler listens on loopback only",
      assessment: "automated",
      advice: "--bind-address=127.0.0.1",
    },
    onLoopback,
  ),
];
