/** What whoever shows no credentials may ask: whether the server is well and of what version it is. */
const publicPaths = ["/livez", "/readyz", "/healthz", "/version"];
/** How a machine that is to join learns of the cluster; bootstrap tokens sign it. */
export const clusterInfoPath = "/api/v1/namespaces/kube-public/configmaps/cluster-info";

/** Strangers learn nothing but what is at these paths. */
export function authenticationConfiguration(morePaths: readonly string[] = []): Readonly<Record<string, unknown>> {
  const conditions = [...publicPaths, ...morePaths].map((path) => ({ path }));
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "AuthenticationConfiguration",
    anonymous: { enabled: true, conditions },
  };
}

/** Secrets are encrypted in etcd with a key of 32 bytes; those that were not encrypted can still be read. */
export function encryptionConfiguration(key: Buffer): Readonly<Record<string, unknown>> {
  const keys = [{ name: "key1", secret: key.toString("base64") }];
  return {
    apiVersion: "apiserver.config.k8s.io/v1",
    kind: "EncryptionConfiguration",
    resources: [{ resources: ["secrets"], providers: [{ secretbox: { keys } }, { identity: {} }] }],
  };
}

const noisyReaders = ["system:kube-scheduler", "system:kube-proxy", "system:kube-controller-manager"];

/** Bodies are recorded where rights change hands, never where secrets are in them. The first rule that matches counts. */
export const auditPolicy = {
  apiVersion: "audit.k8s.io/v1",
  kind: "Policy",
  omitStages: ["RequestReceived"],
  omitManagedFields: true,
  rules: [
    { level: "None", nonResourceURLs: ["/livez*", "/readyz*", "/healthz*", "/version", "/openapi*", "/api*"] },
    { level: "None", verbs: ["get", "list", "watch"], users: noisyReaders },
    { level: "None", verbs: ["get", "list", "watch"], userGroups: ["system:nodes"] },
    { level: "None", resources: [{ group: "coordination.k8s.io", resources: ["leases"] }] },
    { level: "None", resources: [{ group: "", resources: ["events"] }, { group: "events.k8s.io" }] },
    {
      level: "Metadata",
      resources: [
        { group: "", resources: ["secrets", "configmaps", "serviceaccounts/token"] },
        { group: "authentication.k8s.io", resources: ["tokenreviews"] },
      ],
    },
    {
      level: "Request",
      verbs: ["create", "update", "patch", "delete", "deletecollection"],
      resources: [
        { group: "rbac.authorization.k8s.io" },
        { group: "certificates.k8s.io" },
        { group: "admissionregistration.k8s.io" },
        { group: "", resources: ["serviceaccounts", "namespaces"] },
      ],
    },
    {
      level: "Metadata",
      resources: [
        {
          group: "",
          resources: ["pods/exec", "pods/attach", "pods/portforward", "pods/proxy", "services/proxy", "nodes/proxy"],
        },
      ],
    },
    { level: "Metadata", verbs: ["create", "update", "patch", "delete", "deletecollection"] },
    { level: "None", userGroups: ["system:serviceaccounts:kube-system"] },
    { level: "Metadata" },
  ],
};
