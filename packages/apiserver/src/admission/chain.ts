import type { Clock } from "@kube-ts/std/clock";
import { Histogram, type Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { Authorizer } from "../auth/authorizer.ts";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import type { WebhookTransport } from "../extensions/conversion/webhook-transport.ts";
import type { AdmissionAttributes, AdmissionChain, AdmissionPlugin } from "./admission.ts";
import { CertificateApproval } from "./certificates/certificate-approval.ts";
import { CertificateSigning } from "./certificates/certificate-signing.ts";
import { CertificateSubjectRestriction } from "./certificates/certificate-subject-restriction.ts";
import { DefaultIngressClass } from "./default-ingress-class.ts";
import { DefaultStorageClass } from "./default-storage-class.ts";
import { DefaultTolerationSeconds, type TolerationSeconds } from "./default-toleration-seconds.ts";
import { LimitRanger } from "./limit-ranger.ts";
import { Reinvocations } from "./matching/reinvocation.ts";
import type { ServedForms } from "./matching/served-forms.ts";
import { NamespaceLifecycle } from "./namespace-lifecycle.ts";
import { NodeRestriction } from "./node-restriction.ts";
import { PersistentVolumeClaimResize } from "./persistent-volume-claim-resize.ts";
import { type PluginName, enabledPlugins } from "./plugin-names.ts";
import { MutatingAdmissionPolicyPlugin } from "./policies/mutating-policies.ts";
import { ValidatingAdmissionPolicyPlugin } from "./policies/validating-policies.ts";
import { Priority } from "./priority.ts";
import { ResourceQuotaAdmission } from "./quota/resource-quota.ts";
import { RuntimeClassAdmission } from "./runtime-class.ts";
import { ServiceAccountAdmission } from "./service-account.ts";
import { StorageObjectInUseProtection } from "./storage-object-in-use-protection.ts";
import { TaintNodesByCondition } from "./taint-nodes-by-condition.ts";
import { MutatingAdmissionWebhook } from "./webhooks/mutating-webhooks.ts";
import { ValidatingAdmissionWebhook } from "./webhooks/validating-webhooks.ts";
import { WebhookMetrics } from "./webhooks/webhook-metrics.ts";

export interface AdmissionFlags {
  /** `--enable-admission-plugins`. */
  readonly enable: readonly string[];
  /** `--disable-admission-plugins`. */
  readonly disable: readonly string[];
}

export interface AdmissionParts {
  readonly source: ObjectSource;
  readonly writer: ObjectWriter;
  readonly clock: Clock;
  readonly random: Random;
  /** Asked whether nodes may have tokens for audiences beyond their pods', and who may act for signers. */
  readonly authorizer?: Authorizer;
  /** Where durations are recorded; absent for nowhere. */
  readonly metrics?: Registry;
  readonly tolerationSeconds?: TolerationSeconds;
  /** What policies and webhooks need. */
  readonly dynamic: DynamicParts;
}

export interface DynamicParts {
  readonly forms: ServedForms;
  readonly transport: WebhookTransport;
  /** Where calls of webhooks are counted; absent for nowhere. */
  readonly metrics?: Registry;
}

/** The chain of the plugins that the flags turn on. Throws an Error for a plugin that this server does not know. */
export function buildAdmission(flags: AdmissionFlags, parts: AdmissionParts): PluginChain {
  const { source, clock, random, dynamic } = parts;
  const reinvocations = new Reinvocations();
  const policies = { source, forms: dynamic.forms, authorizer: parts.authorizer };
  const metrics = dynamic.metrics && new WebhookMetrics(dynamic.metrics);
  const webhooks = { ...policies, transport: dynamic.transport, clock, random, metrics };
  const make: Record<PluginName, () => AdmissionPlugin> = {
    NamespaceLifecycle: () => new NamespaceLifecycle(source, clock),
    LimitRanger: () => new LimitRanger(source),
    ServiceAccount: () => new ServiceAccountAdmission(source, clock, random),
    NodeRestriction: () => new NodeRestriction(source, parts.authorizer),
    TaintNodesByCondition: () => new TaintNodesByCondition(),
    Priority: () => new Priority(source),
    DefaultTolerationSeconds: () => new DefaultTolerationSeconds(parts.tolerationSeconds),
    DefaultStorageClass: () => new DefaultStorageClass(source),
    StorageObjectInUseProtection: () => new StorageObjectInUseProtection(),
    PersistentVolumeClaimResize: () => new PersistentVolumeClaimResize(source),
    RuntimeClass: () => new RuntimeClassAdmission(source),
    CertificateApproval: () => new CertificateApproval(parts.authorizer),
    CertificateSigning: () => new CertificateSigning(parts.authorizer),
    CertificateSubjectRestriction: () => new CertificateSubjectRestriction(),
    DefaultIngressClass: () => new DefaultIngressClass(source),
    MutatingAdmissionPolicy: () => new MutatingAdmissionPolicyPlugin(policies, reinvocations),
    MutatingAdmissionWebhook: () => new MutatingAdmissionWebhook(webhooks, reinvocations),
    ValidatingAdmissionPolicy: () => new ValidatingAdmissionPolicyPlugin(policies),
    ValidatingAdmissionWebhook: () => new ValidatingAdmissionWebhook(webhooks),
    ResourceQuota: () => new ResourceQuotaAdmission(source, parts.writer),
  };
  const plugins = enabledPlugins(flags.enable, flags.disable).map((name) => make[name]());
  return new PluginChain(plugins, clock, parts.metrics, reinvocations);
}

type Phase = "admit" | "validate";

/** Runs plugins one after the other; the first refusal ends the write. */
export class PluginChain implements AdmissionChain, Disposable {
  readonly #plugins: readonly AdmissionPlugin[];
  readonly #clock: Clock;
  readonly #durations: Histogram | undefined;
  readonly #reinvocations: Reinvocations;

  constructor(
    plugins: readonly AdmissionPlugin[],
    clock: Clock,
    metrics?: Registry,
    reinvocations: Reinvocations = new Reinvocations(),
  ) {
    this.#plugins = plugins;
    this.#clock = clock;
    this.#durations = metrics && durationHistogram(metrics);
    this.#reinvocations = reinvocations;
  }

  /** Ends what plugins follow. */
  [Symbol.dispose](): void {
    for (const plugin of this.#plugins) plugin[Symbol.dispose]?.();
  }

  /** The names of the plugins, in their order. */
  get pluginNames(): string[] {
    return this.#plugins.map(({ name }) => name);
  }

  /** All plugins run once more when policies or webhooks changed what others had seen before. */
  async admit(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    await this.#run("admit", attributes, signal);
    if (this.#reinvocations.beginSecond(attributes)) await this.#run("admit", attributes, signal);
  }

  validate(attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    return this.#run("validate", attributes, signal);
  }

  async #run(phase: Phase, attributes: AdmissionAttributes, signal: AbortSignal): Promise<void> {
    for (const plugin of this.#plugins) {
      if (!plugin[phase] || !plugin.handles(attributes.operation)) continue;
      const startMs = this.#clock.monotonicMs();
      let rejected = true;
      try {
        const work = plugin[phase](attributes, signal);
        if (work) await work;
        rejected = false;
      } finally {
        this.#observe(plugin, phase, attributes, rejected, this.#clock.monotonicMs() - startMs);
      }
    }
  }

  #observe(
    plugin: AdmissionPlugin,
    phase: Phase,
    attributes: AdmissionAttributes,
    rejected: boolean,
    durationMs: number,
  ): void {
    this.#durations?.observe(
      { name: plugin.name, type: phase, operation: attributes.operation, rejected: String(rejected) },
      durationMs / 1000,
    );
  }
}

function durationHistogram(registry: Registry): Histogram {
  return new Histogram({
    name: "apiserver_admission_controller_admission_duration_seconds",
    help: "Time that an admission plugin takes for a request, by plugin, type, operation and outcome.",
    labelNames: ["name", "type", "operation", "rejected"],
    buckets: [0.005, 0.025, 0.1, 0.5, 1, 2.5],
    registers: [registry],
  });
}
