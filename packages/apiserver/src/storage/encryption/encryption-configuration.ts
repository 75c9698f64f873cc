import { goQuote } from "@kube-ts/api/go-quote";
import { type FieldError, aggregateFieldErrors, invalidField, requiredField } from "@kube-ts/api/field-error";
import { ConfigFileError } from "@kube-ts/std/config-file";
import {
  type Decoded,
  durationField,
  integerField,
  jsonField,
  listField,
  objectField,
  stringField,
} from "@kube-ts/std/config-schema";
import { decodeVersionedConfig } from "../../auth/reload/versioned-config.ts";

const keyFields = objectField({ keys: listField(objectField({ name: stringField(), secret: stringField() })) });
const kmsFields = objectField({
  apiVersion: stringField(),
  name: stringField(),
  cachesize: integerField(),
  endpoint: stringField(),
  timeout: durationField(),
});
const providerFields = objectField({
  aesgcm: keyFields,
  aescbc: keyFields,
  secretbox: keyFields,
  identity: objectField({}),
  kms: kmsFields,
});
const resourceFields = objectField({ resources: listField(stringField()), providers: listField(providerFields) });

type ProviderConfiguration = Decoded<typeof providerFields>;
type KeysConfiguration = Decoded<typeof keyFields>;

const keyedKinds = ["aesgcm", "aescbc", "secretbox"] as const;
const aesKeyBytes = [16, 24, 32];
const keyBytes = { aesgcm: aesKeyBytes, aescbc: aesKeyBytes, secretbox: [32] } as const;
const defaultKmsTimeoutMs = 3_000;

/** How values are encrypted, or were. */
export type Provider =
  | { readonly kind: "identity" }
  | { readonly kind: (typeof keyedKinds)[number]; readonly keys: readonly { name: string; secret: Buffer }[] }
  | { readonly kind: "kms"; readonly name: string; readonly endpoint: string; readonly timeoutMs: number };

/** The providers of some resources: the first one writes, all of them read. */
export interface ResourceEncryption {
  /** As written: `secrets`, `deployments.apps`, `*.apps`, `*.`, `*.*`. */
  readonly resources: readonly string[];
  readonly providers: readonly Provider[];
}

/** Reads an `EncryptionConfiguration`. Throws an Error that says everything that is wrong with it, and no secret. */
export function parseEncryptionConfiguration(text: string, path: string): readonly ResourceEncryption[] {
  if (text.trim() === "") throw new Error(`encryption provider configuration file ${goQuote(path)} is empty`);
  const resources = decodedResources(text, path);
  const errors = configurationErrors(resources);
  if (errors.length > 0) throw new Error(aggregateFieldErrors(errors));
  return resources.map(({ resources: names = [], providers = [] }) => ({
    resources: names,
    providers: providers.map(providerOf),
  }));
}

function decodedResources(text: string, path: string): readonly Decoded<typeof resourceFields>[] {
  let problems: ConfigFileError["problems"];
  try {
    const { resources = [] } = decodeVersionedConfig(text, path, {
      group: "apiserver.config.k8s.io",
      versions: ["v1"],
      kind: "EncryptionConfiguration",
      fields: { resources: listField(resourceFields), metadata: jsonField() },
    });
    return resources;
  } catch (error) {
    if (!(error instanceof ConfigFileError) || error.problems.length === 0) throw error;
    ({ problems } = error);
  }
  // What stands in the wrong place may be a secret, so that the error has no cause either.
  const texts = problems.map(({ path: at, message, unknown }) =>
    unknown
      ? message
      : `${at}: ${message.replace(/^Invalid value: .*: must be /s, 'Invalid value: "REDACTED": must be ')}`,
  );
  throw new Error(`failed to load config file ${goQuote(path)}: ${texts.join("; ")}`);
}

