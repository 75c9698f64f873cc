import type {
  FlowDistinguisherMethodType,
  FlowSchema,
  LimitedPriorityLevelConfiguration,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
  ResourcePolicyRule,
  Subject,
} from "@kube-ts/api/flowcontrol/v1";

/** Marks objects whose spec the server keeps as it should be. */
export const autoUpdateAnnotation = "apf.kubernetes.io/autoupdate-spec";

export const exemptName = "exempt";
const catchAllName = "catch-all";

/** The levels that every server has. Nobody can change them, but for what the exempt one lends. */
export const mandatoryPriorityLevels: readonly PriorityLevelConfiguration[] = [
  level(exemptName, { type: "Exempt", exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } }),
  limitedLevel(catchAllName, 5, 0),
];

/** The levels that servers suggest; administrators may change or remove them. */
export const suggestedPriorityLevels: readonly PriorityLevelConfiguration[] = [
  limitedLevel("system", 30, 33, queues(64, 6)),
  limitedLevel("node-high", 40, 25, queues(64, 6)),
  limitedLevel("leader-election", 10, 0, queues(16, 4)),
  limitedLevel("workload-high", 40, 50, queues(128, 6)),
  limitedLevel("workload-low", 100, 90, queues(128, 6)),
  limitedLevel("global-default", 20, 50, queues(128, 6)),
];

const anyVerb = ["*"];
const leaderElectionVerbs = ["get", "create", "update"];
const everyResource: ResourcePolicyRule = {
  verbs: anyVerb,
  apiGroups: ["*"],
  resources: ["*"],
  clusterScope: true,
  namespaces: ["*"],
};
const everyUser = groups("system:unauthenticated", "system:authenticated");
const leases: ResourcePolicyRule = {
  verbs: leaderElectionVerbs,
  apiGroups: ["coordination.k8s.io"],
  resources: ["leases"],
  namespaces: ["*"],
};

/** The schemas that every server has and nobody can change. */
export const mandatoryFlowSchemas: readonly FlowSchema[] = [
  schema(exemptName, exemptName, 1, undefined, everything(groups("system:masters"))),
  schema(catchAllName, catchAllName, 10_000, "ByUser", everything(everyUser)),
];

/** The schemas that servers suggest; administrators may change or remove them. */
export const suggestedFlowSchemas: readonly FlowSchema[] = [
  schema("system-nodes", "system", 500, "ByUser", everything(groups("system:nodes"))),
  schema("system-node-high", "node-high", 400, "ByUser", {
    subjects: groups("system:nodes"),
    resourceRules: [
      { verbs: anyVerb, apiGroups: [""], resources: ["nodes", "nodes/status"], clusterScope: true, namespaces: ["*"] },
      { verbs: anyVerb, apiGroups: ["coordination.k8s.io"], resources: ["leases"], namespaces: ["*"] },
    ],
  }),
  schema("probes", exemptName, 2, undefined, {
    subjects: everyUser,
    nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/healthz", "/readyz", "/livez"] }],
  }),
  schema("system-leader-election", "leader-election", 100, "ByUser", {
    subjects: [...users("system:kube-controller-manager", "system:kube-scheduler"), ...systemServiceAccounts("*")],
    resourceRules: [leases],
  }),
  schema("workload-leader-election", "leader-election", 200, "ByUser", {
    subjects: systemServiceAccounts("*"),
    resourceRules: [leases],
  }),
  schema("endpoint-controller", "workload-high", 150, "ByUser", {
    subjects: [
      ...users("system:kube-controller-manager"),
      ...systemServiceAccounts("endpoint-controller", "endpointslicemirroring-controller"),
    ],
    resourceRules: [{ verbs: leaderElectionVerbs, apiGroups: [""], resources: ["endpoints"], namespaces: ["*"] }],
  }),
  schema(
    "kube-controller-manager",
    "workload-high",
    800,
    "ByNamespace",
    everything(users("system:kube-controller-manager")),
  ),
  schema("kube-scheduler", "workload-high", 800, "ByNamespace", everything(users("system:kube-scheduler"))),
  schema("kube-system-service-accounts", "workload-high", 900, "ByNamespace", everything(systemServiceAccounts("*"))),
  schema("service-accounts", "workload-low", 9000, "ByUser", everything(groups("system:serviceaccounts"))),
  schema("global-default", "global-default", 9900, "ByUser", everything(everyUser)),
];

function level(name: string, spec: PriorityLevelConfigurationSpec): PriorityLevelConfiguration {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "PriorityLevelConfiguration",
    metadata: { name, annotations: { [autoUpdateAnnotation]: "true" } },
    spec,
  };
}

/** A level with the share given; without queues, requests beyond its limit are refused. */
function limitedLevel(
  name: string,
  nominalConcurrencyShares: number,
  lendablePercent: number,
  queuing?: QueuingConfiguration,
): PriorityLevelConfiguration {
  const limited: LimitedPriorityLevelConfiguration = {
    nominalConcurrencyShares,
    limitResponse: queuing ? { type: "Queue", queuing } : { type: "Reject" },
    lendablePercent,
  };
  return level(name, { type: "Limited", limited });
}

function queues(count: number, handSize: number): QueuingConfiguration {
  return { queues: count, handSize, queueLengthLimit: 50 };
}

function schema(
  name: string,
  levelName: string,
  matchingPrecedence: number,
  distinguisher: FlowDistinguisherMethodType | undefined,
  rule: PolicyRulesWithSubjects,
): FlowSchema {
  return {
    apiVersion: "flowcontrol.apiserver.k8s.io/v1",
    kind: "FlowSchema",
    metadata: { name, annotations: { [autoUpdateAnnotation]: "true" } },
    spec: {
      priorityLevelConfiguration: { name: levelName },
      matchingPrecedence,
      ...(distinguisher && { distinguisherMethod: { type: distinguisher } }),
      rules: [rule],
    },
  };
}

/** All requests of the subjects. */
function everything(subjects: Subject[]): PolicyRulesWithSubjects {
  return {
    subjects,
    resourceRules: [everyResource],
    nonResourceRules: [{ verbs: anyVerb, nonResourceURLs: ["*"] }],
  };
}

function groups(...names: readonly string[]): Subject[] {
  return names.map((name) => ({ kind: "Group", group: { name } }));
}

function users(...names: readonly string[]): Subject[] {
  return names.map((name) => ({ kind: "User", user: { name } }));
}

function systemServiceAccounts(...names: readonly string[]): Subject[] {
  return names.map((name) => ({ kind: "ServiceAccount", serviceAccount: { namespace: "kube-system", name } }));
}
