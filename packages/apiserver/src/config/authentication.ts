import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { parseCertificates } from "../auth/x509/trusted-chain.ts";
import type { RequestHeaderConfig } from "../bootstrap/authentication-config-map.ts";
import { readFlagFile, readOptionalFile } from "./flag-files.ts";

/** Who is let in, and as whom. */
export const authenticationFlags = defineFlags({
  "client-ca-file": {
    type: "string",
    default: "",
    description: "PEM file of authorities whose client certificates authenticate requests",
  },
  "anonymous-auth": {
    type: "boolean",
    default: true,
    description: "let requests without credentials through as system:anonymous",
  },
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
  readonly anonymous: boolean;
  /** The content of the static token file; undefined without one. */
  readonly staticTokens: string | undefined;
  readonly bootstrapTokens: boolean;
  /** How front proxies name users; undefined where none are trusted. */
  readonly requestHeader: RequestHeaderConfig | undefined;
}

type Values = FlagValues<typeof authenticationFlags>;

/** Throws a FlagError. */
export async function authenticationConfig(values: Values): Promise<AuthenticationConfig> {
  return {
    clientCaPem: String((await readOptionalFile("client-ca-file", values["client-ca-file"])) ?? ""),
    anonymous: values["anonymous-auth"],
    staticTokens: (await readOptionalFile("token-auth-file", values["token-auth-file"]))?.toString(),
    bootstrapTokens: values["enable-bootstrap-token-auth"],
    requestHeader: await requestHeaderConfig(values),
  };
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
