import { goQuote } from "@kube-ts/api/go-quote";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../../command-line/command.ts";
import { booleanFlag, repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import type { JsonObject } from "../../session/api.ts";
import { certificate, given, modifyEntry, withoutEmpty } from "../config.ts";

const flags = {
  "auth-provider": stringFlag("Auth provider for the user entry in kubeconfig"),
  "auth-provider-arg": repeatedFlag("'key=value' arguments for the auth provider"),
  "client-certificate": stringFlag("Path to client-certificate file for the user entry in kubeconfig"),
  "client-key": stringFlag("Path to client-key file for the user entry in kubeconfig"),
  "embed-certs": booleanFlag("Embed client cert/key for the user entry in kubeconfig"),
  "exec-api-version": stringFlag("API version of the exec credential plugin for the user entry in kubeconfig"),
  "exec-arg": repeatedFlag("New arguments for the exec credential plugin command for the user entry in kubeconfig"),
  "exec-command": stringFlag("Command for the exec credential plugin for the user entry in kubeconfig"),
  "exec-env": repeatedFlag("'key=value' environment values for the exec credential plugin"),
  "exec-interactive-mode": stringFlag(
    "InteractiveMode of the exec credentials plugin for the user entry in kubeconfig",
  ),
  "exec-provide-cluster-info": booleanFlag(
    "ProvideClusterInfo of the exec credentials plugin for the user entry in kubeconfig",
  ),
  password: stringFlag("password for the user entry in kubeconfig"),
  token: stringFlag("token for the user entry in kubeconfig"),
  username: stringFlag("username for the user entry in kubeconfig"),
} as const;

type Given = Invocation<typeof flags>;

export const command = defineCommand({
  usage:
    "NAME [--client-certificate=path/to/certfile] [--client-key=path/to/keyfile] [--token=bearer_token] [--username=basic_user] [--password=basic_password] [--auth-provider=provider_name] [--auth-provider-arg=key=value] [--exec-command=exec_command] [--exec-api-version=exec_api_version] [--exec-arg=arg] [--exec-env=key=value]",
  description: "Set a user entry in kubeconfig.",
  flags,
  run: async (session, invocation) => {
    const { flags: values, positional, changed } = invocation;
    const [name = ""] = positional;
    if (positional.length !== 1) throw new CommandError(`unexpected args: [${positional.join(" ")}]`);
    if (values.token !== "" && (values.username !== "" || values.password !== "")) {
      throw new CommandError(
        "you cannot specify more than one authentication method at the same time: --token, --username/--password",
      );
    }
    if (values["embed-certs"] && values["client-certificate"] === "" && values["client-key"] === "") {
      throw new CommandError("you must specify a --client-certificate or --client-key to embed");
    }
    const plain = given(changed, values, ["token", "username", "password"]);
    const pems = {
      ...(await certificate(values["client-certificate"], "client-certificate", values["embed-certs"])),
      ...(await certificate(values["client-key"], "client-key", values["embed-certs"])),
    };
    await modifyEntry(session, "users", name, (old) => {
      const provider = authProvider(old["auth-provider"], invocation);
      const exec = execPlugin(old["exec"], invocation);
      return withoutEmpty({
        ...old,
        ...plain,
        ...pems,
        ...(provider && { "auth-provider": provider }),
        ...(exec && { exec }),
      });
    });
    await session.terminal.write(`User ${goQuote(name)} set.\n`);
  },
});

function authProvider(old: unknown, { flags: values }: Given): JsonObject | undefined {
  const name = values["auth-provider"];
  const known = isRecord(old) ? old : undefined;
  if (name === "" && (values["auth-provider-arg"].length === 0 || !known)) return undefined;
  const same = known && (name === "" || known["name"] === name);
  const config = changedPairs(same && isRecord(known["config"]) ? known["config"] : {}, values["auth-provider-arg"]);
  return { config: Object.keys(config).length > 0 ? config : null, name: name || known?.["name"] };
}

function execPlugin(old: unknown, { flags: values, changed }: Given): JsonObject | undefined {
  const known = isRecord(old) ? old : undefined;
  if (values["exec-command"] === "" && !known) return undefined;
  const mode = values["exec-interactive-mode"];
  if (mode !== "" && !["Never", "IfAvailable", "Always"].includes(mode)) {
    throw new CommandError("invalid interactive mode type: must be one of Never, IfAvailable, Always");
  }
  const environment = Array.isArray(known?.["env"]) ? known["env"].filter(isRecord) : [];
  const pairs = Object.fromEntries(environment.map((each) => [String(each["name"]), each["value"]]));
  const env = Object.entries(changedPairs(pairs, values["exec-env"])).map(([name, value]) => ({ name, value }));
  const args = values["exec-arg"].length > 0 ? values["exec-arg"] : known?.["args"];
  return {
    apiVersion: values["exec-api-version"] || known?.["apiVersion"] || "client.authentication.k8s.io/v1beta1",
    args: args ?? null,
    command: values["exec-command"] || known?.["command"],
    env: env.length > 0 || environment.length > 0 ? env : null,
    interactiveMode: mode || known?.["interactiveMode"] || "IfAvailable",
    provideClusterInfo: changed("exec-provide-cluster-info")
      ? values["exec-provide-cluster-info"]
      : (known?.["provideClusterInfo"] ?? false),
  };
}

/** `key=value` sets a value, `key-` takes one away. */
function changedPairs(old: JsonObject, pairs: readonly string[]): JsonObject {
  const changed: JsonObject = { ...old };
  for (const pair of pairs) {
    const equals = pair.indexOf("=");
    if (equals > 0) changed[pair.slice(0, equals)] = pair.slice(equals + 1);
    else if (pair.endsWith("-")) delete changed[pair.slice(0, -1)];
    else throw new CommandError(`Error: unrecognized parameter ${goQuote(pair)}`);
  }
  return changed;
}