function providerOf({ kms, aesgcm, aescbc, secretbox }: ProviderConfiguration): Provider {
  if (kms) {
    const { name = "", endpoint = "", timeout = defaultKmsTimeoutMs } = kms;
    return { kind: "kms", name, endpoint, timeoutMs: timeout };
  }
  if (aesgcm) return { kind: "aesgcm", keys: keysOf(aesgcm) };
  if (aescbc) return { kind: "aescbc", keys: keysOf(aescbc) };
  if (secretbox) return { kind: "secretbox", keys: keysOf(secretbox) };
  return { kind: "identity" };
}

function keysOf({ keys = [] }: KeysConfiguration) {
  return keys.map(({ name = "", secret = "" }) => ({ name, secret: Buffer.from(secret, "base64") }));
}

function configurationErrors(list: readonly Decoded<typeof resourceFields>[]): FieldError[] {
  if (list.length === 0) return [requiredField("resources", "at least one resources is required")];
  const kmsNames = new Set<string>();
  return list.flatMap(({ resources = [], providers = [] }, index) => {
    const at = `resources[${index}]`;
    const errors: FieldError[] = [];
    const needed = (name: string) => requiredField(`${at}.${name}`, `at least one ${at}.${name} is required`);
    if (resources.length === 0) errors.push(needed("resources"));
    errors.push(...overlapErrors(resources, `${at}.resources`));
    errors.push(...resources.flatMap((_, place) => nameErrors(resources, place, `${at}.resources[${place}]`)));
    if (providers.length === 0) errors.push(needed("providers"));
    for (const [place, provider] of providers.entries()) {
      errors.push(...providerErrors(provider, `${at}.providers[${place}]`, kmsNames));
    }
    return errors;
  });
}

function providerErrors(provider: ProviderConfiguration, path: string, kmsNames: Set<string>): FieldError[] {
  const kinds = Object.keys(provider);
  const shown = kinds.join(",");
  if (kinds.length === 0) {
    const expected = "KMS, AESGCM, AESCBC, Secretbox, Identity";
    return [invalidField(path, shown, `provider does not contain any of the expected providers: ${expected}`)];
  }
  const split = "more than one provider specified in a single element, should split into different list elements";
  if (kinds.length > 1) return [invalidField(path, shown, split)];
  if (provider.kms) return kmsErrors(provider.kms, `${path}.kms`, kmsNames);
  return keyedKinds.flatMap((kind) => {
    const configured = provider[kind];
    return configured ? keysErrors(configured, `${path}.${kind}.keys`, keyBytes[kind]) : [];
  });
}

function keysErrors({ keys = [] }: KeysConfiguration, path: string, expected: readonly number[]): FieldError[] {
  if (keys.length === 0) return [requiredField(path, "at least one keys is required")];
  return keys.flatMap(({ name = "", secret = "" }, index) => {
    const at = `${path}[${index}]`;
    const errors = name === "" ? [requiredField(`${at}.name`, "name is a mandatory field for a key")] : [];
    if (secret === "") return [...errors, requiredField(`${at}.secret`, "secret is a mandatory field for a key")];
    const bytes = Buffer.from(secret, "base64");
    const isBase64 = bytes.toString("base64") === secret;
    if (!isBase64) return [...errors, invalidField(`${at}.secret`, "REDACTED", "secrets must be base64 encoded")];
    if (expected.includes(bytes.length)) return errors;
    const detail = `secret is not of the expected length, got ${bytes.length}, expected one of [${expected.join(" ")}]`;
    return [...errors, invalidField(`${at}.secret`, "REDACTED", detail)];
  });
}

const kmsV1Gone =
  "KMSv1 is deprecated and will only receive security updates going forward. Use KMSv2 instead.  " +
  "Set --feature-gates=KMSv1=true to use the deprecated KMSv1 feature.";

