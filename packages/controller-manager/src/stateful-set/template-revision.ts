import type { ControllerRevision, StatefulSet } from "@kube-ts/api/apps/v1";
import type { PodTemplateSpec } from "@kube-ts/api/core/v1";
import { nameOf } from "@kube-ts/api/object";
import type { RevisionContent } from "../revision-history/controller-revision.ts";
import type { TemplateRevision } from "./view.ts";

/** The directive by which the data, taken as a strategic merge patch, replaces the whole template. */
const replace = { $patch: "replace" } as const;

/** What a revision of the set keeps: the template, as a patch of the set. */
export function revisionContent({ metadata, spec }: StatefulSet): RevisionContent {
  return {
    data: { spec: { template: { ...spec.template, ...replace } } },
    labels: spec.template.metadata?.labels ?? {},
    annotations: metadata.annotations ?? {},
  };
}

/** The template that the revision keeps. Throws when it keeps none. */
export function templateRevision(revision: ControllerRevision): TemplateRevision {
  const template = templateIn(revision.data);
  if (!template) throw new Error(`controller revision ${nameOf(revision)} has no pod template`);
  return { name: nameOf(revision), template };
}

function templateIn(data: ControllerRevision["data"]): PodTemplateSpec | undefined {
  const spec: unknown = data["spec"];
  if (typeof spec !== "object" || spec === null || !("template" in spec)) return undefined;
  if (typeof spec.template !== "object" || spec.template === null) return undefined;
  const { $patch: _directive, ...template } = spec.template as PodTemplateSpec & Partial<typeof replace>;
  return template;
}
