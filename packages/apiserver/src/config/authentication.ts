import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import type { AnonymousPolicy } from "../auth/authentication.ts";
import type { AnonymousConfig } from "../auth/jwt/authentication-configuration.ts";
import type { CompiledAuthenticator } from "../auth/jwt/compile-authentication.ts";
import { signingAlgorithms } from "../auth/jwt/jwt-authenticators.ts";
import { parseCertificates } from "../auth/x509/trusted-chain.ts";
import type { RequestHeaderConfig } from "../bootstrap/authentication-config-map.ts";
import { parsedFlag, readFlagFile, readOptionalFile } from "./flag-files.ts";
import { hasOidcFlags, oidcAuthenticator, oidcFlags } from "./oidc.ts";
import { anonymousPolicy, compiledAuthenticators, structuredAuthentication } from "./structured-authentication.ts";

/** Who is let in, and as whom. */
export const authenticationFlags = defineFlags({
  "client-ca-file": {
    type: "string",
    default: "",
    description: "PEM file of authorities whose client certificates authenticate requests",
  },
  "anonymous-auth": {
    type: "boolean",
    description:
      "let requests without credentials through as system:anonymous; on unless --authentication-config differs",
  },
  "authentication-config": {
    type: "string",
    default: "",
    description: "file with an AuthenticationConfiguration; the issuers in it are read again when it changes",
  },
  "authentication-token-webhook-config-file": {
    type: "string",
    default: "",
    description: "kubeconfig that says how to reach a webhook that knows whose bearer tokens are",
  },
  "authentication-token-webhook-version": {
    type: "string",
    default: "v1beta1",
    description: "version of the TokenReviews that the webhook is sent: v1 or v1beta1",
  },
  "authentication-token-webhook-cache-ttl": {
    type: "duration",
    default: 120_000,
    description: "how long the webhook's answers are remembered",
  },
  ...oidcFlags,
  "token-auth-file": { type: "string", default: "", description: "CSV file of static bearer tokens" },
  "enable-bootstrap-token-auth": {
    type: "boolean",
    default: false,
    description: "accept bootstrap tokens, which are secrets in kube-system, for TLS bootstrapping",
  },
  "requestheader-client-ca-file": {
    type: "string",
    default: "",
    description: "PEM file of the authorities of front proxies, whose headers name the user",
  },
  "requestheader-allowed-names": {
    type: "stringList",
    default: [],
    description: "common names of front proxies' certificates; any if unset",
  },
  "requestheader-username-headers": {
    type: "stringList",
    default: ["x-remote-user"],
    description: "headers in which front proxies name the user",
  },
  "requestheader-uid-headers": {
    type: "stringList",
    default: [],
    description: "headers in which front proxies give the user's uid",
  },
  "requestheader-group-headers": {
    type: "stringList",
    default: ["x-remote-group"],
    description: "headers in which front proxies give the user's groups",
  },
  "requestheader-extra-headers-prefix": {
    type: "stringList",
    default: ["x-remote-extra-"],
    description: "prefixes of headers in which front proxies say more about the user",
  },
});

export interface AuthenticationConfig {
  /** The `--client-ca-file`; empty without one. */
  readonly clientCaPem: string;
  /** Files of authorities that are followed; empty for none. */
  readonly authorityFiles: { readonly client: string; readonly requestHeader: string };
  readonly anonymous: AnonymousPolicy;
  /** The content of the static token file; undefined without one. */
  readonly staticTokens: string | undefined;
  readonly bootstrapTokens: boolean;
  /** How front proxies name users; undefined where none are trusted. */
  readonly requestHeader: RequestHeaderConfig | undefined;
  readonly jwt: JwtConfig;
  readonly tokenWebhook: TokenWebhookConfig | undefined;
}

