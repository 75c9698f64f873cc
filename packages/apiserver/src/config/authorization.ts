import { statSync } from "node:fs";
import { aggregateFieldErrors } from "@kube-ts/api/field-error";
import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { type AbacPolicy, parsePolicies } from "../auth/abac/abac-policy.ts";
import { decodeAuthorizationConfiguration } from "../auth/authorization-configuration.ts";
import { parseAuthorizationModes } from "../auth/authorization.ts";
import {
  type AuthorizationMode,
  type CompiledAuthorizer,
  compileAuthorization,
} from "../auth/compile-authorization.ts";
import { parsedFlag, readFlagFile, readOptionalFile } from "./flag-files.ts";

/** Who may do what. */
export const authorizationFlags = defineFlags({
  "authorization-mode": {
    type: "stringList",
    default: [],
    description:
      "authorizers in order: Node, RBAC, ABAC, Webhook, AlwaysAllow, AlwaysDeny; AlwaysAllow where neither this nor " +
      "--authorization-config is given",
  },
  "authorization-config": {
    type: "string",
    default: "",
    description: "file with an AuthorizationConfiguration, read again when it changes; takes the place of the mode",
  },
  "authorization-policy-file": {
    type: "string",
    default: "",
    description: "file with a policy as JSON on each line, for mode ABAC",
  },
  "authorization-webhook-config-file": {
    type: "string",
    default: "",
    description: "kubeconfig that says how to reach the webhook of mode Webhook",
  },
  "authorization-webhook-version": {
    type: "string",
    default: "v1beta1",
    description: "version of the SubjectAccessReviews that the webhook is sent: v1 or v1beta1",
  },
  "authorization-webhook-cache-authorized-ttl": {
    type: "duration",
    default: 300_000,
    description: "how long the webhook's permissions are remembered",
  },
  "authorization-webhook-cache-unauthorized-ttl": {
    type: "duration",
    default: 30_000,
    description: "how long the webhook's refusals are remembered",
  },
});

export interface AuthorizationConfig {
  /** In order; as they are at start where a file may change them. */
  readonly authorizers: readonly CompiledAuthorizer[];
  readonly modes: readonly AuthorizationMode[];
  /** Where the authorizers are configured, if in a file. */
  readonly file: { readonly path: string; readonly content: string } | undefined;
  /** What ABAC goes by; undefined without it. */
  readonly policies: readonly AbacPolicy[] | undefined;
}

type Values = FlagValues<typeof authorizationFlags>;

const webhookTimeoutMs = 30_000;

/** Throws a FlagError. */
export async function authorizationConfig(values: Values): Promise<AuthorizationConfig> {
  const path = values["authorization-config"];
  const file = path === "" ? undefined : { path, content: String(await readFlagFile("authorization-config", path)) };
  if (file) refuseOtherFlags(values);
  const authorizers = file
    ? parsedFlag("authorization-config", () => authorizersOfFile(file.content, file.path))
    : authorizersOfFlags(values);
  const modes = [...new Set(authorizers.map(({ type }) => type))];
  return { authorizers, modes, file, policies: await policiesOf(values, modes) };
}

/** The authorizers of an `--authorization-config`. Throws an Error that says what is wrong with it. */
export function authorizersOfFile(content: string, path: string): readonly CompiledAuthorizer[] {
  const { authorizers, errors } = compileAuthorization(decodeAuthorizationConfiguration(content, path), fileProblem);
  if (errors.length > 0) throw new Error(aggregateFieldErrors(errors));
  return authorizers;
}

function fileProblem(path: string): string | undefined {
  try {
    return statSync(path).isFile() ? undefined : "must be a regular file";
  } catch (error) {
    return `error loading file: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function refuseOtherFlags(values: Values): void {
  const { default: version } = authorizationFlags["authorization-webhook-version"];
  const others =
    values["authorization-mode"].length > 0 ||
    values["authorization-webhook-config-file"] !== "" ||
    values["authorization-webhook-version"] !== version;
  if (!others) return;
  const message =
    "--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined";
  throw new FlagError("authorization-config", message);
}

function authorizersOfFlags(values: Values): readonly CompiledAuthorizer[] {
  const given = values["authorization-mode"];
  const modes = parsedFlag("authorization-mode", () =>
    parseAuthorizationModes(given.length > 0 ? given : ["AlwaysAllow"]),
  );
  const kubeconfigFile = values["authorization-webhook-config-file"];
  const flag = "authorization-webhook-config-file";
  if (modes.includes("Webhook") && kubeconfigFile === "") {
    throw new FlagError(flag, "authorization-mode Webhook's authorization config file not passed");
  }
  if (!modes.includes("Webhook") && kubeconfigFile !== "") {
    throw new FlagError(flag, "cannot specify --authorization-webhook-config-file without mode Webhook");
  }
  return modes.map((type) =>
    type === "Webhook"
      ? { type, name: "default", webhook: webhookOfFlags(values, kubeconfigFile) }
      : { type, name: type.toLowerCase() },
  );
}

function webhookOfFlags(values: Values, kubeconfigFile: string) {
  const version = values["authorization-webhook-version"];
  if (version !== "v1" && version !== "v1beta1") {
    const message = `unsupported webhook authorizer version "${version}", supported versions are "v1", "v1beta1"`;
    throw new FlagError("authorization-webhook-version", message);
  }
  return {
    timeoutMs: webhookTimeoutMs,
    authorizedMs: values["authorization-webhook-cache-authorized-ttl"],
    unauthorizedMs: values["authorization-webhook-cache-unauthorized-ttl"],
    version,
    failurePolicy: "NoOpinion",
    kubeconfigFile,
    matchConditions: [],
  } as const;
}

async function policiesOf(
  values: Values,
  modes: readonly AuthorizationMode[],
): Promise<readonly AbacPolicy[] | undefined> {
  const flag = "authorization-policy-file";
  const file = values[flag];
  if (!modes.includes("ABAC")) {
    if (file !== "") throw new FlagError(flag, "cannot specify --authorization-policy-file without mode ABAC");
    return undefined;
  }
  if (file === "") throw new FlagError(flag, "authorization-mode ABAC's authorization policy file not passed");
  const content = String((await readOptionalFile(flag, file)) ?? "");
  return parsedFlag(flag, () => parsePolicies(content, file));
}
