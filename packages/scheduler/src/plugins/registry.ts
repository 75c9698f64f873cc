import type { PluginArgs } from "../config/plugin-args.ts";
import type { SchedulerMetrics } from "../framework/metrics.ts";
import type { Plugin, PluginHandle } from "../framework/plugin.ts";
import { DefaultBinder } from "./default-binder.ts";
import { DefaultPreemption } from "./default-preemption.ts";
import { ImageLocality } from "./image-locality.ts";
import { InterPodAffinity } from "./inter-pod-affinity.ts";
import { NodeAffinity } from "./node-affinity.ts";
import { NodeName } from "./node-name.ts";
import { NodePorts } from "./node-ports.ts";
import { NodeResourcesBalancedAllocation } from "./node-resources-balanced-allocation.ts";
import { NodeResourcesFit } from "./node-resources-fit.ts";
import { NodeUnschedulable } from "./node-unschedulable.ts";
import { PodTopologySpread } from "./pod-topology-spread.ts";
import { PrioritySort } from "./priority-sort.ts";
import { SchedulingGates } from "./scheduling-gates.ts";
import { TaintToleration } from "./taint-toleration.ts";
import { VolumeBinding } from "./volume-binding.ts";
import { VolumeRestrictions } from "./volume-restrictions.ts";
import { VolumeZone } from "./volume-zone.ts";

type PluginFactory = (args: PluginArgs, handle: PluginHandle, metrics: SchedulerMetrics | undefined) => Plugin;

/** How each plugin is made, by its name. */
export const pluginFactories: Readonly<Record<string, PluginFactory>> = {
  SchedulingGates: () => new SchedulingGates(),
  PrioritySort: () => new PrioritySort(),
  NodeUnschedulable: () => new NodeUnschedulable(),
  NodeName: () => new NodeName(),
  TaintToleration: () => new TaintToleration(),
  NodeAffinity: ({ nodeAffinity }) => new NodeAffinity(nodeAffinity.addedAffinity),
  NodePorts: () => new NodePorts(),
  NodeResourcesFit: ({ nodeResourcesFit: { ignoredResources, ignoredResourceGroups, strategy } }) =>
    new NodeResourcesFit({
      ignoredResources: new Set(ignoredResources),
      ignoredResourceGroups: new Set(ignoredResourceGroups),
      strategy,
    }),
  VolumeRestrictions: (_args, { informers }) => new VolumeRestrictions(informers),
  VolumeZone: (_args, { informers }) => new VolumeZone(informers),
  VolumeBinding: (_args, { informers }) => new VolumeBinding(informers),
  PodTopologySpread: ({ defaultSpreadConstraints }, handle) => new PodTopologySpread(defaultSpreadConstraints, handle),
  InterPodAffinity: ({ interPodAffinity }, handle) => new InterPodAffinity(interPodAffinity, handle),
  DefaultPreemption: ({ defaultPreemption }, handle, metrics) =>
    new DefaultPreemption(defaultPreemption, handle, metrics),
  NodeResourcesBalancedAllocation: ({ balancedResources }) => new NodeResourcesBalancedAllocation(balancedResources),
  ImageLocality: (_args, { snapshot }) => new ImageLocality(snapshot),
  DefaultBinder: (_args, { client, clock }) => new DefaultBinder(client, clock),
};
