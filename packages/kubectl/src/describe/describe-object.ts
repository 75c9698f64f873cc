import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "@kube-ts/api/apps/v1";
import type { CronJob, Job } from "@kube-ts/api/batch/v1";
import type {
  ConfigMap,
  Endpoints,
  LimitRange,
  Namespace,
  Node,
  PersistentVolume,
  PersistentVolumeClaim,
  Pod,
  ResourceQuota,
  Secret,
  Service,
  ServiceAccount,
} from "@kube-ts/api/core/v1";
import type { HorizontalPodAutoscaler } from "@kube-ts/api/autoscaling/v2";
import type { CertificateSigningRequest } from "@kube-ts/api/certificates/v1";
import type { Ingress, IngressClass, IPAddress, NetworkPolicy, ServiceCIDR } from "@kube-ts/api/networking/v1";
import type { CSINode, StorageClass, VolumeAttributesClass } from "@kube-ts/api/storage/v1";
import type { PodDisruptionBudget } from "@kube-ts/api/policy/v1";
import type { EndpointSlice } from "@kube-ts/api/discovery/v1";
import type { ClusterRole, ClusterRoleBinding, Role, RoleBinding } from "@kube-ts/api/rbac/v1";
import type { PriorityClass } from "@kube-ts/api/scheduling/v1";
import { podTemplateHashLabel } from "@kube-ts/api/well-known-labels";
import { jsonEqual } from "@kube-ts/api/json-value";
import { listPods, podSelectorOf } from "../builder/find-pods.ts";
import { type LocatedObject, metadataOf } from "../builder/object-reference.ts";
import { recordAt } from "../builder/pod-template.ts";
import type { JsonObject, Query } from "../session/api.ts";
import type { Session } from "../session/session.ts";
import { describeAutoscaler } from "./autoscaler.ts";
import { describeSigningRequest } from "./certificate-request.ts";
import { type BackendService, describeIngress, describeIngressClass, servicesOf } from "./ingress.ts";
import { describeIpAddress, describeNetworkPolicy, describeServiceCidr } from "./network-policy.ts";
import { describeAttributesClass, describeCsiNode, describeStorageClass } from "./storage-class.ts";
import { describeValue, Description } from "./description.ts";
import { readEvents, writeEvents } from "./events.ts";
import { describeNode } from "./node.ts";
import { describeBinding, describePriorityClass, describeRole } from "./access.ts";
import { describePod } from "./pod.ts";
import { describeEndpoints, describeEndpointSlice, describeService } from "./service.ts";
import { describeCronJob, describeJob } from "./batch.ts";
import { describeDisruptionBudget, describeLimitRange, describeNamespace, describeQuota } from "./quota.ts";
import { describeConfigMap, describeSecret, describeServiceAccount } from "./small-kinds.ts";
import { describeClaim, describePersistentVolume, mountsClaim } from "./storage.ts";
import { describeDaemonSet, describeDeployment, describeReplicas, describeStatefulSet } from "./workload.ts";

/** Kinds that nobody reports events about in their description. */
const withoutEvents: ReadonlySet<string> = new Set([
  "Secret",
  "Namespace",
  "ResourceQuota",
  "LimitRange",
  "NetworkPolicy",
  "Role",
  "ClusterRole",
  "RoleBinding",
  "ClusterRoleBinding",
]);

/** Kinds of other groups may have the same names and other fields. */
const builtInGroups: ReadonlySet<string> = new Set([
  "",
  "apps",
  "autoscaling",
  "batch",
  "certificates.k8s.io",
  "discovery.k8s.io",
  "extensions",
  "networking.k8s.io",
  "policy",
  "rbac.authorization.k8s.io",
  "scheduling.k8s.io",
  "storage.k8s.io",
]);

/** The long text about one object: by its kind where that is known, field by field otherwise. */
export async function describeObject(session: Session, item: LocatedObject, showEvents: boolean): Promise<string> {
  const description = new Description();
  const { object, resource } = item;
  const write = builtInGroups.has(resource.group) ? writers[resource.kind] : undefined;
  if (write) await write(description, session, item);
  else describeGenerically(description, object);
  if (showEvents && !withoutEvents.has(resource.kind)) {
    writeEvents(description, await readEvents(await session.api(), resource.kind, object), session.clock.now());
  }
  return description.toString();
}

