import type {
  ConfigMap,
  Endpoints,
  Event,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  PodTemplate,
  ReplicationController,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from "./core/v1.ts";
import type { ControllerRevision, DaemonSet, Deployment, ReplicaSet, StatefulSet } from "./apps/v1.ts";
import type { CustomResourceDefinition } from "./apiextensions/v1.ts";
import type { CronJob, Job } from "./batch/v1.ts";
import type { EndpointSlice } from "./discovery/v1.ts";
import type { Event as EventsV1Event } from "./events/v1.ts";
import type { Lease } from "./coordination/v1.ts";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "./rbac/v1.ts";
import type { PodDisruptionBudget } from "./policy/v1.ts";
import type { PriorityClass } from "./scheduling/v1.ts";
import type { SelfSubjectReview, TokenReview } from "./authentication/v1.ts";
import type {
  LocalSubjectAccessReview,
  SelfSubjectAccessReview,
  SelfSubjectRulesReview,
  SubjectAccessReview,
} from "./authorization/v1.ts";
import type { HorizontalPodAutoscaler as HorizontalPodAutoscalerV1 } from "./autoscaling/v1.ts";
import type { HorizontalPodAutoscaler } from "./autoscaling/v2.ts";
import type { CertificateSigningRequest } from "./certificates/v1.ts";
import type { IPAddress, Ingress, IngressClass, NetworkPolicy, ServiceCIDR } from "./networking/v1.ts";
import type { RuntimeClass } from "./node/v1.ts";
import type {
  MutatingAdmissionPolicy,
  MutatingAdmissionPolicyBinding,
  MutatingWebhookConfiguration,
  ValidatingAdmissionPolicy,
  ValidatingAdmissionPolicyBinding,
  ValidatingWebhookConfiguration,
} from "./admissionregistration/v1.ts";
import type { APIService } from "./apiregistration/v1.ts";
import type { FlowSchema, PriorityLevelConfiguration } from "./flowcontrol/v1.ts";
import type { DeviceClass, ResourceClaim, ResourceClaimTemplate, ResourceSlice } from "./resource/v1.ts";
import type {
  CSIDriver,
  CSINode,
  CSIStorageCapacity,
  StorageClass,
  VolumeAttachment,
  VolumeAttributesClass,
} from "./storage/v1.ts";
import { defineResourceType } from "./resource-type.ts";

export const pods = defineResourceType<Pod>("", "v1", "pods", "Pod", "Namespaced");
export const podTemplates = defineResourceType<PodTemplate>("", "v1", "podtemplates", "PodTemplate", "Namespaced");
export const services = defineResourceType<Service>("", "v1", "services", "Service", "Namespaced");
export const endpoints = defineResourceType<Endpoints>("", "v1", "endpoints", "Endpoints", "Namespaced");
export const nodes = defineResourceType<Node>("", "v1", "nodes", "Node", "Cluster");
export const namespaces = defineResourceType<Namespace>("", "v1", "namespaces", "Namespace", "Cluster");
export const configMaps = defineResourceType<ConfigMap>("", "v1", "configmaps", "ConfigMap", "Namespaced");
export const secrets = defineResourceType<Secret>("", "v1", "secrets", "Secret", "Namespaced");
export const serviceAccounts = defineResourceType<ServiceAccount>(
  "",
  "v1",
  "serviceaccounts",
  "ServiceAccount",
  "Namespaced",
);
export const events = defineResourceType<Event>("", "v1", "events", "Event", "Namespaced");
export const replicationControllers = defineResourceType<ReplicationController>(
  "",
  "v1",
  "replicationcontrollers",
  "ReplicationController",
  "Namespaced",
);
export const resourceQuotas = defineResourceType<ResourceQuota>(
  "",
  "v1",
  "resourcequotas",
  "ResourceQuota",
  "Namespaced",
);
export const limitRanges = defineResourceType<LimitRange>("", "v1", "limitranges", "LimitRange", "Namespaced");
export const persistentVolumes = defineResourceType<PersistentVolume>(
  "",
  "v1",
  "persistentvolumes",
  "PersistentVolume",
  "Cluster",
);
export const persistentVolumeClaims = defineResourceType<PersistentVolumeClaim>(
  "",
  "v1",
  "persistentvolumeclaims",
  "PersistentVolumeClaim",
  "Namespaced",
);

export const deployments = defineResourceType<Deployment>("apps", "v1", "deployments", "Deployment", "Namespaced");
export const replicaSets = defineResourceType<ReplicaSet>("apps", "v1", "replicasets", "ReplicaSet", "Namespaced");
export const daemonSets = defineResourceType<DaemonSet>("apps", "v1", "daemonsets", "DaemonSet", "Namespaced");
export const statefulSets = defineResourceType<StatefulSet>("apps", "v1", "statefulsets", "StatefulSet", "Namespaced");
export const controllerRevisions = defineResourceType<ControllerRevision>(
  "apps",
  "v1",
  "controllerrevisions",
  "ControllerRevision",
  "Namespaced",
);

export const jobs = defineResourceType<Job>("batch", "v1", "jobs", "Job", "Namespaced");
export const customResourceDefinitions = defineResourceType<CustomResourceDefinition>(
  "apiextensions.k8s.io",
  "v1",
  "customresourcedefinitions",
  "CustomResourceDefinition",
  "Cluster",
);

export const cronJobs = defineResourceType<CronJob>("batch", "v1", "cronjobs", "CronJob", "Namespaced");

export const endpointSlices = defineResourceType<EndpointSlice>(
  "discovery.k8s.io",
  "v1",
  "endpointslices",
  "EndpointSlice",
  "Namespaced",
);

export const leases = defineResourceType<Lease>("coordination.k8s.io", "v1", "leases", "Lease", "Namespaced");

export const roles = defineResourceType<Role>("rbac.authorization.k8s.io", "v1", "roles", "Role", "Namespaced");
export const roleBindings = defineResourceType<RoleBinding>(
  "rbac.authorization.k8s.io",
  "v1",
  "rolebindings",
  "RoleBinding",
  "Namespaced",
);
export const clusterRoles = defineResourceType<ClusterRole>(
  "rbac.authorization.k8s.io",
  "v1",
  "clusterroles",
  "ClusterRole",
  "Cluster",
);
export const clusterRoleBindings = defineResourceType<ClusterRoleBinding>(
  "rbac.authorization.k8s.io",
  "v1",
  "clusterrolebindings",
  "ClusterRoleBinding",
  "Cluster",
);

export const podDisruptionBudgets = defineResourceType<PodDisruptionBudget>(
  "policy",
  "v1",
  "poddisruptionbudgets",
  "PodDisruptionBudget",
  "Namespaced",
);

export const priorityClasses = defineResourceType<PriorityClass>(
  "scheduling.k8s.io",
  "v1",
  "priorityclasses",
  "PriorityClass",
  "Cluster",
);

export const tokenReviews = defineResourceType<TokenReview>(
  "authentication.k8s.io",
  "v1",
  "tokenreviews",
  "TokenReview",
  "Cluster",
);
export const selfSubjectReviews = defineResourceType<SelfSubjectReview>(
  "authentication.k8s.io",
  "v1",
  "selfsubjectreviews",
  "SelfSubjectReview",
  "Cluster",
);

export const subjectAccessReviews = defineResourceType<SubjectAccessReview>(
  "authorization.k8s.io",
  "v1",
  "subjectaccessreviews",
  "SubjectAccessReview",
  "Cluster",
);
export const selfSubjectAccessReviews = defineResourceType<SelfSubjectAccessReview>(
  "authorization.k8s.io",
  "v1",
  "selfsubjectaccessreviews",
  "SelfSubjectAccessReview",
  "Cluster",
);
export const localSubjectAccessReviews = defineResourceType<LocalSubjectAccessReview>(
  "authorization.k8s.io",
  "v1",
  "localsubjectaccessreviews",
  "LocalSubjectAccessReview",
  "Namespaced",
);
export const selfSubjectRulesReviews = defineResourceType<SelfSubjectRulesReview>(
  "authorization.k8s.io",
  "v1",
  "selfsubjectrulesreviews",
  "SelfSubjectRulesReview",
  "Cluster",
);

export const eventsV1 = defineResourceType<EventsV1Event>("events.k8s.io", "v1", "events", "Event", "Namespaced");

export const horizontalPodAutoscalers = defineResourceType<HorizontalPodAutoscaler>(
  "autoscaling",
  "v2",
  "horizontalpodautoscalers",
  "HorizontalPodAutoscaler",
  "Namespaced",
);
export const horizontalPodAutoscalersV1 = defineResourceType<HorizontalPodAutoscalerV1>(
  "autoscaling",
  "v1",
  "horizontalpodautoscalers",
  "HorizontalPodAutoscaler",
  "Namespaced",
);

export const ingresses = defineResourceType<Ingress>("networking.k8s.io", "v1", "ingresses", "Ingress", "Namespaced");
export const ingressClasses = defineResourceType<IngressClass>(
  "networking.k8s.io",
  "v1",
  "ingressclasses",
  "IngressClass",
  "Cluster",
);
export const networkPolicies = defineResourceType<NetworkPolicy>(
  "networking.k8s.io",
  "v1",
  "networkpolicies",
  "NetworkPolicy",
  "Namespaced",
);
export const ipAddresses = defineResourceType<IPAddress>(
  "networking.k8s.io",
  "v1",
  "ipaddresses",
  "IPAddress",
  "Cluster",
);
export const serviceCidrs = defineResourceType<ServiceCIDR>(
  "networking.k8s.io",
  "v1",
  "servicecidrs",
  "ServiceCIDR",
  "Cluster",
);

export const runtimeClasses = defineResourceType<RuntimeClass>(
  "node.k8s.io",
  "v1",
  "runtimeclasses",
  "RuntimeClass",
  "Cluster",
);

export const certificateSigningRequests = defineResourceType<CertificateSigningRequest>(
  "certificates.k8s.io",
  "v1",
  "certificatesigningrequests",
  "CertificateSigningRequest",
  "Cluster",
);

export const storageClasses = defineResourceType<StorageClass>(
  "storage.k8s.io",
  "v1",
  "storageclasses",
  "StorageClass",
  "Cluster",
);
export const volumeAttachments = defineResourceType<VolumeAttachment>(
  "storage.k8s.io",
  "v1",
  "volumeattachments",
  "VolumeAttachment",
  "Cluster",
);
export const csiDrivers = defineResourceType<CSIDriver>("storage.k8s.io", "v1", "csidrivers", "CSIDriver", "Cluster");
export const csiNodes = defineResourceType<CSINode>("storage.k8s.io", "v1", "csinodes", "CSINode", "Cluster");
export const csiStorageCapacities = defineResourceType<CSIStorageCapacity>(
  "storage.k8s.io",
  "v1",
  "csistoragecapacities",
  "CSIStorageCapacity",
  "Namespaced",
);
export const volumeAttributesClasses = defineResourceType<VolumeAttributesClass>(
  "storage.k8s.io",
  "v1",
  "volumeattributesclasses",
  "VolumeAttributesClass",
  "Cluster",
);

export const resourceClaims = defineResourceType<ResourceClaim>(
  "resource.k8s.io",
  "v1",
  "resourceclaims",
  "ResourceClaim",
  "Namespaced",
);
export const resourceClaimTemplates = defineResourceType<ResourceClaimTemplate>(
  "resource.k8s.io",
  "v1",
  "resourceclaimtemplates",
  "ResourceClaimTemplate",
  "Namespaced",
);
export const resourceSlices = defineResourceType<ResourceSlice>(
  "resource.k8s.io",
  "v1",
  "resourceslices",
  "ResourceSlice",
  "Cluster",
);
export const deviceClasses = defineResourceType<DeviceClass>(
  "resource.k8s.io",
  "v1",
  "deviceclasses",
  "DeviceClass",
  "Cluster",
);

export const flowSchemas = defineResourceType<FlowSchema>(
  "flowcontrol.apiserver.k8s.io",
  "v1",
  "flowschemas",
  "FlowSchema",
  "Cluster",
);
export const priorityLevelConfigurations = defineResourceType<PriorityLevelConfiguration>(
  "flowcontrol.apiserver.k8s.io",
  "v1",
  "prioritylevelconfigurations",
  "PriorityLevelConfiguration",
  "Cluster",
);

export const mutatingWebhookConfigurations = defineResourceType<MutatingWebhookConfiguration>(
  "admissionregistration.k8s.io",
  "v1",
  "mutatingwebhookconfigurations",
  "MutatingWebhookConfiguration",
  "Cluster",
);
export const validatingWebhookConfigurations = defineResourceType<ValidatingWebhookConfiguration>(
  "admissionregistration.k8s.io",
  "v1",
  "validatingwebhookconfigurations",
  "ValidatingWebhookConfiguration",
  "Cluster",
);
export const validatingAdmissionPolicies = defineResourceType<ValidatingAdmissionPolicy>(
  "admissionregistration.k8s.io",
  "v1",
  "validatingadmissionpolicies",
  "ValidatingAdmissionPolicy",
  "Cluster",
);
export const validatingAdmissionPolicyBindings = defineResourceType<ValidatingAdmissionPolicyBinding>(
  "admissionregistration.k8s.io",
  "v1",
  "validatingadmissionpolicybindings",
  "ValidatingAdmissionPolicyBinding",
  "Cluster",
);
export const mutatingAdmissionPolicies = defineResourceType<MutatingAdmissionPolicy>(
  "admissionregistration.k8s.io",
  "v1",
  "mutatingadmissionpolicies",
  "MutatingAdmissionPolicy",
  "Cluster",
);
export const mutatingAdmissionPolicyBindings = defineResourceType<MutatingAdmissionPolicyBinding>(
  "admissionregistration.k8s.io",
  "v1",
  "mutatingadmissionpolicybindings",
  "MutatingAdmissionPolicyBinding",
  "Cluster",
);

export const apiServices = defineResourceType<APIService>(
  "apiregistration.k8s.io",
  "v1",
  "apiservices",
  "APIService",
  "Cluster",
);
