import { Counter, type Registry } from "@kube-ts/std/metrics";
import type { AdmissionAttributes } from "../admission.ts";
import type { LevelVersion } from "./level-version.ts";
import type { Mode } from "./namespace-policy.ts";

/** The minor version of this server: what comes after it has no names among the metrics. */
const serverMinor = 36;

/** Counts what becomes of pods, templates and namespaces, under upstream's names. */
export class PodSecurityMetrics {
  readonly #evaluations: Counter;
  readonly #exemptions: Counter;
  readonly #errors: Counter;

  constructor(registry: Registry) {
    const registers = [registry];
    const request = ["request_operation", "resource", "subresource"];
    this.#evaluations = new Counter({
      name: "pod_security_evaluations_total",
      help: "Evaluations of pods and templates, by decision and policy; exempt requests are not among them.",
      labelNames: ["decision", "policy_level", "policy_version", "mode", ...request],
      registers,
    });
    this.#exemptions = new Counter({
      name: "pod_security_exemptions_total",
      help: "Requests that an exemption let through.",
      labelNames: request,
      registers,
    });
    this.#errors = new Counter({
      name: "pod_security_errors_total",
      help: "Errors that kept from a normal evaluation; after those that are not fatal the strictest level may have held.",
      labelNames: ["fatal", ...request],
      registers,
    });
  }

  evaluated(decision: "allow" | "deny", policy: LevelVersion, mode: Mode, attributes: AdmissionAttributes): void {
    const labels = { decision, policy_level: policy.level, policy_version: versionLabel(policy), mode };
    this.#evaluations.inc({ ...labels, ...requestLabels(attributes) });
  }

  exempted(attributes: AdmissionAttributes): void {
    this.#exemptions.inc(requestLabels(attributes));
  }

  failed(isFatal: boolean, attributes: AdmissionAttributes): void {
    this.#errors.inc({ fatal: String(isFatal), ...requestLabels(attributes) });
  }
}

function versionLabel({ level, version }: LevelVersion): string {
  if (version === "latest" || level === "privileged") return "latest";
  return version <= serverMinor ? `v1.${version}` : "future";
}

function requestLabels({ operation, type, subresource }: AdmissionAttributes) {
  const isCore = type.group === "";
  const resource =
    isCore && type.plural === "pods" ? "pod" : isCore && type.plural === "namespaces" ? "namespace" : "controller";
  return { request_operation: operation.toLowerCase(), resource, subresource };
}
