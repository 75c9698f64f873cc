import type {
  ConfigMap,
  Container,
  EnvFromSource,
  EnvVar,
  FileKeySelector,
  Pod,
  ResourceList,
  Secret,
  Service,
} from "@kube-ts/api/core/v1";
import { goQuote } from "@kube-ts/api/go-quote";
import { envVarNameErrors } from "@kube-ts/api/names";
import type { EnvValue } from "../runtime/config.ts";
import { type PodAddresses, podField, resourceField } from "./downward-field.ts";
import { envFileValue } from "./env-file.ts";
import { expandVariables } from "./expand-variables.ts";
import { serviceVariables } from "./service-variables.ts";

/** Why a container's environment cannot be built; users see the text under `CreateContainerConfigError`. */
export class ContainerConfigError extends Error {
  override readonly name = "ContainerConfigError";
}

/** An object that a container takes variables from. */
export interface EnvReference {
  readonly kind: "ConfigMap" | "Secret";
  readonly name: string;
}

/** What the environment is built from. The objects are those that `envReferences` names, as far as they exist. */
export interface EnvSources {
  readonly pod: Pod;
  readonly addresses: PodAddresses;
  readonly services: readonly Service[];
  readonly allocatable: ResourceList;
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
  /** The content of a file that `envFiles` names; undefined when there is no such file. */
  envFile(volumeName: string, path: string): string | undefined;
}

export interface ContainerEnv {
  readonly variables: readonly EnvValue[];
  /** Warnings about keys that cannot be names of variables, for events. */
  readonly skipped: readonly string[];
}

/** The objects of the pod's namespace that the container's environment refers to. */
export function envReferences(container: Container): readonly EnvReference[] {
  const found: EnvReference[] = [];
  for (const { configMapRef, secretRef } of container.envFrom ?? []) {
    if (configMapRef?.name) found.push({ kind: "ConfigMap", name: configMapRef.name });
    if (secretRef?.name) found.push({ kind: "Secret", name: secretRef.name });
  }
  for (const { valueFrom } of container.env ?? []) {
    if (valueFrom?.configMapKeyRef?.name) found.push({ kind: "ConfigMap", name: valueFrom.configMapKeyRef.name });
    if (valueFrom?.secretKeyRef?.name) found.push({ kind: "Secret", name: valueFrom.secretKeyRef.name });
  }
  return found;
}

/** The files in volumes that the container's environment refers to. */
export function envFiles({ env = [] }: Container): readonly Pick<FileKeySelector, "volumeName" | "path">[] {
  return env.flatMap(({ valueFrom }) => valueFrom?.fileKeyRef ?? []);
}

/**
 * The container's environment: whole objects first, then its own variables, then what services announce and nothing
 * before has named. Throws `ContainerConfigError` and `DownwardFieldError`.
 */
export function containerEnv(container: Container, sources: EnvSources): ContainerEnv {
  const namespace = sources.pod.metadata.namespace ?? "";
  const variables = new Map<string, string>();
  const skipped: string[] = [];
  for (const source of container.envFrom ?? []) addAll(variables, skipped, source, sources, namespace);
  const links = serviceVariables(sources.services, namespace, sources.pod.spec.enableServiceLinks !== false);
  const linked = new Map(links.map(({ name, value }) => [name, value]));
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, container, sources, (name) => variables.get(name) ?? linked.get(name));
    if (value !== undefined) variables.set(variable.name, value);
  }
  for (const [name, value] of linked) if (!variables.has(name)) variables.set(name, value);
  return { variables: [...variables].map(([name, value]) => ({ name, value })), skipped };
}

/** Command or arguments with references to the container's variables replaced. */
export function expandCommand(texts: readonly string[], variables: readonly EnvValue[]): readonly string[] {
  const values = new Map(variables.map(({ name, value }) => [name, value]));
  return texts.map((text) => expandVariables(text, (name) => values.get(name)));
}

