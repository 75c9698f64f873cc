import type { NodeAffinity, TopologySpreadConstraint } from "@kube-ts/api/core/v1";
import {
  booleanField,
  type FieldProblem,
  integerField,
  jsonField,
  listField,
  objectField,
  stringField,
  wordField,
} from "@kube-ts/std/config-schema";
import type { ResourceWeight, ScoringStrategy } from "../plugins/resource-scoring.ts";
import { absentPlugins } from "./default-plugins.ts";
import { pluginPoints } from "./plugin-points.ts";

/** The arguments of all plugins that take some, with their defaults. */
export interface PluginArgs {
  readonly defaultPreemption: {
    readonly minCandidateNodesPercentage: number;
    readonly minCandidateNodesAbsolute: number;
  };
  readonly interPodAffinity: {
    readonly hardPodAffinityWeight: number;
    readonly ignorePreferredTermsOfExistingPods: boolean;
  };
  readonly nodeAffinity: { readonly addedAffinity: NodeAffinity | undefined };
  readonly nodeResourcesFit: {
    readonly ignoredResources: readonly string[];
    readonly ignoredResourceGroups: readonly string[];
    readonly strategy: ScoringStrategy;
  };
  readonly balancedResources: readonly ResourceWeight[];
  /** Undefined for the system's own defaults. */
  readonly defaultSpreadConstraints: readonly TopologySpreadConstraint[] | undefined;
}

const cpuAndMemory: readonly ResourceWeight[] = [
  { name: "cpu", weight: 1 },
  { name: "memory", weight: 1 },
];

const resources = listField(objectField({ name: stringField(), weight: integerField() }));

const kinds = {
  DefaultPreemption: objectField({
    ...typeFields("DefaultPreemptionArgs"),
    minCandidateNodesPercentage: integerField(),
    minCandidateNodesAbsolute: integerField(),
  }),
  InterPodAffinity: objectField({
    ...typeFields("InterPodAffinityArgs"),
    hardPodAffinityWeight: integerField(),
    ignorePreferredTermsOfExistingPods: booleanField(),
  }),
  NodeAffinity: objectField({ ...typeFields("NodeAffinityArgs"), addedAffinity: jsonField() }),
  NodeResourcesFit: objectField({
    ...typeFields("NodeResourcesFitArgs"),
    ignoredResources: listField(stringField()),
    ignoredResourceGroups: listField(stringField()),
    scoringStrategy: objectField({
      type: wordField("LeastAllocated", "MostAllocated", "RequestedToCapacityRatio"),
      resources,
      requestedToCapacityRatio: objectField({
        shape: listField(objectField({ utilization: integerField(), score: integerField() })),
      }),
    }),
  }),
  NodeResourcesBalancedAllocation: objectField({ ...typeFields("NodeResourcesBalancedAllocationArgs"), resources }),
  PodTopologySpread: objectField({
    ...typeFields("PodTopologySpreadArgs"),
    defaultingType: wordField("System", "List"),
    defaultConstraints: listField(
      objectField({
        maxSkew: integerField(),
        topologyKey: stringField(),
        whenUnsatisfiable: wordField("DoNotSchedule", "ScheduleAnyway"),
        minDomains: integerField(),
        nodeAffinityPolicy: wordField("Honor", "Ignore"),
        nodeTaintsPolicy: wordField("Honor", "Ignore"),
      }),
    ),
  }),
  VolumeBinding: objectField({
    ...typeFields("VolumeBindingArgs"),
    bindTimeoutSeconds: integerField(),
    shape: listField(objectField({ utilization: integerField(), score: integerField() })),
  }),
};

/** Plugins that take arguments without any effect here: they do less than upstream's. */
export const argsWithoutEffect: ReadonlySet<string> = new Set(["VolumeBinding"]);

type Kinds = typeof kinds;
type ArgsOf = { [N in keyof Kinds]?: NonNullable<ReturnType<Kinds[N]["decode"]>> };

/** Arguments that cannot be used. The message starts with the field's path. */
export class PluginArgsError extends Error {
  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.name = "PluginArgsError";
  }
}

