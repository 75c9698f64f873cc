import { readFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { type ClientConfig, clientConfigFromFile } from "@kube-ts/client/client-config";
import { type Kubeconfig, loadKubeconfigFile } from "@kube-ts/client/kubeconfig";
import {
  type Decoded,
  type FieldProblem,
  isRecord,
  jsonField,
  listField,
  objectField,
  stringField,
} from "@kube-ts/std/config-schema";
import { parseYaml } from "@kube-ts/std/yaml";
import { type EventLimit, eventRateLimitKind } from "../admission/event-rate-limit/event-rate-limit-configuration.ts";
import {
  type ImagePolicyConfiguration,
  imagePolicyKind,
} from "../admission/image-policy/image-policy-configuration.ts";
import { type PluginConfigKind, readPluginConfig } from "../admission/plugin-configuration.ts";
import { isPluginName } from "../admission/plugin-names.ts";
import { type NodeSelectors, podNodeSelectorKind } from "../admission/pod-node-selector.ts";
import {
  type PodSecurityConfiguration,
  podSecurityKind,
} from "../admission/pod-security/pod-security-configuration.ts";
import { type TolerationLimits, podTolerationRestrictionKind } from "../admission/pod-toleration-restriction.ts";
import type { LimitedResource } from "../admission/quota/limited-resources.ts";
import { legacyResourceQuotaKind, resourceQuotaKind } from "../admission/quota/quota-configuration.ts";
import { webhookAdmissionKind } from "../admission/webhooks/webhook-admission-configuration.ts";

/** How the plugins of the server are configured; absent for those that are not. */
export interface PluginConfigurations {
  readonly podSecurity?: PodSecurityConfiguration;
  readonly limitedResources?: readonly LimitedResource[];
  readonly eventLimits?: readonly EventLimit[];
  readonly nodeSelectors?: NodeSelectors;
  readonly tolerations?: TolerationLimits;
  readonly imagePolicy?: ImagePolicyConfiguration & { readonly backend: ClientConfig };
  /** Kubeconfigs whose users the server is to webhooks. */
  readonly mutatingWebhooks?: Kubeconfig;
  readonly validatingWebhooks?: Kubeconfig;
}

const pluginFields = objectField({ name: stringField(), path: stringField(), configuration: jsonField() });
const fields = objectField({ plugins: listField(pluginFields) });

const versions = ["apiserver.config.k8s.io/v1", "apiserver.k8s.io/v1alpha1"];
const kind = "AdmissionConfiguration";

interface PluginDocument {
  readonly plugin: string;
  readonly document: unknown;
  /** Where relative paths in it begin. */
  readonly directory: string;
}

/**
 * Reads the file of `--admission-control-config-file` and all files that it names. Throws an Error that names what is
 * wrong; what a plugin is told in vain counts as wrong, too.
 */
export async function loadAdmissionConfiguration(path: string): Promise<PluginConfigurations> {
  let configurations: PluginConfigurations = {};
  for (const document of await pluginDocuments(path)) {
    configurations = { ...configurations, ...(await configurationOf(document)) };
  }
  return configurations;
}

async function pluginDocuments(path: string): Promise<PluginDocument[]> {
  const document = await readYaml(path, "unable to read admission control configuration from");
  const directory = dirname(resolve(path));
  const legacy = legacyPlugins(document);
  if (legacy.length > 0) return legacy.map((plugin) => ({ plugin, document, directory }));
  const { plugins = [] } = decodeConfiguration(document);
  const seen = new Set<string>();
  return Promise.all(
    plugins.map(async ({ name = "", path: file = "", configuration }) => {
      if (!isPluginName(name)) throw new Error(`admission plugin ${JSON.stringify(name)} is unknown`);
      if (seen.has(name)) throw new Error(`admission plugin ${JSON.stringify(name)} is configured twice`);
      seen.add(name);
      if (configuration !== undefined) return { plugin: name, document: configuration, directory };
      if (file === "") return { plugin: name, document: undefined, directory };
      const absolute = resolve(directory, file);
      const read = await readYaml(absolute, `unable to read the configuration of ${name} from`);
      return { plugin: name, document: read, directory: dirname(absolute) };
    }),
  );
}

function decodeConfiguration(document: unknown): Decoded<typeof fields> {
  if (!isRecord(document)) throw new Error("the document must be an object");
  const { apiVersion, kind: given, ...rest } = document;
  if (typeof given !== "string" || given === "") throw new Error("Object 'Kind' is missing");
  if (typeof apiVersion !== "string" || apiVersion === "") throw new Error("Object 'apiVersion' is missing");
  if (given !== kind || !versions.includes(apiVersion)) {
    const expected = `expected ${kind} of ${versions[0]}`;
    throw new Error(
      `no kind ${JSON.stringify(given)} is registered for version ${JSON.stringify(apiVersion)}: ${expected}`,
    );
  }
  const problems: FieldProblem[] = [];
  const decoded = fields.decode(rest, "", problems);
  if (decoded && problems.length === 0) return decoded;
  throw new Error(`strict decoding error: ${problems.map(({ message }) => message).join(", ")}`);
}

/** Files of former times are the configuration of a single plugin. */
function legacyPlugins(document: unknown): string[] {
  if (!isRecord(document) || "kind" in document) return [];
  return [
    ...("imagePolicy" in document ? ["ImagePolicyWebhook"] : []),
    ...("podNodeSelectorPluginConfig" in document ? ["PodNodeSelector"] : []),
  ];
}

async function configurationOf({ plugin, document, directory }: PluginDocument): Promise<PluginConfigurations> {
  if (document === undefined) return {};
  const read = <T>(of: PluginConfigKind<T>) => readPluginConfig(plugin, of, document);
  switch (plugin) {
    case "PodSecurity":
      return { podSecurity: read(podSecurityKind) };
    case "ResourceQuota":
      return { limitedResources: read(isLegacyQuota(document) ? legacyResourceQuotaKind : resourceQuotaKind) };
    case "EventRateLimit":
      return { eventLimits: read(eventRateLimitKind) };
    case "PodNodeSelector":
      return { nodeSelectors: read(podNodeSelectorKind) };
    case "PodTolerationRestriction":
      return { tolerations: read(podTolerationRestrictionKind) };
    case "ImagePolicyWebhook": {
      const config = read(imagePolicyKind);
      const backend = await clientConfigFromFile(resolve(directory, config.kubeconfigFile));
      return { imagePolicy: { ...config, backend } };
    }
    case "MutatingAdmissionWebhook":
      return webhooks("mutatingWebhooks", read(webhookAdmissionKind));
    case "ValidatingAdmissionWebhook":
      return webhooks("validatingWebhooks", read(webhookAdmissionKind));
    default:
      throw new Error(`admission plugin ${JSON.stringify(plugin)} takes no configuration`);
  }
}

async function webhooks(
  which: "mutatingWebhooks" | "validatingWebhooks",
  kubeconfigFile: string,
): Promise<PluginConfigurations> {
  return kubeconfigFile === "" ? {} : { [which]: await loadKubeconfigFile(kubeconfigFile) };
}

function isLegacyQuota(document: unknown): boolean {
  return isRecord(document) && document["kind"] === legacyResourceQuotaKind.kind;
}

async function readYaml(path: string, failure: string): Promise<unknown> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    const problem = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${failure} ${JSON.stringify(path)} [${problem}]`, { cause });
  });
  return parseYaml(text, { strict: true });
}
