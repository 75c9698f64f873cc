import { FlagError, type FlagValues, defineFlags } from "./flags.ts";
import { parseBoolean } from "./flag-values.ts";

/** Features that upstream can turn on and off. */
export const featureGateFlags = defineFlags({
  "feature-gates": {
    type: "stringList",
    default: [],
    description:
      "features as NAME=true|false, comma separated, by upstream's names. Most of what there is cannot be turned off, " +
      "and only values which say so are taken",
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
  AggregatedDiscoveryRemoveBetaType AllowParsingUserUIDFromCertAuth APIResponseCompression APIServerIdentity
  ClearingNominatedNodeNameAfterBinding ComponentFlagz ComponentStatusz ContainerCheckpoint ContextualLogging CPUManagerPolicyBetaOptions
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
  AllowUnsafeMalformedObjectDeletion APIServerTracing APIServingWithRoutine CBORServingAndStorage
  CloudControllerManagerWebhook ClusterTrustBundle ClusterTrustBundleProjection
  ConcurrentWatchObjectDecode ContainerStopSignals CoordinatedLeaderElection CPUCFSQuotaPeriod
  CPUManagerPolicyAlphaOptions CrossNamespaceVolumeDataSource CSIVolumeHealth DeclarativeValidationTakeover
  DeploymentReplicaSetTerminatingReplicas DRADeviceTaints DRAPartitionableDevices EventedPLEG
  ExternalServiceAccountTokenSigner GitRepoVolumeDriver HPAConfigurableTolerance HPAScaleToZero
  InPlacePodVerticalScalingAllocatedStatus InPlacePodVerticalScalingExclusiveCPUs InTreePluginPortworxUnregister KMSv1
  KubeletCrashLoopBackOffMax KubeletEnsureSecretPulledImages KubeletInUserNamespace
  KubeletPodResourcesDynamicResources KubeletPodResourcesGet KubeletPSI KubeletRegistrationGetOnExistsOnly
  KubeletServiceAccountTokenForCredentialProviders LegacySidecarContainers
  LocalStorageCapacityIsolationFSQuotaMonitoring LoggingAlphaOptions MemoryQoS
  MutableCSINodeAllocatableCount NodeLogQuery PodAndContainerStatsFromCRI PodLogsQuerySplitStreams QOSReserved
  ReduceDefaultCrashLoopBackOffDecay RelaxedServiceNameValidation ResourceHealthStatus RuntimeClassInImageCriAPI
  SELinuxMount SeparateCacheWatchRPC StorageCapacityScoring StorageVersionAPI StorageVersionMigrator
  StrictIPCIDRValidation TopologyManagerPolicyAlphaOptions
  UnknownVersionInteroperabilityProxy UserNamespacesPodSecurityStandards WatchCacheInitializationPostStartHook
  WindowsCPUAndMemoryAffinity WindowsGracefulNodeShutdown WindowsHostNetwork
`);

/** AllAlpha is off, as no alpha feature is here; AllBeta would turn on what there is and what there is not. */
const groups = names("AllAlpha AllBeta");

const flag = "feature-gates";
const component = "kube";

/** The features that can be set either way, as they are by default. */
const defaults = { MaxUnavailableStatefulSet: false };

type FeatureGates = Readonly<typeof defaults>;

/** Reads the gates; of most only values are taken that say what is so anyway. Throws a FlagError. */
export function featureGates(values: FlagValues<typeof featureGateFlags>): FeatureGates {
  const gates = { ...defaults };
  for (const text of values[flag]) {
    const colon = text.indexOf(":");
    const owner = colon < 0 ? component : text.slice(0, colon);
    if (owner !== component) throw new FlagError(flag, `component not registered: ${owner}`);
    const gate = text.slice(colon + 1).trim();
    if (text.trim() === "") continue;
    const { name, wanted } = parseGate(gate);
    if (isSwitchable(name)) gates[name] = wanted;
    else checkGate(gate, name, wanted);
  }
  return gates;
}

function isSwitchable(name: string): name is keyof FeatureGates {
  return Object.hasOwn(defaults, name);
}

function parseGate(text: string): { readonly name: string; readonly wanted: boolean } {
  const [name = "", value, ...more] = text.split("=");
  if (value === undefined || more.length > 0) throw new FlagError(flag, `missing bool value for ${name}`);
  return { name, wanted: gateValue(name, value) };
}

function checkGate(text: string, name: string, wanted: boolean): void {
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
  const reason = wanted ? "there is no such feature here" : "the feature is always on here";
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
