import type { FlowSchema, FlowSchemaCondition } from "@kube-ts/api/flowcontrol/v1";
import { formatTime } from "@kube-ts/api/rfc3339";

const type = "Dangling";

/** The schema with the condition that tells whether its level is missing; undefined if it tells so already. */
export function withDangling(schema: FlowSchema, isDangling: boolean, nowMs: number): FlowSchema | undefined {
  const wanted = conditionOf(schema, isDangling, nowMs);
  const conditions = schema.status?.conditions ?? [];
  const current = conditions.find((condition) => condition.type === type);
  if (current?.status === wanted.status && current?.reason === wanted.reason && current?.message === wanted.message) {
    return undefined;
  }
  const others = conditions.filter((condition) => condition.type !== type);
  return { ...schema, status: { ...schema.status, conditions: [...others, wanted] } };
}

function conditionOf({ spec }: FlowSchema, isDangling: boolean, nowMs: number): FlowSchemaCondition {
  const name = JSON.stringify(spec.priorityLevelConfiguration.name);
  const reference = `This FlowSchema references the PriorityLevelConfiguration object named ${name}`;
  return {
    type,
    status: isDangling ? "True" : "False",
    lastTransitionTime: formatTime(nowMs),
    reason: isDangling ? "NotFound" : "Found",
    message: isDangling ? `${reference} but there is no such object` : `${reference} and it exists`,
  };
}
