import { semanticEqual } from "@kube-ts/api/deep-equal";
import {
  type FieldError,
  forbiddenField,
  invalidField,
  notSupportedField,
  requiredField,
} from "@kube-ts/api/field-error";
import { type FieldPath, fieldPath } from "@kube-ts/api/field-path";
import type {
  ExemptPriorityLevelConfiguration,
  LimitResponse,
  LimitedPriorityLevelConfiguration,
  PriorityLevelConfiguration,
  PriorityLevelConfigurationSpec,
  QueuingConfiguration,
} from "@kube-ts/api/flowcontrol/v1";
import { nameOf } from "@kube-ts/api/object";
import { priorityLevelConfigurations } from "@kube-ts/api/resource-types";
import { countChange, startGeneration } from "../meta/generation.ts";
import { keepMetadata } from "../meta/keep-metadata.ts";
import { subdomainName } from "../meta/object-names.ts";
import { validateObjectMeta, validateObjectMetaUpdate } from "../meta/validate-object-meta.ts";
import { type TableColumns, defineResource } from "../resource-definition.ts";
import { ageCell, ageColumn, column, nameCell, nameColumn } from "../table/columns.ts";
import { exemptName, mandatoryPriorityLevels } from "./default-objects.ts";
import { checkFlowConditions } from "./validate-flow-conditions.ts";

const specPath = fieldPath("spec");
const maxQueues = 10_000_000;
/** Bits of the hash that deals queues to a flow. */
const maxHashBits = 60;
const negativeShares = "must be a non-negative integer";

const columns: TableColumns<PriorityLevelConfiguration> = {
  definitions: [
    nameColumn,
    column("Type", "string", "Whether requests of the level are limited."),
    column("NominalConcurrencyShares", "string", "Share of the server's concurrency that is the level's own."),
    column("Queues", "string", "How many queues the level has."),
    column("HandSize", "string", "How many of the queues a flow is dealt."),
    column("QueueLengthLimit", "string", "How many requests wait in a queue at most."),
    ageColumn,
  ],
  row(level, nowMs) {
    const { type, limited } = level.spec;
    const queuing = limited?.limitResponse?.queuing;
    return {
      cells: [
        nameCell(level),
        type,
        limited ? (limited.nominalConcurrencyShares ?? 0) : "<none>",
        queuing ? (queuing.queues ?? 0) : "<none>",
        queuing ? (queuing.handSize ?? 0) : "<none>",
        queuing ? (queuing.queueLengthLimit ?? 0) : "<none>",
        ageCell(level, nowMs),
      ],
    };
  },
};

export const priorityLevelConfigurationResource = defineResource<PriorityLevelConfiguration>({
  type: priorityLevelConfigurations,
  singular: "prioritylevelconfiguration",
  storagePrefix: "prioritylevelconfigurations",
  strategy: {
    defaults: ({ spec }) => defaultSpec(spec),
    prepareForCreate(level) {
      level.status = {};
      startGeneration(level);
    },
    prepareForUpdate(level, old) {
      if (old.status !== undefined) level.status = old.status;
      countChange(level, level.spec, old.spec);
    },
    validateCreate: validateLevel,
    validateUpdate: (level, old) => [
      ...validateLevel(level),
      ...validateObjectMetaUpdate(level.metadata, old.metadata),
    ],
  },
  status: {
    prepareForUpdate(level, old) {
      keepMetadata(level, old);
      level.spec = old.spec;
    },
    validateUpdate(level, old) {
      const errors = validateObjectMetaUpdate(level.metadata, old.metadata);
      checkFlowConditions(level.status?.conditions, errors);
      return errors;
    },
  },
  columns,
});

function defaultSpec({ limited, exempt }: PriorityLevelConfigurationSpec): void {
  if (exempt) {
    exempt.nominalConcurrencyShares ??= 0;
    exempt.lendablePercent ??= 0;
  }
  if (!limited) return;
  limited.nominalConcurrencyShares ??= 30;
  limited.lendablePercent ??= 0;
  const queuing = limited.limitResponse?.queuing;
  if (!queuing) return;
  queuing.queues ||= 64;
  queuing.handSize ||= 8;
  queuing.queueLengthLimit ||= 50;
}

function validateLevel(level: PriorityLevelConfiguration): FieldError[] {
  const errors = validateObjectMeta(level.metadata, "Cluster", subdomainName);
  checkSpec(level.spec, level.metadata.name ?? "", errors);
  checkMandatory(level, errors);
  checkFlowConditions(level.status?.conditions, errors);
  return errors;
}

