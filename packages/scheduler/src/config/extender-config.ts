import {
  booleanField,
  type Decoded,
  durationField,
  integerField,
  listField,
  objectField,
  stringField,
} from "@kube-ts/std/config-schema";

/** An element of `extenders` of a KubeSchedulerConfiguration. */
export const extenderField = objectField({
  urlPrefix: stringField(),
  filterVerb: stringField(),
  preemptVerb: stringField(),
  prioritizeVerb: stringField(),
  weight: integerField(),
  bindVerb: stringField(),
  enableHTTPS: booleanField(),
  tlsConfig: objectField({
    insecure: booleanField(),
    serverName: stringField(),
    certFile: stringField(),
    keyFile: stringField(),
    caFile: stringField(),
    certData: stringField(),
    keyData: stringField(),
    caData: stringField(),
  }),
  httpTimeout: durationField(),
  nodeCacheCapable: booleanField(),
  managedResources: listField(objectField({ name: stringField(), ignoredByScheduler: booleanField() })),
  ignorable: booleanField(),
});

export type ExtenderFile = Decoded<typeof extenderField>;

export interface ExtenderConfig {
  readonly urlPrefix: string;
  /** The verbs are appended to the prefix; an empty one is not called. */
  readonly filterVerb: string;
  readonly prioritizeVerb: string;
  readonly bindVerb: string;
  readonly weight: number;
  readonly enableHTTPS: boolean;
  readonly tls: NonNullable<ExtenderFile["tlsConfig"]>;
  readonly timeoutMs: number;
  /** It knows the nodes: their names are enough. */
  readonly nodeCacheCapable: boolean;
  /** It is asked about pods that want one of these; about all pods where there are none. */
  readonly managedResources: ReadonlySet<string>;
  /** Resources that it alone counts. */
  readonly ignoredResources: readonly string[];
  /** Pods are scheduled without it where it fails. */
  readonly ignorable: boolean;
}

/** An extender that cannot be. The message starts with the field's path. */
export class ExtenderConfigError extends Error {
  constructor(path: string, message: string) {
    super(`${path}: ${message}`);
    this.name = "ExtenderConfigError";
  }
}

const defaultTimeoutMs = 5_000;

export function extenderConfigs(written: readonly ExtenderFile[]): ExtenderConfig[] {
  const configs = written.map(extenderConfig);
  const binders = configs.filter(({ bindVerb }) => bindVerb !== "").length;
  if (binders > 1) {
    const found = `Invalid value: "found ${binders} extenders implementing bind"`;
    throw new ExtenderConfigError("extenders", `${found}: only one extender can implement bind`);
  }
  const managed = new Set<string>();
  for (const [index, { managedResources = [] }] of written.entries()) {
    for (const { name = "" } of managedResources) {
      if (!managed.has(name)) managed.add(name);
      else {
        const problem = `Invalid value: ${JSON.stringify(name)}: duplicate extender managed resource name`;
        throw new ExtenderConfigError(`extenders[${index}].managedResources`, problem);
      }
    }
  }
  return configs;
}

function extenderConfig(file: ExtenderFile, index: number): ExtenderConfig {
  const path = `extenders[${index}]`;
  const { urlPrefix = "", prioritizeVerb = "", weight = 0, managedResources = [] } = file;
  if (!URL.canParse(urlPrefix)) throw new ExtenderConfigError(`${path}.urlPrefix`, "Required value: must be a URL");
  if (prioritizeVerb !== "" && weight <= 0) {
    throw new ExtenderConfigError(
      `${path}.weight`,
      `Invalid value: ${weight}: must have a positive weight applied to it`,
    );
  }
  if (file.preemptVerb) {
    throw new ExtenderConfigError(`${path}.preemptVerb`, "Forbidden: preemption does not ask extenders here");
  }
  const names = managedResources.map(({ name = "" }) => name);
  if (names.includes("")) throw new ExtenderConfigError(`${path}.managedResources`, "Required value: name");
  return {
    urlPrefix,
    filterVerb: file.filterVerb ?? "",
    prioritizeVerb,
    bindVerb: file.bindVerb ?? "",
    weight,
    enableHTTPS: file.enableHTTPS ?? false,
    tls: file.tlsConfig ?? {},
    timeoutMs: file.httpTimeout || defaultTimeoutMs,
    nodeCacheCapable: file.nodeCacheCapable ?? false,
    managedResources: new Set(names),
    ignoredResources: managedResources.flatMap(({ name, ignoredByScheduler }) =>
      ignoredByScheduler && name ? [name] : [],
    ),
    ignorable: file.ignorable ?? false,
  };
}