function addAll(
  variables: Map<string, string>,
  skipped: string[],
  { prefix = "", configMapRef, secretRef }: EnvFromSource,
  sources: EnvSources,
  namespace: string,
): void {
  if (configMapRef) {
    const name = configMapRef.name ?? "";
    const object = present("configmap", name, sources.configMap(name), configMapRef.optional);
    add(variables, skipped, prefix, object?.data ?? {}, `configMap ${namespace}/${name}`);
  }
  if (secretRef) {
    const name = secretRef.name ?? "";
    const object = present("secret", name, sources.secret(name), secretRef.optional);
    add(variables, skipped, prefix, decoded(object), `secret ${namespace}/${name}`);
  }
}

function add(
  variables: Map<string, string>,
  skipped: string[],
  prefix: string,
  data: Readonly<Record<string, string>>,
  origin: string,
): void {
  const invalid: string[] = [];
  for (const key of Object.keys(data).toSorted()) {
    const name = prefix + key;
    if (envVarNameErrors(name).length === 0) variables.set(name, data[key] ?? "");
    else invalid.push(name);
  }
  if (invalid.length === 0) return;
  skipped.push(
    `Keys [${invalid.join(", ")}] from the EnvFrom ${origin} were skipped since they are considered invalid environment variable names.`,
  );
}

function valueOf(
  { name, value, valueFrom }: EnvVar,
  container: Container,
  sources: EnvSources,
  lookup: (name: string) => string | undefined,
): string | undefined {
  if (!valueFrom) return expandVariables(value ?? "", lookup);
  const { pod, addresses, allocatable } = sources;
  const namespace = pod.metadata.namespace ?? "";
  if (valueFrom.fieldRef) return podField(pod, valueFrom.fieldRef.fieldPath, addresses);
  if (valueFrom.resourceFieldRef) return resourceField(pod, valueFrom.resourceFieldRef, container, allocatable);
  if (valueFrom.configMapKeyRef) {
    const { name: object = "", key, optional } = valueFrom.configMapKeyRef;
    const data = present("configmap", object, sources.configMap(object), optional)?.data;
    return keyOf(data, key, optional, `ConfigMap ${namespace}/${object}`);
  }
  if (valueFrom.secretKeyRef) {
    const { name: object = "", key, optional } = valueFrom.secretKeyRef;
    const data = decoded(present("secret", object, sources.secret(object), optional));
    return keyOf(data, key, optional, `Secret ${namespace}/${object}`);
  }
  if (valueFrom.fileKeyRef) return valueInFile(valueFrom.fileKeyRef, sources);
  throw new ContainerConfigError(`environment variable ${name}: this kind of valueFrom is not supported on this node`);
}

/** An empty value counts as none. What is wrong with the file is not told: it may hold secrets. */
function valueInFile({ volumeName, path, key, optional }: FileKeySelector, sources: EnvSources): string | undefined {
  const text = sources.envFile(volumeName, path);
  if (text === undefined && !optional) throw new ContainerConfigError("couldn't parse env file");
  const value = text === undefined ? undefined : parsed(text, key);
  if (value) return value;
  if (optional) return undefined;
  throw new ContainerConfigError(`environment variable key ${goQuote(key)} not found in file ${goQuote(path)}`);
}

function parsed(text: string, key: string): string | undefined {
  try {
    return envFileValue(text, key);
  } catch (cause) {
    throw new ContainerConfigError("couldn't parse env file", { cause });
  }
}

function present<T>(kind: string, name: string, object: T | undefined, optional: boolean | undefined): T | undefined {
  if (object === undefined && !optional) throw new ContainerConfigError(`${kind} "${name}" not found`);
  return object;
}

function keyOf(
  data: Readonly<Record<string, string>> | undefined,
  key: string,
  optional: boolean | undefined,
  origin: string,
): string | undefined {
  const value = data && Object.hasOwn(data, key) ? data[key] : undefined;
  if (value === undefined && !optional) throw new ContainerConfigError(`couldn't find key ${key} in ${origin}`);
  return value;
}

function decoded(secret: Secret | undefined): Readonly<Record<string, string>> {
  const entries = Object.entries(secret?.data ?? {});
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, "base64").toString("utf8")]));
}
