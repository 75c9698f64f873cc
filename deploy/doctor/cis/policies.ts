import type { Check } from "../check.ts";
import { some } from "../check.ts";
import type { ClusterObjects, ClusterView } from "../cluster-view.ts";
import type { Verdict } from "./cis-check.ts";
import { cisCheck } from "./cis-check.ts";
import { addsCapabilities, mayBeRoot, mayForgePackets, mayGainPrivileges, podsThat, usesHostPorts } from "./pods.ts";
import { rightsVerdict, wildcardVerdict } from "./rights.ts";

/** The benchmark leaves all of section 5 to people's judgement. */
function check(
  id: string,
  title: string,
  advice: string,
  judge: (objects: ClusterObjects, view: ClusterView) => Verdict,
): Check<ClusterView> {
  return cisCheck({ id: `5.${id}`, title, advice, assessment: "manual" }, (view) =>
    view.objects ? judge(view.objects, view) : { skip: "the API server does not answer" },
  );
}

const noneOr = (names: readonly string[]): Verdict => (names.length === 0 ? "ok" : { fault: some(names) });

const cannotKnow = (id: string, title: string, reason: string): Check<ClusterView> =>
  check(id, title, "", () => ({ skip: reason }));

const isSystem = (name: string | undefined) => name?.startsWith("kube-") ?? false;

function clusterAdmins({ clusterRoleBindings }: ClusterObjects): Verdict {
  const others = clusterRoleBindings.filter(
    ({ metadata, roleRef }) => roleRef.name === "cluster-admin" && metadata.name !== "cluster-admin",
  );
  return noneOr(
    others.map(({ metadata, subjects = [] }) => `${metadata.name} (${some(subjects.map((one) => one.name))})`),
  );
}

