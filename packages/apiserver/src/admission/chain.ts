import type { Clock } from "@kube-ts/std/clock";
import type { Registry } from "@kube-ts/std/metrics";
import type { Random } from "@kube-ts/std/random";
import type { Authorizer } from "../auth/authorizer.ts";
import type { ObjectSource, ObjectWriter } from "../registry/object-source.ts";
import type { WebhookTransport } from "../extensions/conversion/webhook-transport.ts";
import type { AdmissionPlugin } from "./admission.ts";
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
import { PluginChain } from "./plugin-chain.ts";
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
