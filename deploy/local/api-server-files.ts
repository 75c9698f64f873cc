import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { formatYaml } from "@kube-ts/std/yaml";
import type { LocalCluster } from "./layout.ts";
import { writePrivateFile } from "./private-file.ts";

/** The configuration files of the API server, and where it keeps its audit log. */
export interface ApiServerFiles {
  readonly authentication: string;
  readonly auditPolicy: string;
  readonly auditLog: string;
}

export function apiServerFiles(cluster: LocalCluster): ApiServerFiles {
  const directory = join(cluster.directory, "apiserver");
  return {
    authentication: join(directory, "authentication.yaml"),
    auditPolicy: join(directory, "audit-policy.yaml"),
    auditLog: join(directory, "audit", "audit.log"),
  };
}

/** Writes what the API server reads besides its flags. */
export function writeApiServerFiles(cluster: LocalCluster): void {
  const files = apiServerFiles(cluster);
  mkdirSync(join(cluster.directory, "apiserver"), { recursive: true, mode: 0o700 });
  writePrivateFile(files.authentication, formatYaml(authentication));
  writePrivateFile(files.auditPolicy, formatYaml(auditPolicy));
}

/** Whoever shows no credentials learns whether the server is well and of what version it is, and nothing else. */
const authentication = {
  apiVersion: "apiserver.config.k8s.io/v1",
  kind: "AuthenticationConfiguration",
  anonymous: { enabled: true, conditions: ["/livez", "/readyz", "/healthz", "/version"].map((path) => ({ path })) },
};

const noisyReaders = ["system:kube-scheduler", "system:kube-proxy", "system:kube-controller-manager"];

/** Bodies are recorded where rights change hands, never where secrets are in them. The first rule that matches counts. */
const auditPolicy = {
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
