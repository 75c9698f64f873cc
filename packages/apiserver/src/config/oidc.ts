import { type FlagValues, FlagError, defineFlags } from "@kube-ts/std/flags";
import type { JwtAuthenticatorConfig } from "../auth/jwt/authentication-configuration.ts";
import { signingAlgorithms } from "../auth/jwt/jwt-authenticators.ts";
import { readOptionalFile } from "./flag-files.ts";

/** One OpenID Connect issuer; `--authentication-config` can have several. */
export const oidcFlags = defineFlags({
  "oidc-issuer-url": {
    type: "string",
    default: "",
    description: "https URL of the issuer whose ID tokens authenticate requests",
  },
  "oidc-client-id": { type: "string", default: "", description: "audience that these tokens must have" },
  "oidc-ca-file": {
    type: "string",
    default: "",
    description: "PEM file of the authorities of the issuer's serving certificate; those of the system if unset",
  },
  "oidc-username-claim": { type: "string", default: "sub", description: "claim that holds the user's name" },
  "oidc-username-prefix": {
    type: "string",
    default: "",
    description: "put before user names; if unset, the issuer's URL and # except for email, and nothing if it is -",
  },
  "oidc-groups-claim": { type: "string", default: "", description: "claim that holds the user's groups" },
  "oidc-groups-prefix": { type: "string", default: "", description: "put before the names of groups" },
  "oidc-signing-algs": {
    type: "stringList",
    default: ["RS256"],
    description: `signatures that are accepted, of ${signingAlgorithms.join(", ")}`,
  },
  "oidc-required-claim": {
    type: "stringMap",
    default: {},
    description: "claims that tokens must have, as key=value; may be repeated",
  },
});

type Values = FlagValues<typeof oidcFlags>;

/** The issuer that the flags describe; undefined where they describe none. Throws a FlagError. */
export async function oidcAuthenticator(values: Values): Promise<JwtAuthenticatorConfig | undefined> {
  const [url, audience] = [values["oidc-issuer-url"], values["oidc-client-id"]];
  if (url === "" || audience === "") {
    if (!hasOidcFlags(values)) return undefined;
    const message = "oidc-issuer-url and oidc-client-id must be specified together when any oidc-* flags are set";
    throw new FlagError("oidc-issuer-url", message);
  }
  for (const algorithm of values["oidc-signing-algs"]) {
    if (signingAlgorithms.includes(algorithm)) continue;
    throw new FlagError("oidc-signing-algs", `oidc: unsupported signing alg: ${JSON.stringify(algorithm)}`);
  }
  const authority = await readOptionalFile("oidc-ca-file", values["oidc-ca-file"]);
  const groups = values["oidc-groups-claim"];
  return {
    issuer: { url, audiences: [audience], ...(authority && { certificateAuthority: authority.toString() }) },
    claimMappings: {
      username: { claim: values["oidc-username-claim"], prefix: userPrefix(values) },
      ...(groups !== "" && { groups: { claim: groups, prefix: values["oidc-groups-prefix"] } }),
    },
    claimValidationRules: Object.entries(values["oidc-required-claim"]).map(([claim, requiredValue]) => ({
      claim,
      requiredValue,
    })),
  };
}

/** Whether any of the flags says something. */
export function hasOidcFlags(values: Values): boolean {
  const { default: algorithms } = oidcFlags["oidc-signing-algs"];
  return (
    values["oidc-issuer-url"] !== "" ||
    values["oidc-client-id"] !== "" ||
    values["oidc-ca-file"] !== "" ||
    values["oidc-username-claim"] !== oidcFlags["oidc-username-claim"].default ||
    values["oidc-username-prefix"] !== "" ||
    values["oidc-groups-claim"] !== "" ||
    values["oidc-groups-prefix"] !== "" ||
    values["oidc-signing-algs"].join() !== algorithms.join() ||
    Object.keys(values["oidc-required-claim"]).length > 0
  );
}

function userPrefix(values: Values): string {
  const given = values["oidc-username-prefix"];
  if (given === "-") return "";
  if (given !== "" || values["oidc-username-claim"] === "email") return given;
  return `${values["oidc-issuer-url"]}#`;
}
