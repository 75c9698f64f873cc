import type { ControllerDefinition } from "./controller.ts";

/** What `--controllers` called the controllers before they were named alike, and upstream takes still. */
const formerNames: Readonly<Record<string, string>> = {
  bootstrapsigner: "bootstrap-signer-controller",
  csrapproving: "certificatesigningrequest-approving-controller",
  csrcleaner: "certificatesigningrequest-cleaner-controller",
  csrsigning: "certificatesigningrequest-signing-controller",
  "clusterrole-aggregation": "clusterrole-aggregation-controller",
  deployment: "deployment-controller",
  disruption: "disruption-controller",
  endpoint: "endpoints-controller",
  endpointslice: "endpointslice-controller",
  endpointslicemirroring: "endpointslice-mirroring-controller",
  garbagecollector: "garbage-collector-controller",
  "legacy-service-account-token-cleaner": "legacy-serviceaccount-token-cleaner-controller",
  namespace: "namespace-controller",
  nodeipam: "node-ipam-controller",
  nodelifecycle: "node-lifecycle-controller",
  podgc: "pod-garbage-collector-controller",
  "pv-protection": "persistentvolume-protection-controller",
  "pvc-protection": "persistentvolumeclaim-protection-controller",
  replicaset: "replicaset-controller",
  replicationcontroller: "replicationcontroller-controller",
  resourcequota: "resourcequota-controller",
  "root-ca-cert-publisher": "root-ca-certificate-publisher-controller",
  serviceaccount: "serviceaccount-controller",
  "serviceaccount-token": "serviceaccount-token-controller",
  statefulset: "statefulset-controller",
  tokencleaner: "token-cleaner-controller",
  ttl: "ttl-controller",
  "ttl-after-finished": "ttl-after-finished-controller",
};

/**
 * The controllers that `--controllers` asks for, in the order of the list. Throws an Error that names a controller
 * which does not exist.
 */
export function selectControllers(
  all: readonly ControllerDefinition[],
  selectors: readonly string[],
): readonly ControllerDefinition[] {
  const known = new Set(all.map(({ name }) => name));
  const [on, off] = [new Set<string>(), new Set<string>()];
  for (const selector of selectors) {
    const given = selector.replace(/^-/, "");
    const name = Object.hasOwn(formerNames, given) ? (formerNames[given] ?? given) : given;
    if (name !== "*" && !known.has(name)) throw new Error(`"${given}" is not in the list of known controllers`);
    (selector.startsWith("-") ? off : on).add(name);
  }
  return all.filter(
    ({ name, offByDefault = false }) => on.has(name) || (on.has("*") && !offByDefault && !off.has(name)),
  );
}
