import type { Deployment, ReplicaSet } from "@kube-ts/api/apps/v1";
import { nameOf } from "@kube-ts/api/object";
import { rollbackAnnotation } from "@kube-ts/api/well-known-labels";
import { comparableTemplate, ownAnnotations, revisionOf, sameTemplate } from "./revision.ts";

/** What comes of the wish for an earlier revision that `deployments/rollback` leaves on a deployment. */
export interface Rollback {
  /** The deployment without the wish, with the template of that revision where there is one. */
  readonly deployment: Deployment;
  readonly event: { readonly type: "Normal" | "Warning"; readonly reason: string; readonly message: string };
}

/** Whether an earlier revision is asked for; what is no number asks for nothing. */
export function wantsRollback({ metadata }: Deployment): boolean {
  return /^[+-]?\d+$/.test(metadata.annotations?.[rollbackAnnotation] ?? "");
}

/** Fulfils the wish, or says why it cannot be. Revision 0 is the one before the latest. */
export function planRollback(deployment: Deployment, sets: readonly ReplicaSet[]): Rollback {
  const wished = Number(deployment.metadata.annotations?.[rollbackAnnotation]);
  const revision = wished === 0 ? lastRevision(sets) : wished;
  const set = sets.find((candidate) => revisionOf(candidate) === revision);
  const withoutWish = withAnnotations(deployment, deployment.metadata.annotations ?? {});
  const giveUp = (reason: string, message: string): Rollback => ({
    deployment: withoutWish,
    event: { type: "Warning", reason: `DeploymentRollback${reason}`, message },
  });
  if (revision === 0) return giveUp("RevisionNotFound", "Unable to find last revision.");
  if (!set) return giveUp("RevisionNotFound", "Unable to find the revision to rollback to.");
  if (sameTemplate(deployment.spec.template, set.spec.template ?? {})) {
    const message = `The rollback revision contains the same template as current deployment "${nameOf(deployment)}"`;
    return giveUp("TemplateUnchanged", message);
  }
  const message = `Rolled back deployment "${nameOf(deployment)}" to revision ${revision}`;
  return {
    deployment: restored(deployment, set),
    event: { type: "Normal", reason: "DeploymentRollback", message },
  };
}

/** The highest revision but one; 0 when there is none. */
function lastRevision(sets: readonly ReplicaSet[]): number {
  return sets.map(revisionOf).toSorted((a, b) => b - a)[1] ?? 0;
}

/** The deployment as it was when the set was its newest, its reasons for the change included. */
function restored(deployment: Deployment, set: ReplicaSet): Deployment {
  const own = Object.entries(deployment.metadata.annotations ?? {}).filter(([key]) => ownAnnotations.has(key));
  const inherited = Object.entries(set.metadata.annotations ?? {}).filter(([key]) => !ownAnnotations.has(key));
  const template = comparableTemplate(set.spec.template ?? {});
  const changed = withAnnotations(deployment, Object.fromEntries([...inherited, ...own]));
  return { ...changed, spec: { ...deployment.spec, template } };
}

function withAnnotations(deployment: Deployment, all: Readonly<Record<string, string>>): Deployment {
  const { [rollbackAnnotation]: _wish, ...annotations } = all;
  return { ...deployment, metadata: { ...deployment.metadata, annotations } };
}
