import { booleanField, integerField, objectField, stringField } from "@kube-ts/std/config-schema";
import type { PluginConfigKind } from "../plugin-configuration.ts";

/** How a webhook is asked about images. */
export interface ImagePolicyConfiguration {
  /** A kubeconfig that names the webhook's server; as the file has it, so perhaps relative. */
  readonly kubeconfigFile: string;
  /** How long an answer is believed; 0 for not at all. */
  readonly allowTtlMs: number;
  readonly denyTtlMs: number;
  readonly retryBackoffMs: number;
  /** Lets pods in while the webhook cannot be asked. */
  readonly defaultAllow: boolean;
}

const second = 1000;
const minute = 60 * second;
const ttlRange = { least: second, most: 30 * minute };
const backoffRange = { least: 1, most: 5 * minute };

/** The configuration of former times, which has no kind: `imagePolicy`. */
export const imagePolicyKind: PluginConfigKind<ImagePolicyConfiguration> = {
  schema: objectField({
    imagePolicy: objectField({
      kubeConfigFile: stringField(),
      allowTTL: integerField(),
      denyTTL: integerField(),
      retryBackoff: integerField(),
      defaultAllow: booleanField(),
    }),
  }),
  build: (decoded) => {
    const { imagePolicy = {} } = decoded as {
      readonly imagePolicy?: {
        readonly kubeConfigFile?: string;
        readonly allowTTL?: number;
        readonly denyTTL?: number;
        readonly retryBackoff?: number;
        readonly defaultAllow?: boolean;
      };
    };
    const { kubeConfigFile = "", allowTTL, denyTTL, retryBackoff, defaultAllow = false } = imagePolicy;
    if (kubeConfigFile === "") throw new Error("imagePolicy.kubeConfigFile: Required value");
    return {
      kubeconfigFile: kubeConfigFile,
      allowTtlMs: duration("allow cache TTL", allowTTL, second, ttlRange, 5 * minute),
      denyTtlMs: duration("deny cache TTL", denyTTL, second, ttlRange, 30 * second),
      retryBackoffMs: duration("backoff", retryBackoff, 1, backoffRange, 500),
      defaultAllow,
    };
  },
};

/** 0 stands for the default, -1 for none at all. */
function duration(
  name: string,
  value: number | undefined,
  unitMs: number,
  { least, most }: { readonly least: number; readonly most: number },
  fallback: number,
): number {
  if (value === undefined || value === 0) return fallback;
  if (value === -1) return 0;
  const ms = value * unitMs;
  if (ms >= least && ms <= most) return ms;
  throw new Error(`imagePolicy: ${name}: valid value is between ${least}ms and ${most}ms, got ${ms}ms`);
}