/** Reads the arguments that a profile gives to plugins. Throws a PluginArgsError. */
export function decodePluginArgs(
  written: readonly { readonly name?: string; readonly args?: unknown }[],
  path: string,
): PluginArgs {
  const decoded: Record<string, unknown> = {};
  for (const [index, { name = "", args = {} }] of written.entries()) {
    const at = `${path}.pluginConfig[${index}]`;
    if (Object.hasOwn(decoded, name)) throw new PluginArgsError(at, `repeated config for plugin ${name}`);
    if (!Object.hasOwn(kinds, name)) throw new PluginArgsError(`${at}.name`, withoutArgs(name));
    const problems: FieldProblem[] = [];
    decoded[name] = kinds[name as keyof Kinds].decode(args, `${at}.args`, problems);
    const [problem] = problems;
    if (problem) throw new PluginArgsError(problem.path, problem.message);
  }
  return withDefaults(decoded, path);
}

function withoutArgs(name: string): string {
  const exists = Object.hasOwn(pluginPoints, name);
  if (exists) return `plugin ${JSON.stringify(name)} takes no arguments`;
  const why = absentPlugins.has(name) ? "is not available" : "does not exist";
  return `plugin ${JSON.stringify(name)} ${why}`;
}

function withDefaults(args: ArgsOf, path: string): PluginArgs {
  const { DefaultPreemption: preemption, InterPodAffinity: affinity, NodeResourcesFit: fit } = args;
  const percentage = preemption?.minCandidateNodesPercentage ?? 10;
  const absolute = preemption?.minCandidateNodesAbsolute ?? 100;
  const hardWeight = affinity?.hardPodAffinityWeight ?? 1;
  checkRange(percentage, 0, 100, `${path}.pluginConfig.minCandidateNodesPercentage`);
  checkRange(absolute, 0, Number.MAX_SAFE_INTEGER, `${path}.pluginConfig.minCandidateNodesAbsolute`);
  checkRange(hardWeight, 0, 100, `${path}.pluginConfig.hardPodAffinityWeight`);
  checkBindTimeout(args.VolumeBinding?.bindTimeoutSeconds, path);
  return {
    defaultPreemption: { minCandidateNodesPercentage: percentage, minCandidateNodesAbsolute: absolute },
    interPodAffinity: {
      hardPodAffinityWeight: hardWeight,
      ignorePreferredTermsOfExistingPods: affinity?.ignorePreferredTermsOfExistingPods ?? false,
    },
    nodeAffinity: { addedAffinity: nodeAffinity(args.NodeAffinity?.addedAffinity, path) },
    nodeResourcesFit: {
      ignoredResources: fit?.ignoredResources ?? [],
      ignoredResourceGroups: fit?.ignoredResourceGroups ?? [],
      strategy: strategy(fit?.scoringStrategy, path),
    },
    balancedResources: balancedResources(args.NodeResourcesBalancedAllocation?.resources, path),
    defaultSpreadConstraints: spreadConstraints(args.PodTopologySpread, path),
  };
}

function strategy(written: NonNullable<ArgsOf["NodeResourcesFit"]>["scoringStrategy"], path: string): ScoringStrategy {
  const { type = "LeastAllocated", requestedToCapacityRatio } = written ?? {};
  const weighted = weights(written?.resources);
  for (const [index, resource] of weighted.entries()) {
    if (resource.weight > 0 && resource.weight <= 100) continue;
    const problem = `Invalid value: ${resource.weight}: resource weight of ${resource.name} not in valid range (0, 100]`;
    throw new PluginArgsError(`${path}.pluginConfig.scoringStrategy.resources[${index}].weight`, problem);
  }
  if (type !== "RequestedToCapacityRatio") return { type, resources: weighted };
  const at = `${path}.pluginConfig.scoringStrategy.requestedToCapacityRatio.shape`;
  // Written scores range from 0 to 10.
  const shape = (requestedToCapacityRatio?.shape ?? []).map(({ utilization = 0, score = 0 }, index) => {
    checkRange(utilization, 0, 100, `${at}[${index}].utilization`);
    checkRange(score, 0, 10, `${at}[${index}].score`);
    return { utilization, score: score * 10 };
  });
  if (shape.length === 0) throw new PluginArgsError(at, "Required value: at least one point must be specified");
  for (const [index, point] of shape.entries()) {
    const before = shape[index - 1];
    if (before && before.utilization >= point.utilization) {
      throw new PluginArgsError(`${at}[${index}].utilization`, "utilization values must be sorted in increasing order");
    }
  }
  return { type, resources: weighted, shape };
}

