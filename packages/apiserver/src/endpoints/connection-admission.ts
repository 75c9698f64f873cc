import type { KubeObject } from "@kube-ts/api/object";
import { apiVersionOf } from "@kube-ts/api/resource-type";
import { resourceNotFound } from "@kube-ts/api/status-error";
import type { AdmissionAttributes, AdmissionChain } from "../admission/admission.ts";
import { admissionAnnotations } from "../audit/admission-annotations.ts";
import type { RequestAudit } from "../audit/request-audit.ts";
import type { UserInfo } from "../auth/user.ts";
import type { IndexedCatalog } from "./live-catalog.ts";
import { readBoolean } from "./query-boolean.ts";
import type { ResourceRequest } from "./request-info.ts";
import { isInScope } from "./request-scope.ts";

/** Somebody wants to connect to a subresource: to a container's terminal, to a port, through a proxy. */
export interface Connection {
  readonly info: ResourceRequest;
  readonly user: UserInfo;
  readonly signal: AbortSignal;
  readonly audit: RequestAudit | undefined;
  warn(message: string): void;
}

/**
 * Has admission judge a connection, which is to it a CONNECT with the options in the query. Throws its refusal, and
 * NotFound for a URL that does not name the resource as its scope asks.
 */
export async function admitConnection(
  admission: AdmissionChain,
  catalog: IndexedCatalog,
  { info, user, signal, audit, warn }: Connection,
): Promise<void> {
  const { group, version, resource, subresource, namespace, name } = info;
  const served = catalog.resource(`${group}/${version}/${resource}`);
  const entry = catalog.subresource(`${group}/${resource}/${subresource}`);
  if (!served) return;
  if (!isInScope(served.type, info)) throw resourceNotFound();
  if (!entry) return;
  const apiVersion = apiVersionOf({ group: entry.kindGroup ?? group, version: entry.kindVersion ?? version });
  const attributes: AdmissionAttributes = {
    operation: "CONNECT",
    type: served.type,
    subresource,
    namespace: served.type.namespaced ? namespace : "",
    name,
    object: { kind: entry.kind, apiVersion, ...connectOptions(info) } as unknown as KubeObject,
    oldObject: undefined,
    user,
    dryRun: false,
    warn,
    ...admissionAnnotations(audit),
  };
  await admission.admit(attributes, signal);
  await admission.validate(attributes, signal);
}

const flags = ["stdin", "stdout", "stderr", "tty"] as const;

/** The options of a connection as its URL gives them; what is not given is left out. */
function connectOptions({ subresource, rest, query }: ResourceRequest): Record<string, unknown> {
  const options: Record<string, unknown> = {};
  const container = query.get("container");
  const command = query.getAll("command");
  const ports = query.getAll("ports").flatMap((list) => list.split(",").map(Number));
  for (const flag of flags) if (readBoolean(query, flag) === true) options[flag] = true;
  if (container) options["container"] = container;
  if (command.length > 0) options["command"] = command;
  if (ports.length > 0) options["ports"] = ports;
  if (subresource === "proxy" && rest !== "") options["path"] = rest;
  return options;
}
