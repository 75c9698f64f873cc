/** Names of labels, annotations, taints and finalizers that components agree on. */

export const hostnameLabel = "kubernetes.io/hostname";
export const osLabel = "kubernetes.io/os";
export const archLabel = "kubernetes.io/arch";
export const metadataNameLabel = "kubernetes.io/metadata.name";
export const zoneLabel = "topology.kubernetes.io/zone";
export const regionLabel = "topology.kubernetes.io/region";
export const instanceTypeLabel = "node.kubernetes.io/instance-type";
export const nodeRoleLabelPrefix = "node-role.kubernetes.io/";
export const controlPlaneTaint = "node-role.kubernetes.io/control-plane";

export const notReadyTaint = "node.kubernetes.io/not-ready";
export const unreachableTaint = "node.kubernetes.io/unreachable";
export const unschedulableTaint = "node.kubernetes.io/unschedulable";
export const memoryPressureTaint = "node.kubernetes.io/memory-pressure";
export const diskPressureTaint = "node.kubernetes.io/disk-pressure";
export const pidPressureTaint = "node.kubernetes.io/pid-pressure";
export const networkUnavailableTaint = "node.kubernetes.io/network-unavailable";
export const outOfServiceTaint = "node.kubernetes.io/out-of-service";
export const externalCloudProviderTaint = "node.cloudprovider.kubernetes.io/uninitialized";

export const podTemplateHashLabel = "pod-template-hash";
export const controllerRevisionHashLabel = "controller-revision-hash";
export const podTemplateGenerationLabel = "pod-template-generation";
export const statefulSetPodNameLabel = "statefulset.kubernetes.io/pod-name";
export const podIndexLabel = "apps.kubernetes.io/pod-index";
export const jobNameLabel = "batch.kubernetes.io/job-name";
export const legacyJobNameLabel = "job-name";
export const jobControllerUidLabel = "batch.kubernetes.io/controller-uid";
export const legacyJobControllerUidLabel = "controller-uid";
export const jobTrackingFinalizer = "batch.kubernetes.io/job-tracking";
export const jobCompletionIndexAnnotation = "batch.kubernetes.io/job-completion-index";

export const serviceNameLabel = "kubernetes.io/service-name";
export const headlessServiceLabel = "service.kubernetes.io/headless";
/** Services with this label are left to another proxy. */
export const serviceProxyNameLabel = "service.kubernetes.io/service-proxy-name";
export const endpointSliceManagedByLabel = "endpointslice.kubernetes.io/managed-by";
export const skipEndpointSliceMirrorLabel = "endpointslice.kubernetes.io/skip-mirror";
/** When the Service or its pods changed last, as the endpoint slice controller saw it. */
export const endpointsLastChangeAnnotation = "endpoints.kubernetes.io/last-change-trigger-time";
export const topologyModeAnnotation = "service.kubernetes.io/topology-mode";

export const revisionAnnotation = "deployment.kubernetes.io/revision";
export const revisionHistoryAnnotation = "deployment.kubernetes.io/revision-history";
export const desiredReplicasAnnotation = "deployment.kubernetes.io/desired-replicas";
export const maxReplicasAnnotation = "deployment.kubernetes.io/max-replicas";
/** The revision that clients of old want a deployment to go back to. */
export const rollbackAnnotation = "deprecated.deployment.rollback.to";
export const podDeletionCostAnnotation = "controller.kubernetes.io/pod-deletion-cost";
export const changeCauseAnnotation = "kubernetes.io/change-cause";
export const lastAppliedAnnotation = "kubectl.kubernetes.io/last-applied-configuration";
export const restartedAtAnnotation = "kubectl.kubernetes.io/restartedAt";
export const defaultContainerAnnotation = "kubectl.kubernetes.io/default-container";

export const bootstrappingLabel = "kubernetes.io/bootstrapping";

export const serviceAccountNameAnnotation = "kubernetes.io/service-account.name";
export const serviceAccountUidAnnotation = "kubernetes.io/service-account.uid";
export const legacyTokenLastUsedLabel = "kubernetes.io/legacy-token-last-used";

export const mirrorPodAnnotation = "kubernetes.io/config.mirror";

export const volumesAttachedAnnotation = "volumes.kubernetes.io/controller-managed-attach-detach";
export const defaultStorageClassAnnotation = "storageclass.kubernetes.io/is-default-class";

export const initialEventsEndAnnotation = "k8s.io/initial-events-end";

export const foregroundDeletionFinalizer = "foregroundDeletion";
export const orphanDependentsFinalizer = "orphan";
export const namespaceFinalizer = "kubernetes";
export const pvcProtectionFinalizer = "kubernetes.io/pvc-protection";
export const pvProtectionFinalizer = "kubernetes.io/pv-protection";
export const volumeAttributesClassProtectionFinalizer = "kubernetes.io/vac-protection";

/** Namespaces that exist in every cluster. */
export const defaultNamespace = "default";
export const systemNamespace = "kube-system";
export const publicNamespace = "kube-public";
export const nodeLeaseNamespace = "kube-node-lease";