function describeGenerically(description: Description, object: JsonObject): void {
  const metadata = metadataOf(object);
  description.line(0, `Name:\t${String(metadata["name"] ?? "")}`);
  description.line(0, `Namespace:\t${String(metadata["namespace"] ?? "")}`);
  description.map("Labels", metadata["labels"] as Record<string, string> | undefined);
  description.annotations(metadata["annotations"] as Record<string, string> | undefined);
  const {
    name: _name,
    namespace: _namespace,
    labels: _labels,
    annotations: _annotations,
    managedFields: _fields,
    ...rest
  } = metadata;
  describeValue(description, 0, { ...object, metadata: rest });
}

type Writer = (description: Description, session: Session, item: LocatedObject) => Promise<void> | void;

async function podsOf(session: Session, { namespace, object }: LocatedObject): Promise<Pod[]> {
  const selector = podSelectorOf(object);
  if (selector === undefined) return [];
  const uid = metadataOf(object)["uid"];
  const pods = await listPods(session, namespace, selector);
  return pods.filter(({ metadata }) =>
    metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === uid),
  );
}

async function listItems<T>(session: Session, path: string, query: Query): Promise<T[]> {
  const list = await (await session.api()).json({ path, query });
  return Array.isArray(list["items"]) ? (list["items"] as T[]) : [];
}

