import type { KubeObject } from "@kube-ts/api/object";

type Sample = Omit<KubeObject, "kind" | "apiVersion" | "metadata"> & Readonly<Record<string, unknown>>;

const template = { metadata: { labels: { app: "sample" } }, spec: { containers: [{ name: "c", image: "image" }] } };
const selector = { matchLabels: { app: "sample" } };
const storage = { resources: { requests: { storage: "1Gi" } } };
const role = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: "view" };
const subjects = [{ apiGroup: "rbac.authorization.k8s.io", kind: "User", name: "somebody" }];
const rules = [{ apiGroups: [""], resources: ["configmaps"], verbs: ["get"] }];
const hookRules = [
  { apiGroups: ["none.example.com"], apiVersions: ["v1"], operations: ["CREATE"], resources: ["things"] },
];
const webhook = {
  name: "hook.example.com",
  clientConfig: { url: "https://127.0.0.1:1/hook" },
  rules: hookRules,
  sideEffects: "None",
  admissionReviewVersions: ["v1"],
};
const schema = { openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true } };
const deviceRequest = { name: "one", exactly: { deviceClassName: "sample" } };

/** A PKCS #10 request, as objects carry it. */
export type SigningRequest = string;

/** A small valid object of each kind that is stored, by `group/version/plural`, without its type and metadata. */
export function sampleObjects(signingRequest: SigningRequest): Readonly<Record<string, Sample>> {
  return {
    "/v1/configmaps": { data: { key: "value" } },
    "/v1/endpoints": { subsets: [{ addresses: [{ ip: "192.0.2.1" }], ports: [{ port: 80 }] }] },
    "/v1/events": {
      involvedObject: { kind: "Pod", apiVersion: "v1", namespace: "NAMESPACE", name: "p" },
      reason: "Testing",
      message: "hello",
      type: "Normal",
    },
    "/v1/limitranges": { spec: { limits: [{ type: "Container", max: { cpu: "4" } }] } },
    "/v1/namespaces": {},
    "/v1/nodes": { spec: { podCIDR: "10.1.0.0/24", podCIDRs: ["10.1.0.0/24"] } },
    "/v1/persistentvolumeclaims": { spec: { accessModes: ["ReadWriteOnce"], ...storage } },
    "/v1/persistentvolumes": {
      spec: { capacity: { storage: "1Gi" }, accessModes: ["ReadWriteOnce"], hostPath: { path: "/sample" } },
    },
    "/v1/pods": { spec: { ...template.spec, automountServiceAccountToken: false } },
    "/v1/podtemplates": { template },
    "/v1/replicationcontrollers": { spec: { replicas: 2, selector: selector.matchLabels, template } },
    "/v1/resourcequotas": { spec: { hard: { "count/nothing.example.com": "7" } } },
    "/v1/secrets": { stringData: { key: "value" }, type: "Opaque" },
    "/v1/serviceaccounts": {},
    "/v1/services": { spec: { selector: selector.matchLabels, ports: [{ port: 80 }] } },
    "admissionregistration.k8s.io/v1/mutatingadmissionpolicies": {
      spec: {
        matchConstraints: { resourceRules: hookRules },
        mutations: [
          { patchType: "JSONPatch", jsonPatch: { expression: '[JSONPatch{op: "remove", path: "/spec/x"}]' } },
        ],
        reinvocationPolicy: "Never",
      },
    },
    "admissionregistration.k8s.io/v1/mutatingadmissionpolicybindings": { spec: { policyName: "none" } },
    "admissionregistration.k8s.io/v1/mutatingwebhookconfigurations": { webhooks: [webhook] },
    "admissionregistration.k8s.io/v1/validatingadmissionpolicies": {
      spec: { matchConstraints: { resourceRules: hookRules }, validations: [{ expression: "true" }] },
    },
    "admissionregistration.k8s.io/v1/validatingadmissionpolicybindings": {
      spec: { policyName: "none", validationActions: ["Deny"] },
    },
    "admissionregistration.k8s.io/v1/validatingwebhookconfigurations": { webhooks: [webhook] },
    "apiextensions.k8s.io/v1/customresourcedefinitions": {
      spec: {
        group: "PLURAL.example.com",
        scope: "Namespaced",
        names: { plural: "samples", singular: "sample", kind: "Sample", listKind: "SampleList" },
        versions: [{ name: "v1", served: true, storage: true, schema }],
      },
    },
    "apiregistration.k8s.io/v1/apiservices": {
      spec: {
        group: "PLURAL.example.com",
        version: "v1",
        groupPriorityMinimum: 100,
        versionPriority: 10,
        insecureSkipTLSVerify: true,
        service: { namespace: "default", name: "none", port: 443 },
      },
    },
    "apps/v1/controllerrevisions": { revision: 1, data: { any: "thing" } },
    "apps/v1/daemonsets": { spec: { selector, template } },
    "apps/v1/deployments": { spec: { replicas: 2, selector, template } },
    "apps/v1/replicasets": { spec: { replicas: 2, selector, template } },
    "apps/v1/statefulsets": { spec: { replicas: 2, serviceName: "sample", selector, template } },
    "autoscaling/v1/horizontalpodautoscalers": {
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "none" }, maxReplicas: 3 },
    },
    "autoscaling/v2/horizontalpodautoscalers": {
      spec: { scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "none" }, maxReplicas: 3 },
    },
    "batch/v1/cronjobs": {
      spec: {
        schedule: "0 0 1 1 *",
        suspend: true,
        jobTemplate: { spec: { template: { spec: { ...template.spec, restartPolicy: "Never" } } } },
      },
    },
    "batch/v1/jobs": { spec: { suspend: true, template: { spec: { ...template.spec, restartPolicy: "Never" } } } },
    "certificates.k8s.io/v1/certificatesigningrequests": {
      spec: { request: signingRequest, signerName: "example.com/sample", usages: ["client auth"] },
    },
    "coordination.k8s.io/v1/leases": { spec: { holderIdentity: "somebody", leaseDurationSeconds: 30 } },
    "discovery.k8s.io/v1/endpointslices": {
      addressType: "IPv4",
      endpoints: [{ addresses: ["192.0.2.1"] }],
      ports: [{ name: "http", port: 80, protocol: "TCP" }],
    },
    "events.k8s.io/v1/events": {
      regarding: { kind: "Pod", apiVersion: "v1", namespace: "NAMESPACE", name: "p" },
      reason: "Testing",
      action: "Test",
      note: "hello",
      type: "Normal",
      reportingController: "example.com/sample",
      reportingInstance: "one",
      eventTime: "2026-01-01T00:00:00.000000Z",
    },
    "flowcontrol.apiserver.k8s.io/v1/flowschemas": {
      spec: {
        priorityLevelConfiguration: { name: "global-default" },
        matchingPrecedence: 9_000,
        rules: [
          {
            subjects: [{ kind: "User", user: { name: "somebody" } }],
            nonResourceRules: [{ verbs: ["get"], nonResourceURLs: ["/nowhere"] }],
          },
        ],
      },
    },
    "flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations": {
      spec: { type: "Limited", limited: { nominalConcurrencyShares: 1, limitResponse: { type: "Reject" } } },
    },
    "networking.k8s.io/v1/ingressclasses": { spec: { controller: "example.com/sample" } },
    "networking.k8s.io/v1/ingresses": {
      spec: { defaultBackend: { service: { name: "none", port: { number: 80 } } } },
    },
    "networking.k8s.io/v1/ipaddresses": {
      spec: { parentRef: { resource: "services", namespace: "default", name: "none" } },
    },
    "networking.k8s.io/v1/networkpolicies": { spec: { podSelector: {} } },
    "networking.k8s.io/v1/servicecidrs": { spec: { cidrs: ["10.99.0.0/24"] } },
    "node.k8s.io/v1/runtimeclasses": { handler: "sample" },
    "policy/v1/poddisruptionbudgets": { spec: { minAvailable: 1, selector } },
    "rbac.authorization.k8s.io/v1/clusterrolebindings": { roleRef: role, subjects },
    "rbac.authorization.k8s.io/v1/clusterroles": { rules },
    "rbac.authorization.k8s.io/v1/rolebindings": { roleRef: role, subjects },
    "rbac.authorization.k8s.io/v1/roles": { rules },
    "resource.k8s.io/v1/deviceclasses": { spec: {} },
    "resource.k8s.io/v1/resourceclaims": { spec: { devices: { requests: [deviceRequest] } } },
    "resource.k8s.io/v1/resourceclaimtemplates": { spec: { spec: { devices: { requests: [deviceRequest] } } } },
    "resource.k8s.io/v1/resourceslices": {
      spec: {
        driver: "sample.example.com",
        nodeName: "n1",
        pool: { name: "p", generation: 1, resourceSliceCount: 1 },
        devices: [{ name: "d" }],
      },
    },
    "scheduling.k8s.io/v1/priorityclasses": { value: 100 },
    "storage.k8s.io/v1/csidrivers": { spec: { attachRequired: false } },
    "storage.k8s.io/v1/csinodes": { spec: { drivers: [] } },
    "storage.k8s.io/v1/csistoragecapacities": { storageClassName: "none", capacity: "1Gi" },
    "storage.k8s.io/v1/storageclasses": { provisioner: "example.com/sample" },
    "storage.k8s.io/v1/volumeattachments": {
      spec: { attacher: "sample.example.com", nodeName: "n1", source: { persistentVolumeName: "none" } },
    },
    "storage.k8s.io/v1/volumeattributesclasses": { driverName: "example.com/sample", parameters: { speed: "1" } },
  };
}
