import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { parseBoolean } from "@kube-ts/std/flag-values";

/** Features that upstream can turn on and off. */
export const featureGateFlags = defineFlags({
  "feature-gates": {
    type: "stringList",
    default: [],
    description:
      "features as NAME=true|false, comma separated, by upstream's names. What this server has it always has, " +
      "so that only values which say so are taken",
  },
});

function names(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Part of every release now: upstream, too, refuses to turn them off. */
const lockedOn = names(`
  AnonymousAuthConfigurableEndpoints AnyVolumeDataSource AuthorizeNodeWithSelectors AuthorizeWithSelectors
  BtreeWatchCache ComponentSLIs ConsistentListFromCache CPUManagerPolicyOptions CRDValidationRatcheting
  CronJobsScheduledAnnotation CSIMigrationPortworx CustomResourceFieldSelectors DevicePluginCDIDevices
  DisableAllocatorDualWrite DynamicResourceAllocation HonorPVReclaimPolicy InPlacePodVerticalScaling
  JobBackoffLimitPerIndex JobManagedBy JobPodReplacementPolicy JobSuccessPolicy KubeletFineGrainedAuthz KubeletTracing
  LoadBalancerIPMode LogarithmicScaleDown MatchLabelKeysInPodAffinity MemoryManager MultiCIDRServiceAllocator
  MutatingAdmissionPolicy NFTablesProxyMode NodeInclusionPolicyInPodTopologySpread NodeSwap OrderedNamespaceDeletion
  PodIndexLabel PodLifecycleSleepAction PodLifecycleSleepActionAllowZero PodSchedulingReadiness
  RecoverVolumeExpansionFailure RecursiveReadOnlyMounts RelaxedDNSSearchValidation RelaxedEnvironmentVariableValidation
  ResilientWatchCacheInitialization RetryGenerateName SchedulerQueueingHints SeparateTaintEvictionController
  ServiceAccountTokenJTI ServiceAccountTokenNodeBinding ServiceAccountTokenNodeBindingValidation
  ServiceAccountTokenPodNodeInfo ServiceTrafficDistribution SidecarContainers SizeMemoryBackedVolumes
  StatefulSetAutoDeletePVC StreamingCollectionEncodingToJSON StreamingCollectionEncodingToProtobuf
  StrictCostEnforcementForVAP StrictCostEnforcementForWebhooks StructuredAuthenticationConfiguration
  StructuredAuthorizationConfiguration SupplementalGroupsPolicy TopologyAwareHints VolumeAttributesClass
`);

const lockedOff = names("AllowServiceLBStatusOnNonLB WatchFromStorageWithoutResourceVersion");

const on = names(`
  AggregatedDiscoveryRemoveBetaType AllowParsingUserUIDFromCertAuth APIResponseCompression
  ClearingNominatedNodeNameAfterBinding ContainerCheckpoint ContextualLogging CPUManagerPolicyBetaOptions
  DeclarativeValidation DetectCacheInconsistency DisableCPUQuotaWithExclusiveCPUs DisableNodeKubeProxyVersion
  DRAAdminAccess DRAPrioritizedList DRAResourceClaimDeviceStatus DRASchedulerFilterTimeout ExecProbeTimeout
  GracefulNodeShutdown GracefulNodeShutdownBasedOnPodPriority ImageMaximumGCAge ImageVolume
  KubeletCgroupDriverFromCRI KubeletPodResourcesListUseActivePods KubeletSeparateDiskGC ListFromCacheSnapshot
  LoggingBetaOptions MatchLabelKeysInPodTopologySpread MatchLabelKeysInPodTopologySpreadSelectorMerge
  NominatedNodeNameForExpectation OpenAPIEnums PodDeletionCost PodLevelResources PodObservedGenerationTracking
  PodReadyToStartContainersCondition PodTopologyLabelsAdmission PortForwardWebsockets PreferSameTrafficDistribution
  PreventStaticPodAPIReferences ProcMountType ReloadKubeletServerCertificateFile RemoteRequestHeaderUID
  RotateKubeletServerCertificate SchedulerAsyncAPICalls SchedulerAsyncPreemption SchedulerPopFromBackoffQ
  SELinuxChangePolicy SELinuxMountReadWriteOncePod ServiceAccountNodeAudienceRestriction SizeBasedListCostEstimate
  StorageNamespaceIndex StorageVersionHash StructuredAuthenticationConfigurationEgressSelector SystemdWatchdog
  TokenRequestServiceAccountUIDValidation TopologyManagerPolicyBetaOptions TopologyManagerPolicyOptions
  TranslateStreamCloseWebsocketRequests UnauthenticatedHTTP2DOSMitigation UserNamespacesSupport WatchList WinDSR WinOverlay
`);

const off = names(`
  AllowDNSOnlyNodeCSR AllowInsecureKubeletCertificateSigningRequests AllowOverwriteTerminationGracePeriodSeconds
  AllowUnsafeMalformedObjectDeletion APIServerIdentity APIServerTracing APIServingWithRoutine CBORServingAndStorage
  CloudControllerManagerWebhook ClusterTrustBundle ClusterTrustBundleProjection ComponentFlagz ComponentStatusz
  ConcurrentWatchObjectDecode ContainerStopSignals CoordinatedLeaderElection CPUCFSQuotaPeriod
  CPUManagerPolicyAlphaOptions CrossNamespaceVolumeDataSource CSIVolumeHealth DeclarativeValidationTakeover
  DeploymentReplicaSetTerminatingReplicas DRADeviceTaints DRAPartitionableDevices EventedPLEG
  ExternalServiceAccountTokenSigner GitRepoVolumeDriver HPAConfigurableTolerance HPAScaleToZero
  InPlacePodVerticalScalingAllocatedStatus InPlacePodVerticalScalingExclusiveCPUs InTreePluginPortworxUnregister KMSv1
  KubeletCrashLoopBackOffMax KubeletEnsureSecretPulledImages KubeletInUserNamespace
  KubeletPodResourcesDynamicResources KubeletPodResourcesGet KubeletPSI KubeletRegistrationGetOnExistsOnly
  KubeletServiceAccountTokenForCredentialProviders LegacySidecarContainers
  LocalStorageCapacityIsolationFSQuotaMonitoring LoggingAlphaOptions MaxUnavailableStatefulSet MemoryQoS
  MutableCSINodeAllocatableCount NodeLogQuery PodAndContainerStatsFromCRI PodLogsQuerySplitStreams QOSReserved
  ReduceDefaultCrashLoopBackOffDecay RelaxedServiceNameValidation ResourceHealthStatus RuntimeClassInImageCriAPI
  SELinuxMount SeparateCacheWatchRPC StorageCapacityScoring StorageVersionAPI StorageVersionMigrator
  StrictIPCIDRValidation TopologyManagerPolicyAlphaOptions
  UnknownVersionInteroperabilityProxy UserNamespacesPodSecurityStandards WatchCacheInitializationPostStartHook
  WindowsCPUAndMemoryAffinity WindowsGracefulNodeShutdown WindowsHostNetwork
`);

/** AllAlpha is off, as no alpha feature is here; AllBeta would turn on what the server has and what it has not. */
const groups = names("AllAlpha AllBeta");

const flag = "feature-gates";
const component = "kube";

/** Checks the gates; there is nothing to configure by them. Throws a FlagError. */
export function checkFeatureGates(values: FlagValues<typeof featureGateFlags>): void {
  for (const text of values[flag]) {
    const colon = text.indexOf(":");
    const owner = colon < 0 ? component : text.slice(0, colon);
    if (owner !== component) throw new FlagError(flag, `component not registered: ${owner}`);
    if (text.trim() !== "") checkGate(text.slice(colon + 1).trim());
  }
}

function checkGate(text: string): void {
  const [name = "", value, ...more] = text.split("=");
  if (value === undefined || more.length > 0) throw new FlagError(flag, `missing bool value for ${name}`);
  const wanted = gateValue(name, value);
  const locked = lockedOn.has(name) ? true : lockedOff.has(name) ? false : undefined;
  if (locked !== undefined && wanted !== locked) {
    throw new FlagError(flag, `cannot set feature gate ${name} to ${wanted}, feature is locked to ${locked}`);
  }
  if (locked !== undefined) return;
  if (groups.has(name)) {
    if (name === "AllAlpha" && !wanted) return;
    throw new FlagError(flag, `--${flag}: ${text} cannot be honoured: features are not turned on or off in groups`);
  }
  if (!on.has(name) && !off.has(name)) throw new FlagError(flag, `unrecognized feature gate: ${name}`);
  if (on.has(name) === wanted) return;
  const reason = wanted ? "this server does not have the feature" : "this server always has the feature";
  throw new FlagError(flag, `--${flag}: ${text} cannot be honoured: ${reason}`);
}

function gateValue(name: string, value: string): boolean {
  try {
    return parseBoolean(value);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new FlagError(flag, `invalid value of ${name}: ${value}, err: ${reason}`);
  }
}
