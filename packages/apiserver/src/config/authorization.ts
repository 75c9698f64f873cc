import { type FlagValues, defineFlags } from "@kube-ts/std/flags";
import { type AuthorizationMode, parseAuthorizationModes } from "../auth/authorization.ts";
import { parsedFlag } from "./flag-files.ts";

/** Who may do what. */
export const authorizationFlags = defineFlags({
  "authorization-mode": {
    type: "stringList",
    default: ["AlwaysAllow"],
    description: "authorizers in order: Node, RBAC, AlwaysAllow, AlwaysDeny",
  },
});

export interface AuthorizationConfig {
  readonly modes: readonly AuthorizationMode[];
}

/** Throws a FlagError. */
export function authorizationConfig(values: FlagValues<typeof authorizationFlags>): AuthorizationConfig {
  return {
    modes: parsedFlag("authorization-mode", () => parseAuthorizationModes(values["authorization-mode"])),
  };
}