const writers: Readonly<Record<string, Writer>> = {
  Pod: (description, _session, { object }) => describePod(description, object as unknown as Pod),
  Deployment: async (description, session, item) => {
    const deployment = item.object as unknown as Deployment;
    const path = `/apis/apps/v1/namespaces/${encodeURIComponent(item.namespace)}/replicasets`;
    const all = await listItems<ReplicaSet>(session, path, { labelSelector: podSelectorOf(item.object) });
    const owned = all.filter(({ metadata }) =>
      metadata.ownerReferences?.some(({ uid }) => uid === deployment.metadata.uid),
    );
    const current = owned.find((set) => sameTemplate(set, deployment));
    describeDeployment(description, deployment, { current, old: owned.filter((set) => set !== current) });
  },
  ReplicaSet: async (description, session, item) =>
    describeReplicas(description, item.object as unknown as ReplicaSet, await podsOf(session, item)),
  ReplicationController: async (description, session, item) =>
    describeReplicas(description, item.object as unknown as ReplicaSet, await podsOf(session, item)),
  DaemonSet: async (description, session, item) =>
    describeDaemonSet(description, item.object as unknown as DaemonSet, await podsOf(session, item)),
  StatefulSet: async (description, session, item) =>
    describeStatefulSet(description, item.object as unknown as StatefulSet, await podsOf(session, item)),
  Service: async (description, session, { object, namespace, name }) => {
    const path = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
    const slices = await listItems<EndpointSlice>(session, path, {
      labelSelector: `kubernetes.io/service-name=${name}`,
    });
    describeService(description, object as unknown as Service, slices);
  },
  Endpoints: (description, _session, { object }) => describeEndpoints(description, object as unknown as Endpoints),
  EndpointSlice: (description, _session, { object }) =>
    describeEndpointSlice(description, object as unknown as EndpointSlice),
  Node: async (description, session, { object, name }) => {
    const pods = await listItems<Pod>(session, "/api/v1/pods", { fieldSelector: `spec.nodeName=${name}` });
    const path = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${encodeURIComponent(name)}`;
    const lease = await (await session.api()).json({ path }).then(
      (found) => {
        const spec = recordAt(found, ["spec"]);
        return { holder: String(spec["holderIdentity"] ?? ""), renewTime: spec["renewTime"] as string | undefined };
      },
      (error: unknown) => ({ problem: error instanceof Error ? error.message : String(error) }),
    );
    describeNode(description, object as unknown as Node, { pods, lease, nowMs: session.clock.now() });
  },
  Role: (description, _session, { object }) => describeRole(description, object as unknown as Role),
  ClusterRole: (description, _session, { object }) => describeRole(description, object as unknown as ClusterRole),
  RoleBinding: (description, _session, { object }) => describeBinding(description, object as unknown as RoleBinding),
  ClusterRoleBinding: (description, _session, { object }) =>
    describeBinding(description, object as unknown as ClusterRoleBinding),
  Ingress: async (description, session, { object, namespace }) => {
    const ingress = object as unknown as Ingress;
    const api = await session.api();
    const root = `namespaces/${encodeURIComponent(namespace)}`;
    const services = new Map<string, BackendService>();
    for (const name of servicesOf(ingress)) {
      try {
        const path = `/api/v1/${root}/services/${encodeURIComponent(name)}`;
        const service = (await api.json({ path })) as unknown as Service;
        const slices = await listItems<EndpointSlice>(session, `/apis/discovery.k8s.io/v1/${root}/endpointslices`, {
          labelSelector: `kubernetes.io/service-name=${name}`,
        });
        services.set(name, { service, slices });
      } catch (error) {
        services.set(name, { error: error instanceof Error ? error.message : String(error) });
      }
    }
    describeIngress(description, ingress, services);
  },
  IngressClass: (description, _session, { object }) =>
    describeIngressClass(description, object as unknown as IngressClass),
  NetworkPolicy: (description, _session, { object }) =>
    describeNetworkPolicy(description, object as unknown as NetworkPolicy),
  ServiceCIDR: (description, _session, { object }) =>
    describeServiceCidr(description, object as unknown as ServiceCIDR),
  IPAddress: (description, _session, { object }) => describeIpAddress(description, object as unknown as IPAddress),
  HorizontalPodAutoscaler: (description, _session, { object }) =>
    describeAutoscaler(description, object as unknown as HorizontalPodAutoscaler),
  StorageClass: (description, _session, { object }) =>
    describeStorageClass(description, object as unknown as StorageClass),
  CSINode: (description, _session, { object }) => describeCsiNode(description, object as unknown as CSINode),
  VolumeAttributesClass: (description, _session, { object }) =>
    describeAttributesClass(description, object as unknown as VolumeAttributesClass),
  CertificateSigningRequest: (description, _session, { object }) =>
    describeSigningRequest(description, object as unknown as CertificateSigningRequest),
  PriorityClass: (description, _session, { object }) =>
    describePriorityClass(description, object as unknown as PriorityClass),
  Namespace: async (description, session, { object, name }) => {
    const path = `/api/v1/namespaces/${encodeURIComponent(name)}`;
    const quotas = await listItems<ResourceQuota>(session, `${path}/resourcequotas`, {});
    const ranges = await listItems<LimitRange>(session, `${path}/limitranges`, {});
    describeNamespace(description, object as unknown as Namespace, quotas, ranges);
  },
  ResourceQuota: (description, _session, { object }) => describeQuota(description, object as unknown as ResourceQuota),
  LimitRange: (description, _session, { object }) => describeLimitRange(description, object as unknown as LimitRange),
  PodDisruptionBudget: (description, _session, { object }) =>
    describeDisruptionBudget(description, object as unknown as PodDisruptionBudget),
  Job: (description, _session, { object }) => describeJob(description, object as unknown as Job),
  CronJob: (description, _session, { object }) => describeCronJob(description, object as unknown as CronJob),
  PersistentVolume: (description, _session, { object }) =>
    describePersistentVolume(description, object as unknown as PersistentVolume),
  PersistentVolumeClaim: async (description, session, { object, namespace, name }) => {
    const pods = await listItems<Pod>(session, `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods`, {});
    const users = pods.filter((pod) => mountsClaim(pod, name));
    describeClaim(description, object as unknown as PersistentVolumeClaim, users);
  },
  ConfigMap: (description, _session, { object }) => describeConfigMap(description, object as unknown as ConfigMap),
  Secret: (description, _session, { object }) => describeSecret(description, object as unknown as Secret),
  ServiceAccount: (description, _session, { object }) =>
    describeServiceAccount(description, object as unknown as ServiceAccount),
};

function sameTemplate(set: ReplicaSet, deployment: Deployment): boolean {
  const template = set.spec?.template;
  if (!template) return false;
  const { [podTemplateHashLabel]: _hash, ...labels } = template.metadata?.labels ?? {};
  return jsonEqual({ ...template, metadata: { ...template.metadata, labels } }, deployment.spec?.template);
}
