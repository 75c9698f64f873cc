import { FieldSelector, parseFieldSelector } from "@kube-ts/api/field-selector";
import { parseSelector } from "@kube-ts/api/selectors";
import type { Selector } from "@kube-ts/api/selectors";
import { badRequest } from "@kube-ts/api/status-error";
import type { AttributeValue, ObjectAttributes } from "../storage/watch-cache.ts";
import type { ReadPoint } from "../registry/list-reader.ts";
import { readBoolean } from "./query-boolean.ts";
import type { ResourceRequest } from "./request-info.ts";
import type { SelectableFields } from "./selectable-fields.ts";
import type { ObjectFilter } from "./selection.ts";

/** The query of a list, watch or deletecollection request, parsed. */
export interface ListQuery {
  readonly point: ReadPoint;
  readonly filter: ObjectFilter;
  readonly selective: boolean;
  readonly timeoutSeconds: number | undefined;
  readonly allowBookmarks: boolean;
  readonly sendInitialEvents: boolean | undefined;
}

/**
 * Reads the query of a request on a collection. Throws BadRequest for what does not parse and for field
 * selectors on fields that the resource does not offer.
 */
export function parseListQuery(info: ResourceRequest, selectableFields: SelectableFields): ListQuery {
  const { query } = info;
  const labels = readSelector(query.get("labelSelector"), parseSelector);
  const fields = storedFields(readSelector(query.get("fieldSelector"), parseFieldSelector), selectableFields);
  const filter = filterOf(info, labels, fields);
  return {
    point: {
      resourceVersion: query.get("resourceVersion") ?? "",
      resourceVersionMatch: query.get("resourceVersionMatch") ?? "",
      continueToken: query.get("continue") ?? "",
      limit: Math.max(readInteger(query, "limit") ?? 0, 0),
    },
    filter,
    selective: filter.matches !== undefined || filter.name !== undefined,
    timeoutSeconds: readInteger(query, "timeoutSeconds"),
    allowBookmarks: readBoolean(query, "allowWatchBookmarks") ?? false,
    sendInitialEvents: readBoolean(query, "sendInitialEvents"),
  };
}

function readSelector<T>(text: string | null, parse: (text: string) => T): T | undefined {
  if (text === null || text === "") return undefined;
  try {
    return parse(text);
  } catch (error) {
    throw badRequest(error instanceof Error ? error.message : String(error), error);
  }
}

/** The selector with the names that fields have in the stored version. */
function storedFields(fields: FieldSelector | undefined, selectable: SelectableFields): FieldSelector | undefined {
  if (!fields) return undefined;
  const requirements = fields.requirements.map((requirement) => {
    const field = selectable.get(requirement.field);
    if (field === undefined) throw badRequest(selectable.problem(requirement.field));
    return field === requirement.field ? requirement : { ...requirement, field };
  });
  return requirements.every((each, at) => each === fields.requirements[at]) ? fields : new FieldSelector(requirements);
}

function filterOf(
  info: ResourceRequest,
  labels: Selector | undefined,
  fields: FieldSelector | undefined,
): ObjectFilter {
  const namespace = info.namespace === "" ? undefined : info.namespace;
  const name = info.name === "" ? fields?.exactValue("metadata.name") : info.name;
  return {
    namespace: namespace ?? (fields?.exactValue("metadata.namespace") || undefined),
    name,
    exactFields: exactFields(name, fields),
    pinned: pinnedLabel(labels) ?? pinnedField(fields),
    matches: matcherOf(labels, fields),
  };
}

function exactFields(
  name: string | undefined,
  fields: FieldSelector | undefined,
): Readonly<Record<string, string>> | undefined {
  const exact: Record<string, string> = {};
  if (name !== undefined) exact["metadata.name"] = name;
  for (const { field, operator, value } of fields?.requirements ?? []) if (operator === "=") exact[field] = value;
  return Object.keys(exact).length > 0 ? exact : undefined;
}

function pinnedLabel(labels: Selector | undefined): AttributeValue | undefined {
  for (const { key } of labels?.requirements ?? []) {
    const value = labels?.exactValue(key);
    if (value !== undefined) return { kind: "label", name: key, value };
  }
  return undefined;
}

function pinnedField(fields: FieldSelector | undefined): AttributeValue | undefined {
  const found = fields?.requirements.find(({ field, operator }) => operator === "=" && !field.startsWith("metadata."));
  return found && { kind: "field", name: found.field, value: found.value };
}

function matcherOf(
  labels: Selector | undefined,
  fields: FieldSelector | undefined,
): ((attributes: ObjectAttributes) => boolean) | undefined {
  const byLabels = labels && !labels.isEverything ? labels : undefined;
  const byFields = fields && !fields.isEverything ? fields : undefined;
  if (!byLabels && !byFields) return undefined;
  return (attributes) =>
    (byLabels === undefined || byLabels.matches(attributes.labels)) &&
    (byFields === undefined || byFields.matches(attributes.fields));
}

/** A non-negative whole number of the query; undefined when absent or empty. */
export function readInteger(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === "") return undefined;
  if (!/^-?\d{1,15}$/.test(text)) {
    throw badRequest(`strconv.ParseInt: parsing "${text}": invalid syntax`);
  }
  return Number(text);
}