function checkMandatory({ metadata, spec }: PriorityLevelConfiguration, errors: FieldError[]): void {
  const mandatory = mandatoryPriorityLevels.find((candidate) => nameOf(candidate) === metadata.name);
  if (!mandatory) return;
  const isExempt = metadata.name === exemptName;
  const compared = isExempt ? { ...spec, exempt: mandatory.spec.exempt } : spec;
  if (semanticEqual(compared, mandatory.spec)) return;
  const exception = isExempt ? " except the 'spec.exempt' field" : "";
  errors.push(invalidField(specPath, spec, `spec of '${metadata.name}'${exception} must equal the fixed value`));
}

function checkSpec(spec: PriorityLevelConfigurationSpec, name: string, errors: FieldError[]): void {
  const { type, limited, exempt } = spec;
  const typePath = specPath.child("type");
  if ((name === exemptName) !== (type === "Exempt")) {
    errors.push(invalidField(typePath, type, "type must be 'Exempt' if and only if name is 'exempt'"));
  }
  if (type === "Exempt") {
    if (limited) errors.push(forbiddenField(specPath.child("limited"), "must be nil if the type is not Limited"));
    if (exempt) checkExempt(exempt, specPath.child("exempt"), errors);
  } else if (type === "Limited") {
    if (exempt) errors.push(forbiddenField(specPath.child("exempt"), "must be nil if the type is Limited"));
    if (limited) checkLimited(limited, specPath.child("limited"), errors);
    else errors.push(requiredField(specPath.child("limited"), "must not be empty when type is Limited"));
  } else {
    errors.push(notSupportedField(typePath, type, ["Exempt", "Limited"]));
  }
}

function checkExempt(exempt: ExemptPriorityLevelConfiguration, path: FieldPath, errors: FieldError[]): void {
  const { nominalConcurrencyShares: shares = 0 } = exempt;
  if (shares < 0) errors.push(invalidField(path.child("nominalConcurrencyShares"), shares, negativeShares));
  checkPercent(exempt.lendablePercent, path.child("lendablePercent"), errors);
}

function checkLimited(limited: LimitedPriorityLevelConfiguration, path: FieldPath, errors: FieldError[]): void {
  const { nominalConcurrencyShares: shares = 0, limitResponse, lendablePercent, borrowingLimitPercent } = limited;
  if (shares < 0) errors.push(invalidField(path.child("nominalConcurrencyShares"), shares, negativeShares));
  checkResponse(limitResponse ?? { type: "" as LimitResponse["type"] }, path.child("limitResponse"), errors);
  checkPercent(lendablePercent, path.child("lendablePercent"), errors);
  if (borrowingLimitPercent !== undefined && borrowingLimitPercent < 0) {
    const text = "if specified, must be a non-negative integer";
    errors.push(invalidField(path.child("borrowingLimitPercent"), borrowingLimitPercent, text));
  }
}

function checkPercent(percent: number | undefined, path: FieldPath, errors: FieldError[]): void {
  if (percent !== undefined && (percent < 0 || percent > 100)) {
    errors.push(invalidField(path, percent, "must be between 0 and 100, inclusive"));
  }
}

function checkResponse({ type, queuing }: LimitResponse, path: FieldPath, errors: FieldError[]): void {
  const queuingPath = path.child("queuing");
  if (type === "Reject") {
    const text = "must be nil if limited.limitResponse.type is not Limited";
    if (queuing) errors.push(forbiddenField(queuingPath, text));
  } else if (type === "Queue") {
    const text = "must not be empty if limited.limitResponse.type is Limited";
    if (queuing) checkQueuing(queuing, queuingPath, errors);
    else errors.push(requiredField(queuingPath, text));
  } else {
    errors.push(notSupportedField(path.child("type"), type, ["Queue", "Reject"]));
  }
}

function checkQueuing(queuing: QueuingConfiguration, path: FieldPath, errors: FieldError[]): void {
  const { queues = 0, handSize = 0, queueLengthLimit = 0 } = queuing;
  if (queueLengthLimit <= 0) {
    errors.push(invalidField(path.child("queueLengthLimit"), queueLengthLimit, "must be positive"));
  }
  if (queues <= 0) errors.push(invalidField(path.child("queues"), queues, "must be positive"));
  else if (queues > maxQueues) {
    errors.push(invalidField(path.child("queues"), queues, `must not be greater than ${maxQueues}`));
  }
  const handPath = path.child("handSize");
  const bits = Math.ceil(Math.log2(queues) * handSize);
  if (handSize <= 0) {
    errors.push(invalidField(handPath, handSize, "must be positive"));
  } else if (handSize > queues) {
    errors.push(invalidField(handPath, handSize, `should not be greater than queues (${queues})`));
  } else if (bits > maxHashBits) {
    const what = `required entropy bits of deckSize ${queues} and handSize ${handSize}`;
    errors.push(invalidField(handPath, handSize, `${what} should not be greater than ${maxHashBits}`));
  }
}
