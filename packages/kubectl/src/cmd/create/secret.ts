import { createPrivateKey, X509Certificate } from "node:crypto";
import { groupCommand } from "../../command-line/group-command.ts";
import { readFile } from "node:fs/promises";
import { CommandError } from "../../command-line/command-error.ts";
import type { Command } from "../../command-line/command.ts";
import { booleanFlag, stringFlag } from "../../command-line/flag.ts";
import { dataFlags, type KeyRefusals, readData, sortedEntries } from "./data-sources.ts";
import { defineGenerator } from "./generator.ts";
import { hashedName } from "./name-hash.ts";

const hashFlag = { "append-hash": booleanFlag("Append a hash of the secret to its name.") } as const;

export const command: Command = groupCommand(
  ["create", "secret"],
  {
    usage: "(docker-registry | generic | tls)",
    description:
      "Create a secret with specified type.\n\n A docker-registry type secret is for accessing a container registry.\n\n A generic type secret indicate an Opaque secret type.\n\n A tls type secret holds TLS certificate and its associated key.",
  },
  "failure",
);

const dockerConfigKey = ".dockerconfigjson";

const refusals: KeyRefusals = {
  invalid: (key, problem) => `${JSON.stringify(key)} is not valid key name for a Secret ${problem}`,
  duplicate: (key) => `cannot add key ${key}, another key by that name already exists`,
};

export const generic = defineGenerator({
  usage: "NAME [--type=string] [--from-file=[key=]source] [--from-literal=key1=value1] [--dry-run=server|client|none]",
  description: "Create a secret based on a file, directory, or specified literal value.",
  failure: "failed to create secret ",
  flags: { ...dataFlags, ...hashFlag, type: stringFlag("The type of secret to create") },
  build: async ({ name, flags }) => secret(name, await readData(flags, refusals), flags.type, flags["append-hash"]),
});

export const tls = defineGenerator({
  usage: "NAME --cert=path/to/cert/file --key=path/to/key/file [--dry-run=server|client|none]",
  description: "Create a TLS secret from the given public/private key pair.",
  failure: "failed to create secret ",
  flags: {
    ...hashFlag,
    cert: stringFlag("Path to PEM encoded public key certificate."),
    key: stringFlag("Path to private key associated with given certificate."),
  },
  build: async ({ name, flags }) => {
    if (flags.cert === "" || flags.key === "") throw new CommandError("key and cert must be specified");
    const [certificate, key] = [await readPem(flags.cert), await readPem(flags.key)];
    checkKeyPair(certificate, key);
    const data = new Map([
      ["tls.crt", certificate],
      ["tls.key", key],
    ]);
    return secret(name, data, "kubernetes.io/tls", flags["append-hash"]);
  },
});

/** Throws a CommandError unless the key is the certificate's. */
function checkKeyPair(certificate: Buffer, key: Buffer): void {
  for (const [what, pem] of [
    ["certificate", certificate],
    ["key", key],
  ] as const) {
    if (!pem.includes("-----BEGIN ")) throw new CommandError(`tls: failed to find any PEM data in ${what} input`);
  }
  const [parsed, secretKey] = [
    parsedPem(() => new X509Certificate(certificate)),
    parsedPem(() => createPrivateKey(key)),
  ];
  if (!parsed.checkPrivateKey(secretKey)) throw new CommandError("tls: private key does not match public key");
}

function parsedPem<T>(parse: () => T): T {
  try {
    return parse();
  } catch (cause) {
    throw new CommandError(`tls: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

export const dockerRegistry = defineGenerator({
  usage:
    "NAME --docker-username=user --docker-password=password --docker-email=email [--docker-server=string] [--from-file=[key=]source] [--dry-run=server|client|none]",
  description: "Create a new secret for use with Docker registries.",
  failure: "failed to create secret ",
  flags: {
    ...hashFlag,
    "from-file": dataFlags["from-file"],
    "docker-email": stringFlag("Email for Docker registry"),
    "docker-password": stringFlag("Password for Docker registry authentication"),
    "docker-server": stringFlag("Server location for Docker registry", { default: "https://index.docker.io/v1/" }),
    "docker-username": stringFlag("Username for Docker registry authentication"),
  },
  build: async ({ name, flags }) => {
    const type = "kubernetes.io/dockerconfigjson";
    if (flags["from-file"].length > 0) {
      const files = flags["from-file"].map((source) =>
        source.includes("=") ? source : `${dockerConfigKey}=${source}`,
      );
      const data = await readData({ "from-file": files, "from-literal": [], "from-env-file": [] }, refusals);
      return secret(name, data, type, flags["append-hash"]);
    }
    const { "docker-username": username, "docker-password": password, "docker-email": email } = flags;
    if (username === "" || password === "" || flags["docker-server"] === "") {
      throw new CommandError(
        "either --from-file or the combination of --docker-username, --docker-password and --docker-server is required",
      );
    }
    const auth = Buffer.from(`${username}:${password}`).toString("base64");
    const entry = { username, password, ...(email !== "" && { email }), auth };
    const config = JSON.stringify({ auths: { [flags["docker-server"]]: entry } });
    return secret(name, new Map([[dockerConfigKey, Buffer.from(config)]]), type, flags["append-hash"]);
  },
});

function secret(name: string, contents: ReadonlyMap<string, Buffer>, type: string, hash: boolean) {
  const entries = sortedEntries(contents).map(([key, value]) => [key, value.toString("base64")] as const);
  const data = entries.length > 0 ? { data: Object.fromEntries(entries) } : {};
  const hashed = { ...(data.data ? data : { data: null }), kind: "Secret", name, type };
  return {
    kind: "Secret",
    apiVersion: "v1",
    metadata: { name: hash ? hashedName(name, hashed) : name },
    ...data,
    ...(type !== "" && { type }),
  };
}

async function readPem(path: string): Promise<Buffer> {
  return readFile(path).catch((cause: unknown) => {
    throw new CommandError(`Cannot read file ${path}, open ${path}: no such file or directory`, { cause });
  });
}
