import type { DaemonSet, Deployment, ReplicaSet, StatefulSet } from "@kube-ts/api/apps/v1";
import type { CronJob, Job } from "@kube-ts/api/batch/v1";
import type { PodTemplate, PodTemplateSpec, ReplicationController } from "@kube-ts/api/core/v1";
import type { KubeObject } from "@kube-ts/api/object";

type TemplateOf = (object: KubeObject) => PodTemplateSpec | undefined;

const ofWorkload: TemplateOf = (object) => (object as ReplicaSet | Deployment | StatefulSet | DaemonSet).spec?.template;

/** Where the resources that make pods keep the template of those, by `group/plural`. */
const templates: ReadonlyMap<string, TemplateOf> = new Map<string, TemplateOf>([
  ["/podtemplates", (object) => (object as PodTemplate).template],
  ["/replicationcontrollers", (object) => (object as ReplicationController).spec?.template ?? undefined],
  ["apps/replicasets", ofWorkload],
  ["apps/deployments", ofWorkload],
  ["apps/statefulsets", ofWorkload],
  ["apps/daemonsets", ofWorkload],
  // Versions of former times.
  ["extensions/replicasets", ofWorkload],
  ["extensions/deployments", ofWorkload],
  ["extensions/daemonsets", ofWorkload],
  ["batch/jobs", (object) => (object as Job).spec?.template],
  ["batch/cronjobs", (object) => (object as CronJob).spec?.jobTemplate?.spec?.template],
]);

/** Reads the pod template of objects of the resource; undefined for a resource that makes no pods. */
export function templateReader(resource: string): TemplateOf | undefined {
  return templates.get(resource);
}
