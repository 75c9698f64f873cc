/** A plugin's part of a network list, with whatever else the plugin understands. */
export interface PluginConfig {
  readonly type: string;
  readonly capabilities?: Readonly<Record<string, boolean>>;
  readonly [field: string]: unknown;
}

/** A CNI network configuration list: the plugins run one after another. */
export interface NetworkList {
  readonly cniVersion: string;
  readonly name: string;
  readonly disableCheck: boolean;
  readonly plugins: readonly PluginConfig[];
}

/** A network configuration that cannot be used; says which file and why. */
export class NetworkConfigError extends Error {
  override readonly name = "NetworkConfigError";
}

const supportedVersions = ["0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0"];
const namePattern = /^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/;
const typePattern = /^[^/\0]+$/;
const configSuffixes = [".conf", ".conflist", ".json"];

/** Whether a file name is one of a network configuration. */
export function isConfigFile(fileName: string): boolean {
  return configSuffixes.some((suffix) => fileName.endsWith(suffix));
}

/** Reads a list, or a single plugin's configuration as a list of one. Throws NetworkConfigError. */
export function parseNetworkList(text: string, fileName: string): NetworkList {
  const fail = (why: string): never => {
    throw new NetworkConfigError(`${fileName}: ${why}`);
  };
  let value: Record<string, unknown>;
  try {
    value = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new NetworkConfigError(`${fileName}: ${String(cause)}`, { cause });
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return fail("not an object");
  const cniVersion = value["cniVersion"] ?? "0.3.1";
  if (typeof cniVersion !== "string" || !supportedVersions.includes(cniVersion)) {
    return fail(`cniVersion ${JSON.stringify(cniVersion)} is not supported`);
  }
  const { name, plugins } = value;
  if (typeof name !== "string" || !namePattern.test(name)) return fail("no valid network name");
  const isList = plugins !== undefined;
  const configs = isList ? plugins : [value];
  if (!Array.isArray(configs) || configs.length === 0) return fail("no plugins");
  for (const config of configs as unknown[]) {
    const type = (config as Partial<PluginConfig> | null)?.type;
    if (typeof type !== "string" || !typePattern.test(type)) return fail("a plugin has no type");
  }
  const disableCheck = value["disableCheck"] === true || value["disableCheck"] === "true";
  return { cniVersion, name, disableCheck, plugins: configs as PluginConfig[] };
}

/** Values for capabilities that plugins may declare. */
export interface CapabilityValues {
  readonly [capability: string]: unknown;
}

/** What a plugin reads on its standard input: its own fields, the network's, and the values of its capabilities. */
export function pluginInput(
  list: NetworkList,
  plugin: PluginConfig,
  values: CapabilityValues,
  prevResult: unknown,
): Record<string, unknown> {
  const runtimeConfig = Object.fromEntries(
    Object.entries(plugin.capabilities ?? {})
      .filter(([capability, wanted]) => wanted && values[capability] !== undefined)
      .map(([capability]) => [capability, values[capability]]),
  );
  const { capabilities: _declared, ...fields } = plugin;
  return {
    ...fields,
    name: list.name,
    cniVersion: list.cniVersion,
    ...(prevResult === undefined ? {} : { prevResult }),
    ...(Object.keys(runtimeConfig).length === 0 ? {} : { runtimeConfig }),
  };
}

/** Whether plugins of this version know CHECK and read the previous result on DEL. */
export function hasCheck(cniVersion: string): boolean {
  return !cniVersion.startsWith("0.3.");
}
