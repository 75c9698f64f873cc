import type {
  FlowDistinguisherMethodType,
  FlowSchema,
  PolicyRulesWithSubjects,
  PriorityLevelConfiguration,
} from "@kube-ts/api/flowcontrol/v1";
import { nameOf } from "@kube-ts/api/object";
import { exemptName, mandatoryFlowSchemas, mandatoryPriorityLevels } from "../registry/flowcontrol/default-objects.ts";
import type { Queuing } from "./fair-queuing/queue-set.ts";
import type { LevelSettings } from "./level.ts";
import { sharedSpec } from "./limits/level-limits.ts";

export interface SchemaSettings {
  readonly name: string;
  readonly uid: string;
  readonly levelName: string;
  readonly distinguisher: FlowDistinguisherMethodType | undefined;
  readonly rules: readonly PolicyRulesWithSubjects[];
}

/** What the objects of a cluster come to. */
export interface FlowConfig {
  readonly levels: readonly LevelSettings[];
  /** In the order in which they are tried. The last one matches everybody. */
  readonly schemas: readonly SchemaSettings[];
  /** Levels that are left out, by name, with what is wrong with them. */
  readonly broken: ReadonlyMap<string, string>;
  /** For each schema that exists, by name: whether its level is missing. */
  readonly dangling: ReadonlyMap<string, boolean>;
}

/**
 * Reads all levels and schemas at once. What is broken counts as missing; schemas whose level is missing are left out;
 * what is mandatory is there in any case.
 */
export function readFlowConfig(
  levels: readonly PriorityLevelConfiguration[],
  schemas: readonly FlowSchema[],
): FlowConfig {
  const broken = new Map<string, string>();
  const sound = new Map<string, LevelSettings>();
  for (const level of [...mandatoryPriorityLevels, ...levels]) {
    const problem = problemOf(level);
    if (problem !== undefined) broken.set(nameOf(level), problem);
    else sound.set(nameOf(level), levelSettings(level));
  }
  const dangling = new Map<string, boolean>();
  for (const { metadata, spec } of schemas) {
    dangling.set(metadata.name ?? "", !sound.has(spec.priorityLevelConfiguration.name));
  }
  const used = schemas.filter((schema) => dangling.get(nameOf(schema)) === false).sort(byPrecedence);
  const [exempt, catchAll] = mandatoryFlowSchemas.map((mandatory) =>
    used.some((schema) => nameOf(schema) === nameOf(mandatory)) ? [] : [mandatory],
  );
  const inOrder = [...(exempt ?? []), ...used, ...(catchAll ?? [])];
  return { levels: [...sound.values()], schemas: inOrder.map(schemaSettings), broken, dangling };
}

function byPrecedence(a: FlowSchema, b: FlowSchema): number {
  const difference = (a.spec.matchingPrecedence ?? 0) - (b.spec.matchingPrecedence ?? 0);
  return difference || (nameOf(a) < nameOf(b) ? -1 : 1);
}

function schemaSettings({ metadata, spec }: FlowSchema): SchemaSettings {
  return {
    name: metadata.name ?? "",
    uid: metadata.uid ?? "",
    levelName: spec.priorityLevelConfiguration.name,
    distinguisher: spec.distinguisherMethod?.type,
    rules: spec.rules ?? [],
  };
}

function levelSettings({ metadata, spec }: PriorityLevelConfiguration): LevelSettings {
  const queuing: Queuing = spec.type === "Exempt" ? { kind: "exempt" } : limitedQueuing(spec);
  return { name: metadata.name ?? "", uid: metadata.uid ?? "", queuing, shared: sharedSpec(spec) };
}

function limitedQueuing({ limited }: PriorityLevelConfiguration["spec"]): Queuing {
  const queuing = limited?.limitResponse?.queuing;
  if (!queuing) return { kind: "reject" };
  return {
    kind: "queue",
    queues: queuing.queues ?? 0,
    handSize: queuing.handSize ?? 0,
    queueLengthLimit: queuing.queueLengthLimit ?? 0,
  };
}

/** What makes a level unusable: validation keeps such out, but what is stored may be older than its rules. */
function problemOf({ metadata, spec }: PriorityLevelConfiguration): string | undefined {
  const { type, limited } = spec;
  if ((type === "Exempt") !== (metadata.name === exemptName)) return "non-alignment between name and type";
  if (type === "Exempt") return limited ? "broken union structure at the top, for Exempt" : undefined;
  if (type !== "Limited" || !limited) return "broken union structure at the top, for Limited";
  const { limitResponse } = limited;
  const { queuing } = limitResponse ?? {};
  if ((limitResponse?.type === "Queue") !== (queuing !== undefined)) {
    return "broken union structure for limit response";
  }
  if (!queuing) return undefined;
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  if (queues <= 0 || handSize <= 0 || handSize > queues || queueLengthLimit <= 0) {
    return "the queuing configuration is invalid";
  }
  return undefined;
}
