/** A plugin of the default profile; the weight counts where it scores. */
export interface DefaultPlugin {
  readonly name: string;
  readonly weight?: number;
}

/** What a profile has enabled at every extension point that a plugin takes part in, in upstream's order. */
export const defaultPlugins: readonly DefaultPlugin[] = [
  { name: "SchedulingGates" },
  { name: "PrioritySort" },
  { name: "NodeUnschedulable" },
  { name: "NodeName" },
  { name: "TaintToleration", weight: 3 },
  { name: "NodeAffinity", weight: 2 },
  { name: "NodePorts" },
  { name: "NodeResourcesFit", weight: 1 },
  { name: "VolumeRestrictions" },
  { name: "VolumeBinding" },
  { name: "VolumeZone" },
  { name: "PodTopologySpread", weight: 2 },
  { name: "InterPodAffinity", weight: 2 },
  { name: "DefaultPreemption" },
  { name: "NodeResourcesBalancedAllocation", weight: 1 },
  { name: "ImageLocality", weight: 1 },
  { name: "DefaultBinder" },
];

/** Upstream's plugins that do not exist here: they can be disabled, since they never run, but not enabled. */
export const absentPlugins: ReadonlySet<string> = new Set([
  "NodeVolumeLimits",
  "DynamicResources",
  "NodeDeclaredFeatures",
  "GangScheduling",
]);
