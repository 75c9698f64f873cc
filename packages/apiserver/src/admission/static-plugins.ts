import type { AdmissionPlugin } from "./admission.ts";
import { AlwaysPullImages } from "./always-pull-images.ts";
import { AlwaysAdmit, AlwaysDeny } from "./always.ts";
import { CertificateApproval } from "./certificates/certificate-approval.ts";
import { CertificateSigning } from "./certificates/certificate-signing.ts";
import { CertificateSubjectRestriction } from "./certificates/certificate-subject-restriction.ts";
import { ClusterTrustBundleAttest } from "./certificates/cluster-trust-bundle-attest.ts";
import type { AdmissionParts } from "./chain.ts";
import { DefaultIngressClass } from "./default-ingress-class.ts";
import { DefaultStorageClass } from "./default-storage-class.ts";
import { DefaultTolerationSeconds } from "./default-toleration-seconds.ts";
import { DenyServiceExternalIPs } from "./deny-service-external-ips.ts";
import { EventRateLimit } from "./event-rate-limit/event-rate-limit.ts";
import { ExtendedResourceToleration } from "./extended-resource-toleration.ts";
import { ImagePolicyWebhook } from "./image-policy/image-policy-webhook.ts";
import { LimitPodHardAntiAffinityTopology } from "./limit-pod-hard-anti-affinity-topology.ts";
import { LimitRanger } from "./limit-ranger.ts";
import { NamespaceAutoProvision, NamespaceExists } from "./namespace-exists.ts";
import { NamespaceLifecycle } from "./namespace-lifecycle.ts";
import { NodeDeclaredFeatureValidator } from "./node-declared-feature-validator.ts";
import { NodeRestriction } from "./node-restriction.ts";
import { OwnerReferencesPermissionEnforcement } from "./owner-references-permission-enforcement.ts";
import { PersistentVolumeClaimResize } from "./persistent-volume-claim-resize.ts";
import type { PluginName } from "./plugin-names.ts";
import { PodNodeSelector } from "./pod-node-selector.ts";
import { PodResizeValidator } from "./pod-resize-validator.ts";
import { PodSecurityMetrics } from "./pod-security/pod-security-metrics.ts";
import { PodSecurity } from "./pod-security/pod-security.ts";
import { PodTolerationRestriction } from "./pod-toleration-restriction.ts";
import { PodTopologyLabels } from "./pod-topology-labels.ts";
import { Priority } from "./priority.ts";
import { ResourceQuotaAdmission } from "./quota/resource-quota.ts";
import { RuntimeClassAdmission } from "./runtime-class.ts";
import { ServiceAccountAdmission } from "./service-account.ts";
import { StorageObjectInUseProtection } from "./storage-object-in-use-protection.ts";
import { TaintNodesByCondition } from "./taint-nodes-by-condition.ts";

type DynamicName =
  | "MutatingAdmissionPolicy"
  | "MutatingAdmissionWebhook"
  | "ValidatingAdmissionPolicy"
  | "ValidatingAdmissionWebhook";

/** Of resources that upstream serves only with alpha features turned on, which this server has not: nothing to judge. */
type AlphaName = "PodGroupProtection" | "PodGroupWorkloadExists" | "JobValidation";

type Make = Record<Exclude<PluginName, DynamicName | AlphaName>, () => AdmissionPlugin> &
  Partial<Record<AlphaName, () => AdmissionPlugin>>;

/** Makes the plugins whose rules are the server's own. */
export function staticPlugins(parts: AdmissionParts): Make {
  const { source, writer, clock, random, authorizer, configurations = {}, dynamic } = parts;
  const podSecurityMetrics = () => dynamic.metrics && new PodSecurityMetrics(dynamic.metrics);
  return {
    AlwaysAdmit: () => new AlwaysAdmit(),
    NamespaceAutoProvision: () => new NamespaceAutoProvision(source, writer),
    NamespaceLifecycle: () => new NamespaceLifecycle(source, clock),
    NamespaceExists: () => new NamespaceExists(source),
    LimitPodHardAntiAffinityTopology: () => new LimitPodHardAntiAffinityTopology(),
    LimitRanger: () => new LimitRanger(source),
    ServiceAccount: () => new ServiceAccountAdmission(source, clock, random),
    NodeRestriction: () => new NodeRestriction(source, authorizer),
    TaintNodesByCondition: () => new TaintNodesByCondition(),
    AlwaysPullImages: () => new AlwaysPullImages(),
    ImagePolicyWebhook: () => imagePolicyWebhook(parts),
    PodSecurity: () => new PodSecurity(source, clock, configurations.podSecurity, podSecurityMetrics()),
    PodNodeSelector: () => new PodNodeSelector(source, configurations.nodeSelectors),
    Priority: () => new Priority(source),
    DefaultTolerationSeconds: () => new DefaultTolerationSeconds(parts.tolerationSeconds),
    PodTolerationRestriction: () => new PodTolerationRestriction(source, configurations.tolerations),
    EventRateLimit: () =>
      new EventRateLimit(configured("EventRateLimit", configurations.eventLimits, "limits: must not be empty"), clock),
    ExtendedResourceToleration: () => new ExtendedResourceToleration(),
    DefaultStorageClass: () => new DefaultStorageClass(source),
    StorageObjectInUseProtection: () => new StorageObjectInUseProtection(),
    OwnerReferencesPermissionEnforcement: () =>
      new OwnerReferencesPermissionEnforcement(authorizer, parts.ownerKinds ?? (() => undefined)),
    PersistentVolumeClaimResize: () => new PersistentVolumeClaimResize(source),
    RuntimeClass: () => new RuntimeClassAdmission(source),
    CertificateApproval: () => new CertificateApproval(authorizer),
    CertificateSigning: () => new CertificateSigning(authorizer),
    ClusterTrustBundleAttest: () => new ClusterTrustBundleAttest(authorizer),
    CertificateSubjectRestriction: () => new CertificateSubjectRestriction(),
    DefaultIngressClass: () => new DefaultIngressClass(source),
    DenyServiceExternalIPs: () => new DenyServiceExternalIPs(),
    PodTopologyLabels: () => new PodTopologyLabels(source),
    NodeDeclaredFeatureValidator: () => new NodeDeclaredFeatureValidator(source),
    PodResizeValidator: () => new PodResizeValidator(source),
    ResourceQuota: () => new ResourceQuotaAdmission(source, writer, configurations.limitedResources),
    AlwaysDeny: () => new AlwaysDeny(),
  };
}

function imagePolicyWebhook({ imageWebhook, configurations, clock }: AdmissionParts): AdmissionPlugin {
  const name = "ImagePolicyWebhook";
  const config = configured(name, configurations?.imagePolicy, "no configuration is given");
  return new ImagePolicyWebhook(configured(name, imageWebhook, "no webhook is there to be asked"), config, clock);
}

function configured<T>(plugin: string, value: T | undefined, problem: string): T {
  if (value !== undefined) return value;
  throw new Error(`failed to initialize admission plugin ${JSON.stringify(plugin)}: ${problem}`);
}