function weights(written: readonly { readonly name?: string; readonly weight?: number }[] | undefined) {
  const named = (written ?? []).map(({ name = "", weight }) => ({ name, weight: weight || 1 }));
  return named.length === 0 ? cpuAndMemory : named;
}

/** All of them count the same. */
function balancedResources(written: Parameters<typeof weights>[0], path: string): readonly ResourceWeight[] {
  const resources = weights(written);
  const at = `${path}.pluginConfig.resources`;
  for (const [index, { name, weight }] of resources.entries()) {
    if (weight !== 1) throw new PluginArgsError(`${at}[${index}].weight`, `Invalid value: ${weight}: must be 1`);
    if (resources.findIndex((other) => other.name === name) < index) {
      throw new PluginArgsError(`${at}[${index}].name`, `Duplicate value: ${JSON.stringify(name)}`);
    }
  }
  return resources;
}

function checkBindTimeout(seconds: number | undefined, path: string): void {
  if (seconds === undefined || seconds >= 0) return;
  const problem = `Invalid value: ${seconds}: invalid BindTimeoutSeconds, should not be a negative value`;
  throw new PluginArgsError(`${path}.pluginConfig.bindTimeoutSeconds`, problem);
}

/** Selectors of default constraints follow from the pod's services and owner, so none may be written. */
function spreadConstraints(
  written: ArgsOf["PodTopologySpread"],
  path: string,
): readonly TopologySpreadConstraint[] | undefined {
  const { defaultingType = "System", defaultConstraints = [] } = written ?? {};
  const at = `${path}.pluginConfig.defaultConstraints`;
  if (defaultingType === "System") {
    if (defaultConstraints.length === 0) return undefined;
    throw new PluginArgsError(at, "when .defaultingType is System, no default constraints may be given");
  }
  return defaultConstraints.map(({ maxSkew = 0, topologyKey = "", whenUnsatisfiable, ...rest }, index) => {
    if (maxSkew <= 0)
      throw new PluginArgsError(`${at}[${index}].maxSkew`, `Invalid value: ${maxSkew}: not in valid range (0, inf)`);
    if (topologyKey === "")
      throw new PluginArgsError(`${at}[${index}].topologyKey`, "Required value: can not be empty");
    if (!whenUnsatisfiable)
      throw new PluginArgsError(`${at}[${index}].whenUnsatisfiable`, "Required value: can not be empty");
    return { ...rest, maxSkew, topologyKey, whenUnsatisfiable };
  });
}

const requirements = listField(
  objectField({
    key: stringField(),
    operator: wordField("In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"),
    values: listField(stringField()),
  }),
);
const term = objectField({ matchExpressions: requirements, matchFields: requirements });
const affinitySchema = objectField({
  requiredDuringSchedulingIgnoredDuringExecution: objectField({ nodeSelectorTerms: listField(term) }),
  preferredDuringSchedulingIgnoredDuringExecution: listField(objectField({ weight: integerField(), preference: term })),
});

function nodeAffinity(written: unknown, path: string): NodeAffinity | undefined {
  if (written === undefined) return undefined;
  const problems: FieldProblem[] = [];
  const decoded = affinitySchema.decode(written, `${path}.pluginConfig.addedAffinity`, problems);
  const [problem] = problems;
  if (problem) throw new PluginArgsError(problem.path, problem.message);
  return decoded as NodeAffinity | undefined;
}

function typeFields<K extends string>(kind: K) {
  return { apiVersion: wordField("kubescheduler.config.k8s.io/v1"), kind: wordField(kind) };
}

function checkRange(value: number, min: number, max: number, path: string): void {
  if (value < min || value > max)
    throw new PluginArgsError(path, `Invalid value: ${value}: not in valid range [${min}-${max}]`);
}
