import { Quantity } from "@kube-ts/api/quantity";
import { CommandError } from "../../command-line/command-error.ts";
import { booleanFlag, integerFlag, stringFlag } from "../../command-line/flag.ts";
import { defineGenerator } from "./generator.ts";

export const quota = defineGenerator({
  usage: "NAME [--hard=key1=value1,key2=value2] [--scopes=Scope1,Scope2] [--dry-run=server|client|none]",
  description: "Create a resource quota with the specified name, hard limits, and optional scopes.",
  failure: "failed to create quota: ",
  flags: {
    hard: stringFlag("A comma-delimited set of resource=quantity pairs that define a hard limit."),
    scopes: stringFlag("A comma-delimited set of quota scopes that must all match each object tracked by the quota."),
  },
  build: ({ name, flags }) => {
    const pairs = flags.hard === "" ? [] : flags.hard.split(",").map(parsePair);
    const scopes = flags.scopes === "" ? [] : flags.scopes.split(",");
    return {
      kind: "ResourceQuota",
      apiVersion: "v1",
      metadata: { name },
      spec: {
        ...(pairs.length > 0 && { hard: Object.fromEntries(pairs) }),
        ...(scopes.length > 0 && { scopes }),
      },
      status: {},
    };
  },
});

function parsePair(text: string): [string, string] {
  const [name = "", value = "", ...more] = text.split("=");
  if (name === "" || value === "" || more.length > 0) {
    throw new CommandError(`Invalid argument syntax ${text}, expected <resource>=<value>`);
  }
  try {
    return [name, Quantity.parse(value).toString()];
  } catch (cause) {
    throw new CommandError(cause instanceof Error ? cause.message : String(cause), { cause });
  }
}

export const priorityClass = defineGenerator({
  usage: "NAME --value=VALUE --global-default=BOOL [--dry-run=server|client|none]",
  description: "Create a priority class with the specified name, value, globalDefault and description.",
  failure: "failed to create priorityclass: ",
  flags: {
    description: stringFlag(
      "description is an arbitrary string that usually provides guidelines on when this priority class should be used.",
    ),
    "global-default": booleanFlag(
      "global-default specifies whether this PriorityClass should be considered as the default priority.",
    ),
    "preemption-policy": stringFlag("preemption-policy is the policy for preempting pods with lower priority.", {
      default: "PreemptLowerPriority",
    }),
    value: integerFlag("the value of this priority class."),
  },
  build: ({ name, flags }) => ({
    kind: "PriorityClass",
    apiVersion: "scheduling.k8s.io/v1",
    metadata: { name },
    value: flags.value,
    ...(flags["global-default"] && { globalDefault: true }),
    ...(flags.description !== "" && { description: flags.description }),
    preemptionPolicy: flags["preemption-policy"],
  }),
});

export const podDisruptionBudget = defineGenerator({
  usage: "NAME --selector=SELECTOR --min-available=N [--dry-run=server|client|none]",
  description: "Create a pod disruption budget with the specified name, selector, and desired minimum available pods.",
  failure: "failed to create poddisruptionbudgets: ",
  flags: {
    "max-unavailable": stringFlag("The maximum number or percentage of unavailable pods this budget requires."),
    "min-available": stringFlag("The minimum number or percentage of available pods this budget requires."),
    selector: stringFlag(
      "A label selector to use for this budget. Only equality-based selector requirements are supported.",
    ),
  },
  build: ({ name, flags }) => {
    const { "min-available": min, "max-unavailable": max } = flags;
    if (flags.selector === "") throw new CommandError("a selector must be specified");
    if (min === "" && max === "") throw new CommandError("one of min-available or max-unavailable must be specified");
    if (min !== "" && max !== "") throw new CommandError("min-available and max-unavailable cannot be both specified");
    const matchLabels = Object.fromEntries(
      flags.selector.split(",").map((pair) => pair.split(/==?/) as [string, string]),
    );
    return {
      kind: "PodDisruptionBudget",
      apiVersion: "policy/v1",
      metadata: { name },
      spec: {
        ...(min !== "" && { minAvailable: intOrString(min) }),
        selector: { matchLabels },
        ...(max !== "" && { maxUnavailable: intOrString(max) }),
      },
      status: { disruptionsAllowed: 0, currentHealthy: 0, desiredHealthy: 0, expectedPods: 0 },
    };
  },
});

function intOrString(text: string): number | string {
  return /^\d+$/.test(text) ? Number(text) : text;
}
