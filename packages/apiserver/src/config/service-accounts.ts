import { FlagError, type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { readFlagFile } from "./flag-files.ts";

/** The tokens of service accounts. */
export const serviceAccountFlags = defineFlags({
  "service-account-issuer": {
    type: "stringList",
    default: [],
    description: "issuers of service account tokens; the first signs, all are accepted; required",
  },
  "service-account-signing-key-file": {
    type: "string",
    default: "",
    description: "PEM file of the private key that signs service account tokens; required",
  },
  "service-account-key-file": {
    type: "stringList",
    default: [],
    description: "PEM files of keys that verify service account tokens; the signing key's public half if unset",
  },
  "service-account-lookup": {
    type: "boolean",
    default: true,
    description: "must be true: a token is worth nothing once its account is gone",
  },
  "service-account-jwks-uri": {
    type: "string",
    default: "",
    description: "URI of the keys in the OpenID document, if others than this server serve them; https only",
  },
  "service-account-max-token-expiration": {
    type: "duration",
    default: 0,
    description: "longest lifetime of an issued token, an hour at least; 0 for no limit",
  },
  "service-account-extend-token-expiration": {
    type: "boolean",
    default: true,
    description: "give the tokens injected into pods a longer lifetime than they ask for, and warn about its use",
  },
  "api-audiences": {
    type: "stringList",
    default: [],
    description: "audiences of this API; tokens must be issued for one of them. The issuers if unset",
  },
});

export interface ServiceAccountConfig {
  readonly issuers: readonly string[];
  readonly signingKey: string;
  readonly verificationKeys: readonly string[];
  readonly audiences: readonly string[];
  /** Empty for this server's own. */
  readonly jwksUri: string;
  /** 0 for no limit. */
  readonly maxExpirationSeconds: number;
  readonly extendExpiration: boolean;
}

type Values = FlagValues<typeof serviceAccountFlags>;

const minExpirationSeconds = 3_600;
const maxExpirationBound = 2 ** 32;

/** Throws a FlagError. */
export async function serviceAccountConfig(values: Values): Promise<ServiceAccountConfig> {
  if (!values["service-account-lookup"]) {
    const message = "--service-account-lookup=false cannot be honoured: tokens of deleted accounts are refused";
    throw new FlagError("service-account-lookup", message);
  }
  const issuers = values["service-account-issuer"];
  if (issuers.length === 0 || issuers[0] === "") {
    throw new FlagError("service-account-issuer", "--service-account-issuer is a required flag");
  }
  const signingFile = values["service-account-signing-key-file"];
  if (signingFile === "") {
    throw new FlagError("service-account-signing-key-file", "--service-account-signing-key-file is a required flag");
  }
  const signingKey = (await readFlagFile("service-account-signing-key-file", signingFile)).toString();
  const keyFiles = values["service-account-key-file"];
  const keys = await Promise.all(keyFiles.map((file) => readFlagFile("service-account-key-file", file)));
  return {
    issuers,
    signingKey,
    verificationKeys: keys.length > 0 ? keys.map(String) : [signingKey],
    audiences: values["api-audiences"].length > 0 ? values["api-audiences"] : issuers,
    jwksUri: jwksUri(values),
    maxExpirationSeconds: maxExpirationSeconds(values),
    extendExpiration: values["service-account-extend-token-expiration"],
  };
}

function jwksUri(values: Values): string {
  const flag = "service-account-jwks-uri";
  const uri = values[flag];
  if (uri === "") return uri;
  if (!URL.canParse(uri)) throw new FlagError(flag, `${flag} must be a valid URL: ${JSON.stringify(uri)}`);
  if (new URL(uri).protocol === "https:") return uri;
  throw new FlagError(flag, `${flag} requires https scheme, parsed as: ${uri}`);
}

function maxExpirationSeconds(values: Values): number {
  const flag = "service-account-max-token-expiration";
  const seconds = Math.round(values[flag] / 1000);
  if (seconds === 0 || (seconds >= minExpirationSeconds && seconds <= maxExpirationBound)) return seconds;
  throw new FlagError(flag, `the ${flag} must be between 1 hour and 2^32 seconds`);
}
