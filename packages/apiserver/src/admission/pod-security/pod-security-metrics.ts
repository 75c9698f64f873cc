import { HotCounter } from "@kube-ts/std/hot-metrics";
import type { Registry } from "@kube-ts/std/metrics";
import type { AdmissionAttributes } from "../admission.ts";
import type { LevelVersion } from "./level-version.ts";
import type { Mode } from "./namespace-policy.ts";

/** The minor version of this server: what comes after it has no names among the metrics. */
const serverMinor = 36;

/** Counts what becomes of pods, templates and namespaces, under upstream's names. */
export class PodSecurityMetrics {
  readonly #evaluations: HotCounter;
  readonly #exemptions: HotCounter;
  readonly #errors: HotCounter;

  constructor(registry: Registry) {
    const request = ["request_operation", "resource", "subresource"];
    this.#evaluations = new HotCounter({
      name: "pod_security_evaluations_total",
      help: "Evaluations of pods and templates, by decision and policy; exempt requests are not among them.",
      labelNames: ["decision", "policy_level", "policy_version", "mode", ...request],
      registry,
    });
    this.#exemptions = new HotCounter({
      name: "pod_security_exemptions_total",
      help: "Requests that an exemption let through.",
      labelNames: request,
      registry,
    });
    this.#errors = new HotCounter({
      name: "pod_security_errors_total",
      help: "Errors that kept from a normal evaluation; after those that are not fatal the strictest level may have held.",
      labelNames: ["fatal", ...request],
      registry,
    });
  }

  evaluated(decision: "allow" | "deny", policy: LevelVersion, mode: Mode, attributes: AdmissionAttributes): void {
    const { operation, type, subresource } = attributes;
    const request = [operationLabel(operation), resourceLabel(type), subresource] as const;
    this.#evaluations.with(decision, policy.level, versionLabel(policy), mode, ...request).inc();
  }

  exempted({ operation, type, subresource }: AdmissionAttributes): void {
    this.#exemptions.with(operationLabel(operation), resourceLabel(type), subresource).inc();
  }

  failed(isFatal: boolean, { operation, type, subresource }: AdmissionAttributes): void {
    this.#errors.with(String(isFatal), operationLabel(operation), resourceLabel(type), subresource).inc();
  }
}

function versionLabel({ level, version }: LevelVersion): string {
  if (version === "latest" || level === "privileged") return "latest";
  return version <= serverMinor ? `v1.${version}` : "future";
}

function operationLabel(operation: AdmissionAttributes["operation"]): string {
  return operation === "CREATE" ? "create" : "update";
}

function resourceLabel({ group, plural }: AdmissionAttributes["type"]): string {
  if (group !== "") return "controller";
  return plural === "pods" ? "pod" : plural === "namespaces" ? "namespace" : "controller";
}
