import { semanticEqual } from "@kube-ts/api/deep-equal";
import type {
  ExemptPriorityLevelConfiguration,
  FlowSchema,
  PriorityLevelConfiguration,
} from "@kube-ts/api/flowcontrol/v1";
import { nameOf } from "@kube-ts/api/object";
import type { ResourceType } from "@kube-ts/api/resource-type";
import { flowSchemas, priorityLevelConfigurations } from "@kube-ts/api/resource-types";
import { isNotFound } from "@kube-ts/api/status-error";
import {
  autoUpdateAnnotation,
  exemptName,
  mandatoryFlowSchemas,
  mandatoryPriorityLevels,
  suggestedFlowSchemas,
  suggestedPriorityLevels,
} from "../registry/flowcontrol/default-objects.ts";
import { type BootstrapObjects, ensureObject } from "./ensure-object.ts";

type FlowObject = FlowSchema | PriorityLevelConfiguration;

/**
 * Creates the flow schemas and priority levels of the system, keeps the spec of those that are not an administrator's,
 * and removes those that earlier servers made and this one does not have. Levels come before the schemas that name them.
 */
export async function ensureFlowControl(objects: BootstrapObjects, signal: AbortSignal): Promise<void> {
  const levels = [...suggestedPriorityLevels, ...mandatoryPriorityLevels];
  const schemas = [...suggestedFlowSchemas, ...mandatoryFlowSchemas];
  await ensureAll(objects, priorityLevelConfigurations, levels, new Set(mandatoryPriorityLevels), signal);
  await ensureAll(objects, flowSchemas, schemas, new Set(mandatoryFlowSchemas), signal);
  await removeOthers(objects, flowSchemas, schemas, signal);
  await removeOthers(objects, priorityLevelConfigurations, levels, signal);
}

async function ensureAll<T extends FlowObject>(
  objects: BootstrapObjects,
  type: ResourceType<T>,
  wanted: readonly T[],
  mandatory: ReadonlySet<T>,
  signal: AbortSignal,
): Promise<void> {
  for (const expected of wanted) {
    const isMandatory = mandatory.has(expected);
    await ensureObject(objects, type, expected, (current) => revised(current, expected, isMandatory), signal);
  }
}

/** What the object must become, or undefined if it is as it should be. */
export function revised<T extends FlowObject>(current: T, expected: T, isMandatory: boolean): T | undefined {
  const isOurs = isMandatory || keepsSpec(current);
  const kept = nameOf(expected) === exemptName ? keptPart(current.spec) : {};
  const spec = isOurs ? { ...expected.spec, ...kept } : current.spec;
  const annotation = String(isOurs);
  const { annotations } = current.metadata;
  if (annotations?.[autoUpdateAnnotation] === annotation && semanticEqual(spec, current.spec)) return undefined;
  const metadata = { ...current.metadata, annotations: { ...annotations, [autoUpdateAnnotation]: annotation } };
  return { ...current, metadata, spec: structuredClone(spec) };
}

/** The shares of the exempt level stay the administrator's. */
function keptPart(spec: FlowObject["spec"]): { exempt?: ExemptPriorityLevelConfiguration } {
  return "exempt" in spec && spec.exempt ? { exempt: spec.exempt } : {};
}

/** Whether the server keeps the spec: as the annotation says; without one, unless the spec was ever changed. */
function keepsSpec({ metadata }: FlowObject): boolean {
  const annotation = metadata.annotations?.[autoUpdateAnnotation];
  if (annotation === "true" || annotation === "false") return annotation === "true";
  return metadata.generation === 1;
}

async function removeOthers<T extends FlowObject>(
  { source, writer }: BootstrapObjects,
  type: ResourceType<T>,
  wanted: readonly T[],
  signal: AbortSignal,
): Promise<void> {
  const names = new Set(wanted.map(nameOf));
  for (const object of source.list(type)) {
    if (names.has(nameOf(object)) || object.metadata.annotations?.[autoUpdateAnnotation] !== "true") continue;
    await writer.delete(type, "", nameOf(object), signal).catch((error: unknown) => {
      if (!isNotFound(error)) throw error;
    });
  }
}