function kmsErrors(kms: Decoded<typeof kmsFields>, path: string, names: Set<string>): FieldError[] {
  const { apiVersion = "v1", name = "", cachesize, endpoint = "", timeout = defaultKmsTimeoutMs } = kms;
  const errors: FieldError[] = [];
  const invalid = (field: string, value: unknown, detail: string) =>
    errors.push(invalidField(`${path}.${field}`, value, detail));
  if (name === "") errors.push(requiredField(`${path}.name`, "name is a mandatory field for a provider"));
  if (name.includes(":")) invalid("name", name, `invalid KMS provider name ${name}, must not contain ':'`);
  if (names.has(name)) invalid("name", name, `duplicate KMS provider name ${name}, names must be unique`);
  names.add(name);
  if (timeout <= 0) invalid("timeout", `${timeout / 1000}s`, "timeout should be a positive value");
  errors.push(...endpointErrors(endpoint, `${path}.endpoint`));
  if (cachesize !== undefined && apiVersion !== "v1")
    invalid("cachesize", cachesize, "cachesize is not supported in v2");
  if (apiVersion === "v1") invalid("apiVersion", apiVersion, kmsV1Gone);
  else if (apiVersion !== "v2") {
    invalid(
      "apiVersion",
      apiVersion,
      "unsupported apiVersion apiVersion for KMS provider, only v1 and v2 are supported",
    );
  }
  return errors;
}

function endpointErrors(endpoint: string, path: string): FieldError[] {
  if (endpoint === "") return [invalidField(path, "", "endpoint is a mandatory field for a kms")];
  const scheme = /^([a-zA-Z][a-zA-Z0-9+.-]*):/.exec(endpoint)?.[1]?.toLowerCase() ?? "";
  if (scheme === "unix") return [];
  return [
    invalidField(path, endpoint, `unsupported scheme ${goQuote(scheme)} for KMS provider, only unix is supported`),
  ];
}

interface GroupResource {
  readonly resource: string;
  readonly group: string;
}

/** `deployments.apps` is resource and group; what has no dot is of the core group. */
export function groupResource(text: string): GroupResource {
  const dot = text.indexOf(".");
  return dot < 0 ? { resource: text, group: "" } : { resource: text.slice(0, dot), group: text.slice(dot + 1) };
}

function overlapErrors(resources: readonly string[], path: string): FieldError[] {
  const parsed = resources.map(groupResource);
  const errors: FieldError[] = [];
  const pairs = parsed.flatMap((left, index) => parsed.slice(index + 1).map((right) => [left, right] as const));
  const same = pairs.some(([left, right]) => left.resource === right.resource && left.group === right.group);
  if (same) errors.push(invalidField(path, resources, "the same resource cannot be specified multiple times"));
  const overlap =
    "using overlapping resources such as 'secrets' and '*.' in the same resource list is not allowed as they will be masked";
  if (pairs.some(([left, right]) => doOverlap(left, right))) errors.push(invalidField(path, resources, overlap));
  return errors;
}

function doOverlap(left: GroupResource, right: GroupResource): boolean {
  const isAll = ({ resource, group }: GroupResource) => resource === "*" && group === "*";
  const isSame = left.resource === right.resource && left.group === right.group;
  if (isSame) return false;
  if (isAll(left) || isAll(right)) return true;
  return left.group === right.group && (left.resource === "*" || right.resource === "*");
}

const internalRecords = new Set(["apiserveripinfo", "serviceipallocations", "servicenodeportallocations"]);

function nameErrors(resources: readonly string[], place: number, path: string): FieldError[] {
  const text = resources[place] ?? "";
  const { resource, group } = groupResource(text);
  const refused = (detail: string) => [invalidField(path, text, detail)];
  if (text !== text.toLowerCase()) return refused("resource name should not contain capital letters");
  if (text === "*") {
    return refused("use '*.' to encrypt all the resources from core API group or *.* to encrypt all resources");
  }
  if (internalRecords.has(text)) return refused("resources which do not have REST API/s cannot be encrypted");
  if (group === "events.k8s.io") {
    const instead = "Use 'events' instead in the config file";
    return refused(`'*.events.k8s.io' objects are stored using the 'events' API group in etcd. ${instead}`);
  }
  if (group === "extensions") return refused("'extensions' group has been removed and cannot be used for encryption");
  if (group === "*" && resource !== "*") return refused("encrypting the same resource across groups is not supported");
  return [];
}
