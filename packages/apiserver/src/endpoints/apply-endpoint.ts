import { ApplyConflictError } from "@kube-ts/api/apply/conflict";
import { TypedValueError } from "@kube-ts/api/apply/list-element";
import { validateTyped } from "@kube-ts/api/apply/validate-typed";
import { type JsonObject, cloneJson, isJsonObject } from "@kube-ts/api/json-value";
import type { KubeObject } from "@kube-ts/api/object";
import { apiError, applyConflict, badRequest, conflict, isAlreadyExists, isNotFound } from "@kube-ts/api/status-error";
import { applyWithLastApplied } from "../registry/field-management/last-applied.ts";
import type { AppliedObject, FieldManagement, FieldWrite } from "../registry/field-management/field-management.ts";
import { fieldManagementOf } from "../registry/field-management/field-management-of.ts";
import type { FieldTracking } from "../registry/field-management/field-tracking.ts";
import type { Written } from "../registry/write-request.ts";
import { setManagedFieldsText } from "../storage/cache/managed-fields-text.ts";
import { readConfiguration } from "./apply-body.ts";
import { checkIdentity } from "./object-name.ts";
import { apiVersion, decodeServed } from "./request-object.ts";
import { authorizeCreation } from "./authorize-creation.ts";
import type { ResourceContext } from "./resource-context.ts";
import { updateRules } from "./update-endpoint.ts";
import { parseApplyOptions } from "./write-options.ts";
import { bindWrite, fieldWrite } from "./write-request.ts";
import { sendWritten } from "./written-response.ts";

/** How often an apply turns from creating to changing because somebody else was faster. */
const maxTurns = 5;

/** PATCH of an object or of a part of it by server-side apply, which creates what is not there. */
export async function serveApply(context: ResourceContext): Promise<void> {
  const { exchange, info, resource, admission } = context;
  const options = parseApplyOptions(info);
  const config = await readConfiguration(context, options.fieldValidation);
  checkConfiguration(config, resource.type);
  const management = fieldManagementOf(resource.registry.definition);
  if (!management) throw new Error(`fields of ${resource.kind} are not tracked`);
  const application = new Application(context, management, config, options.force);
  const request = bindWrite(exchange, info, resource, admission, options.dryRun, application);
  const { registry } = resource;
  for (let turn = 1; ; turn += 1) {
    try {
      const change = (current: KubeObject) => application.apply(current);
      const written = await registry.update(info.namespace, info.name, updateRules(context), change, request);
      return await sendWritten(context, 200, written);
    } catch (error) {
      if (!isNotFound(error) || info.subresource !== "") throw error;
    }
    const created = await create(context, () => registry.create(application.apply(undefined), info.namespace, request));
    if (created) return sendWritten(context, 201, created);
    if (turn === maxTurns) throw conflict(registry.resourceName, info.name);
  }
}

/** Undefined when somebody else has created the object meanwhile. */
async function create(
  context: ResourceContext,
  write: () => Promise<Written<KubeObject>>,
): Promise<Written<KubeObject> | undefined> {
  await authorizeCreation(context);
  try {
    return await write();
  } catch (error) {
    if (isAlreadyExists(error)) return undefined;
    throw error;
  }
}

/** One apply request, which may be tried on several states of the object. */
class Application implements FieldTracking<KubeObject> {
  readonly #context: ResourceContext;
  readonly #management: FieldManagement;
  readonly #config: JsonObject;
  readonly #write: FieldWrite;
  readonly #force: boolean;
  #fieldsBefore: string | undefined;

  constructor(context: ResourceContext, management: FieldManagement, config: JsonObject, force: boolean) {
    this.#context = context;
    this.#management = management;
    this.#config = config;
    this.#write = fieldWrite(context.exchange, context.info, context.resource);
    this.#force = force;
  }

  /** The object to be stored, its managed fields included; `live` is a private copy of what is. */
  apply(live: KubeObject | undefined): KubeObject {
    const { info, resource } = this.#context;
    const { value, managedFields, sameButTimes } = runApply(
      this.#management,
      live,
      this.#config,
      this.#write,
      this.#force,
    );
    this.#fieldsBefore = sameButTimes;
    const object = value === undefined && live ? live : this.#decode(value ?? {});
    const { uid } = object.metadata;
    if (!live && uid) {
      const problem = `uid mismatch: the provided object specified uid ${uid}, and no existing object was found`;
      throw conflict(resource.registry.resourceName, info.name, problem);
    }
    setManagedFieldsText(object.metadata, managedFields);
    if (!live) delete object.metadata.resourceVersion;
    return object;
  }

  #decode(value: JsonObject): KubeObject {
    const { info, resource } = this.#context;
    const { group, version, kind } = resource.type;
    const object = decodeServed(this.#context, { group, version, kind }, { value }, "Ignore");
    checkIdentity(object, info.name, info.namespace);
    return object;
  }

  readonly isEssential = true;

  created(): void {}

  updated(): string | undefined {
    return this.#fieldsBefore;
  }
}

/** Applies a configuration, with failures as upstream answers them. */
export function runApply<T extends KubeObject>(
  management: FieldManagement<T>,
  live: T | undefined,
  config: JsonObject,
  write: FieldWrite,
  force: boolean,
): AppliedObject {
  try {
    validateTyped(management.version(write.apiVersion).schema, config, { allowDuplicates: false });
  } catch (error) {
    if (!(error instanceof TypedValueError)) throw error;
    throw failure(`failed to create typed patch object (${describe(config)}): ${error.message}`, error);
  }
  try {
    return applyWithLastApplied(management, live, cloneJson(config), write, force);
  } catch (error) {
    if (error instanceof ApplyConflictError) throw applyConflict(error.causes, error.message);
    if (error instanceof Error && "code" in error) throw failure(error.message, error);
    throw error;
  }
}

function failure(message: string, cause: Error): Error {
  return apiError({ code: 500, reason: "", message, cause });
}

/** `default/web; apps/v1, Kind=Deployment`. */
function describe(config: JsonObject): string {
  const metadata = isJsonObject(config["metadata"]) ? config["metadata"] : {};
  const { name = "", namespace = "" } = metadata as { name?: string; namespace?: string };
  return `${namespace}/${name}; ${kindText(config)}`;
}

function kindText(config: JsonObject): string {
  const version = typeof config["apiVersion"] === "string" ? config["apiVersion"] : "";
  const kind = typeof config["kind"] === "string" ? config["kind"] : "";
  return `${version.includes("/") ? version : `/${version}`}, Kind=${kind}`;
}

/** Refuses a configuration of another type, and one that brings managed fields. */
export function checkConfiguration(
  config: JsonObject,
  type: { readonly group: string; readonly version: string; readonly kind: string },
): void {
  if (config["apiVersion"] !== apiVersion(type) || config["kind"] !== type.kind) {
    throw badRequest(`invalid object type: ${kindText(config)}`);
  }
  const { metadata } = config;
  if (isJsonObject(metadata) && metadata["managedFields"] !== undefined && metadata["managedFields"] !== null) {
    throw badRequest("metadata.managedFields must be nil");
  }
}