function mountedDefaults({ pods, serviceAccounts }: ClusterObjects): Verdict {
  const off = new Set(
    serviceAccounts
      .filter((account) => account.automountServiceAccountToken === false)
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  const users = pods.filter(({ metadata, spec }) => {
    const account = spec?.serviceAccountName ?? "default";
    if (account !== "default") return false;
    return spec?.automountServiceAccountToken ?? !off.has(`${metadata.namespace}/${account}`);
  });
  return noneOr(users.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
}

const enforceLabel = "pod-security.kubernetes.io/enforce";

function unguardedNamespaces({ namespaces }: ClusterObjects): Verdict {
  const open = namespaces.filter(({ metadata }) => {
    const level = metadata.labels?.[enforceLabel] ?? "privileged";
    return !isSystem(metadata.name) && level === "privileged";
  });
  return noneOr(open.map(({ metadata }) => metadata.name ?? ""));
}

function withoutNetworkPolicies({ namespaces, networkPolicies }: ClusterObjects): Verdict {
  const guarded = new Set(networkPolicies.map(({ metadata }) => metadata.namespace));
  const open = namespaces.filter(({ metadata }) => !isSystem(metadata.name) && !guarded.has(metadata.name));
  return noneOr(open.map(({ metadata }) => metadata.name ?? ""));
}

function secretsInEnvironment({ pods }: ClusterObjects): Verdict {
  const users = pods.filter(({ spec }) =>
    [...(spec?.containers ?? []), ...(spec?.initContainers ?? [])].some(
      (container) =>
        container.env?.some((one) => one.valueFrom?.secretKeyRef) || container.envFrom?.some((one) => one.secretRef),
    ),
  );
  return noneOr(users.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
}

const restrict = `label namespaces ${enforceLabel}=restricted or baseline`;
const fewer = "give these subjects fewer rights";

const podChecks: readonly Check<ClusterView>[] = [
  check("2.2", "no privileged containers run", restrict, ({ pods }) =>
    noneOr(podsThat(pods, (_pod, container) => container.securityContext?.privileged === true)),
  ),
  check("2.3", "no pods share the host's processes", restrict, ({ pods }) =>
    noneOr(podsThat(pods, (pod) => pod.hostPID === true)),
  ),
  check("2.4", "no pods share the host's IPC", restrict, ({ pods }) =>
    noneOr(podsThat(pods, (pod) => pod.hostIPC === true)),
  ),
  check("2.5", "no pods share the host's network", restrict, ({ pods }) =>
    noneOr(podsThat(pods, (pod) => pod.hostNetwork === true)),
  ),
  check("2.6", "no container may gain privileges", restrict, ({ pods }) => noneOr(podsThat(pods, mayGainPrivileges))),
  check("2.7", "no container may run as root", restrict, ({ pods }) => noneOr(podsThat(pods, mayBeRoot))),
  check("2.8", "no container may forge packets", restrict, ({ pods }) => noneOr(podsThat(pods, mayForgePackets))),
  check("2.9", "no container has added capabilities", restrict, ({ pods }) => noneOr(podsThat(pods, addsCapabilities))),
  cannotKnow("2.10", "no Windows HostProcess containers run", "there are no Windows nodes"),
  check("2.11", "no pods mount host paths", restrict, ({ pods }) =>
    noneOr(podsThat(pods, (pod) => pod.volumes?.some((volume) => volume.hostPath !== undefined) ?? false)),
  ),
  check("2.12", "no containers take host ports", restrict, ({ pods }) => noneOr(podsThat(pods, usesHostPorts))),
];

/** Section 5: policies, as far as a machine can tell. */
export const policyChecks: readonly Check<ClusterView>[] = [
  check("1.1", "only administrators are cluster-admin", "bind a smaller role", clusterAdmins),
  check("1.2", "few may read secrets", fewer, rightsVerdict("", "secrets", ["get", "list", "watch"])),
  check("1.3", "roles use no wildcards", "name resources and verbs", wildcardVerdict),
  check("1.4", "few may create pods", fewer, rightsVerdict("", "pods", ["create"])),
  check(
    "1.5",
    "no pod uses a default service account's token",
    "give the pod an account, or no token",
    mountedDefaults,
  ),
  cannotKnow("1.6", "tokens are mounted where they are needed", "which pods need one is not written anywhere"),
  cannotKnow("1.7", "system:masters is not used", "members of groups are in certificates, not in the cluster"),
  check(
    "1.8",
    "few may bind, impersonate or escalate",
    fewer,
    rightsVerdict("*", "*", ["bind", "impersonate", "escalate"]),
  ),
  check("1.9", "few may create persistent volumes", fewer, rightsVerdict("", "persistentvolumes", ["create"])),
  check("1.10", "few may go through nodes", fewer, rightsVerdict("", "nodes/proxy", ["get", "create"])),
  check(
    "1.11",
    "few may approve certificates",
    fewer,
    rightsVerdict("certificates.k8s.io", "certificatesigningrequests/approval", ["update", "patch"]),
  ),
  check(
    "1.12",
    "few may change webhooks",
    fewer,
    rightsVerdict("admissionregistration.k8s.io", "validatingwebhookconfigurations", ["create", "update", "patch"]),
  ),
  check("1.13", "few may make tokens", fewer, rightsVerdict("", "serviceaccounts/token", ["create"])),
  check("2.1", "namespaces have a pod security level", restrict, unguardedNamespaces),
  ...podChecks,
  cannotKnow(
    "3.1",
    "the network obeys network policies",
    "the project's own pod network knows none; other CNI plugins may",
  ),
  check("3.2", "namespaces have network policies", "write one for each", withoutNetworkPolicies),
  check("4.1", "secrets come as files, not in the environment", "mount them instead", secretsInEnvironment),
  cannotKnow("4.2", "secrets are kept outside the cluster", "what else keeps secrets is not known here"),
  cannotKnow("5.1", "an image policy decides what may run", "whose images are trusted is a decision of people"),
  cannotKnow("6.1", "namespaces separate what belongs apart", "what belongs apart is a decision of people"),
  cannotKnow("6.2", "pods are confined by seccomp", "the kubelet does it for all pods: see 4.2.14"),
  check("6.3", "pods have security contexts", "set runAsNonRoot or a user", ({ pods }) =>
    noneOr(podsThat(pods, mayBeRoot)),
  ),
  check("6.4", "the default namespace is not used", "create a namespace for it", ({ pods }) =>
    noneOr(pods.filter(({ metadata }) => metadata.namespace === "default").map(({ metadata }) => metadata.name ?? "")),
  ),
];