/** Issuers of signed tokens. */
export interface JwtConfig {
  readonly authenticators: readonly CompiledAuthenticator[];
  readonly algorithms: readonly string[];
  /** Where they are configured, if in a file. */
  readonly file: { readonly path: string; readonly content: string } | undefined;
  /** What the file says of anonymous requests, which only a start can change. */
  readonly anonymous: AnonymousConfig | undefined;
}

/** A webhook that knows whose tokens are. */
export interface TokenWebhookConfig {
  readonly kubeconfigFile: string;
  readonly version: string;
  readonly cacheMs: number;
}

type Values = FlagValues<typeof authenticationFlags>;

/** Throws a FlagError. */
export async function authenticationConfig(
  values: Values & { readonly "service-account-issuer": readonly string[] },
): Promise<AuthenticationConfig> {
  const jwt = await jwtConfig(values, values["service-account-issuer"]);
  return {
    clientCaPem: String((await readOptionalFile("client-ca-file", values["client-ca-file"])) ?? ""),
    authorityFiles: { client: values["client-ca-file"], requestHeader: values["requestheader-client-ca-file"] },
    anonymous: anonymous(values, jwt),
    staticTokens: (await readOptionalFile("token-auth-file", values["token-auth-file"]))?.toString(),
    bootstrapTokens: values["enable-bootstrap-token-auth"],
    requestHeader: await requestHeaderConfig(values),
    jwt,
    tokenWebhook: tokenWebhook(values),
  };
}

async function jwtConfig(values: Values, ownIssuers: readonly string[]): Promise<JwtConfig> {
  const flag = "authentication-config";
  const path = values[flag];
  if (path !== "") {
    if (hasOidcFlags(values)) {
      throw new FlagError(flag, "authentication-config file and oidc-* flags are mutually exclusive");
    }
    const content = String(await readFlagFile(flag, path));
    const structured = parsedFlag(flag, () => structuredAuthentication(content, path, ownIssuers));
    return { ...structured, algorithms: signingAlgorithms, file: { path, content } };
  }
  const oidc = await oidcAuthenticator(values);
  const authenticators = parsedFlag("oidc-issuer-url", () =>
    compiledAuthenticators(oidc ? { jwt: [oidc] } : {}, ownIssuers),
  );
  return { authenticators, algorithms: values["oidc-signing-algs"], file: undefined, anonymous: undefined };
}

function anonymous(values: Values, { anonymous: configured }: JwtConfig): AnonymousPolicy {
  const flag = "anonymous-auth";
  const given = values[flag];
  if (!configured) return { isAllowed: given ?? true };
  if (given === undefined) return anonymousPolicy(configured);
  const message =
    "--anonymous-auth flag cannot be set when anonymous field is configured in authentication configuration file";
  throw new FlagError(flag, message);
}

function tokenWebhook(values: Values): TokenWebhookConfig | undefined {
  const kubeconfigFile = values["authentication-token-webhook-config-file"];
  if (kubeconfigFile === "") return undefined;
  const version = values["authentication-token-webhook-version"];
  if (version !== "v1" && version !== "v1beta1") {
    const message = `unsupported webhook authenticator version "${version}", supported versions are "v1", "v1beta1"`;
    throw new FlagError("authentication-token-webhook-version", message);
  }
  return { kubeconfigFile, version, cacheMs: values["authentication-token-webhook-cache-ttl"] };
}

async function requestHeaderConfig(values: Values): Promise<RequestHeaderConfig | undefined> {
  const flag = "requestheader-client-ca-file";
  const file = values[flag];
  if (file === "") return undefined;
  const caPem = (await readFlagFile(flag, file)).toString();
  if (parseCertificates(caPem).length === 0) throw new FlagError(flag, `--${flag}: ${file} has no certificate in it`);
  return {
    caPem,
    allowedNames: values["requestheader-allowed-names"].filter((name) => name !== ""),
    usernameHeaders: values["requestheader-username-headers"],
    uidHeaders: values["requestheader-uid-headers"],
    groupHeaders: values["requestheader-group-headers"],
    extraHeaderPrefixes: values["requestheader-extra-headers-prefix"],
  };
}
