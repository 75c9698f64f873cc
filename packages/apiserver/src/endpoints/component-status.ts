import type { ComponentStatus } from "@kube-ts/api/core/v1";
import type { Table } from "@kube-ts/api/meta/v1";
import { notFound } from "@kube-ts/api/status-error";
import { column, nameColumn } from "../registry/table/columns.ts";
import { warn } from "./exchange.ts";
import type { Exchange } from "./exchange.ts";
import { parseListQuery } from "./list-query.ts";
import type { AcceptedForm } from "./negotiation.ts";
import type { ResourceRequest } from "./request-info.ts";
import { sendObject } from "./respond.ts";
import { selectableFields } from "./selectable-fields.ts";
import type { VirtualResource } from "./subresource.ts";

/** What came of asking a component how it is. */
export interface ComponentHealth {
  readonly isHealthy: boolean;
  /** What it said, or why it said nothing. */
  readonly message: string;
}

/** A part of the control plane that the server can ask how it is. */
export interface ComponentProbe {
  readonly name: string;
  check(signal: AbortSignal): Promise<ComponentHealth>;
}

const fields = selectableFields({ type: { namespaced: false }, own: {}, isSpecific: false });
const columnDefinitions = [
  nameColumn,
  column("Status", "string", "Whether the component is healthy."),
  column("Message", "string", "What the component says."),
  column("Error", "string", "Why the component could not be asked."),
];

/** `componentstatuses`: how parts of the control plane on this machine are, as far as the server can tell. */
export function componentStatuses(probes: readonly ComponentProbe[]): VirtualResource {
  return {
    group: "",
    version: "v1",
    plural: "componentstatuses",
    singular: "componentstatus",
    kind: "ComponentStatus",
    namespaced: false,
    verbs: ["get", "list"],
    shortNames: ["cs"],
    handle: async ({ exchange, info, form }) => {
      warn(exchange, "v1 ComponentStatus is deprecated in v1.19+");
      const chosen = probes.filter(({ name }) => isAskedFor(name, info));
      if (info.verb === "get" && chosen.length === 0) {
        throw notFound({ group: "", resource: "componentstatuses" }, info.name);
      }
      const statuses = await Promise.all(chosen.map((probe) => statusOf(probe, exchange.signal)));
      await send(exchange, info, form, statuses);
    },
  };
}

function isAskedFor(name: string, info: ResourceRequest): boolean {
  const { filter } = parseListQuery(info, fields);
  if (filter.name !== undefined && filter.name !== name) return false;
  return filter.matches === undefined || filter.matches({ labels: {}, fields: { "metadata.name": name } });
}

async function statusOf(probe: ComponentProbe, signal: AbortSignal): Promise<ComponentStatus> {
  const { isHealthy, message } = await probe.check(signal);
  const status = isHealthy ? "True" : "False";
  const condition = { type: "Healthy", status, message } as const;
  return { kind: "ComponentStatus", apiVersion: "v1", metadata: { name: probe.name }, conditions: [condition] };
}

async function send(
  exchange: Exchange,
  info: ResourceRequest,
  form: AcceptedForm,
  statuses: readonly ComponentStatus[],
): Promise<void> {
  const [first] = statuses;
  if (form.view === "table") return sendObject(exchange, 200, form, tableOf(form, statuses));
  if (form.view === "object" && info.verb === "get" && first) return sendObject(exchange, 200, form, first);
  const apiVersion = `meta.k8s.io/${form.viewVersion}`;
  const partial = statuses.map(({ metadata }) => ({ kind: "PartialObjectMetadata", apiVersion, metadata }));
  if (form.view === "partial" && info.verb === "get" && partial[0]) return sendObject(exchange, 200, form, partial[0]);
  const list =
    form.view === "partial"
      ? { kind: "PartialObjectMetadataList", apiVersion, metadata: {}, items: partial }
      : {
          kind: "ComponentStatusList",
          apiVersion: "v1",
          metadata: {},
          items: statuses.map(({ metadata, conditions }) => ({ metadata, conditions })),
        };
  return sendObject(exchange, 200, form, list);
}

function tableOf({ viewVersion }: AcceptedForm, statuses: readonly ComponentStatus[]): Table {
  const apiVersion = `meta.k8s.io/${viewVersion}`;
  return {
    kind: "Table",
    apiVersion,
    metadata: {},
    columnDefinitions,
    rows: statuses.map(({ metadata, conditions }) => {
      const { status, message = "", error = "" } = conditions?.[0] ?? {};
      const text = status === "True" ? "Healthy" : status === "False" ? "Unhealthy" : "Unknown";
      const object = { kind: "PartialObjectMetadata", apiVersion, metadata };
      return { cells: [metadata.name ?? "", text, message, error], object };
    }),
  };
}
