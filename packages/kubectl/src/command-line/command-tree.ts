import type { Command } from "./command.ts";

/** A command's place in the tree; its module is loaded when it is used. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
  readonly children?: readonly CommandEntry[];
}

export interface CommandGroup {
  readonly title: string;
  readonly commands: readonly CommandEntry[];
}

type Module = { readonly command: Command };

function entry(
  name: string,
  summary: string,
  load: () => Promise<Module>,
  more: Pick<CommandEntry, "aliases" | "children"> = {},
): CommandEntry {
  return { name, summary, load: async () => (await load()).command, ...more };
}

/** An entry whose module has several commands. */
function pick(name: string, summary: string, load: () => Promise<Command>, aliases?: readonly string[]): CommandEntry {
  return { name, summary, load, ...(aliases && { aliases }) };
}

const createCommands: readonly CommandEntry[] = [
  pick("clusterrole", "Create a cluster role", async () => (await import("../cmd/create/role.ts")).clusterRole),
  pick(
    "clusterrolebinding",
    "Create a cluster role binding for a particular cluster role",
    async () => (await import("../cmd/create/role-binding.ts")).clusterRoleBinding,
  ),
  entry(
    "configmap",
    "Create a config map from a local file, directory or literal value",
    () => import("../cmd/create/config-map.ts"),
    { aliases: ["cm"] },
  ),
  pick(
    "cronjob",
    "Create a cron job with the specified name",
    async () => (await import("../cmd/create/job.ts")).cronJob,
    ["cj"],
  ),
  entry("deployment", "Create a deployment with the specified name", () => import("../cmd/create/deployment.ts"), {
    aliases: ["deploy"],
  }),
  pick("job", "Create a job with the specified name", async () => (await import("../cmd/create/job.ts")).job),
  entry("namespace", "Create a namespace with the specified name", () => import("../cmd/create/namespace.ts"), {
    aliases: ["ns"],
  }),
  pick(
    "poddisruptionbudget",
    "Create a pod disruption budget with the specified name",
    async () => (await import("../cmd/create/quota.ts")).podDisruptionBudget,
    ["pdb"],
  ),
  pick(
    "priorityclass",
    "Create a priority class with the specified name",
    async () => (await import("../cmd/create/quota.ts")).priorityClass,
    ["pc"],
  ),
  pick("quota", "Create a quota with the specified name", async () => (await import("../cmd/create/quota.ts")).quota, [
    "resourcequota",
  ]),
  pick("role", "Create a role with single rule", async () => (await import("../cmd/create/role.ts")).role),
  pick(
    "rolebinding",
    "Create a role binding for a particular role or cluster role",
    async () => (await import("../cmd/create/role-binding.ts")).roleBinding,
  ),
  entry("secret", "Create a secret using a specified subcommand", () => import("../cmd/create/secret.ts"), {
    children: [
      pick(
        "docker-registry",
        "Create a secret for use with a Docker registry",
        async () => (await import("../cmd/create/secret.ts")).dockerRegistry,
      ),
      pick(
        "generic",
        "Create a secret from a local file, directory, or literal value",
        async () => (await import("../cmd/create/secret.ts")).generic,
      ),
      pick("tls", "Create a TLS secret", async () => (await import("../cmd/create/secret.ts")).tls),
    ],
  }),
  entry("service", "Create a service using a specified subcommand", () => import("../cmd/create/service.ts"), {
    aliases: ["svc"],
    children: [
      pick("clusterip", "Create a ClusterIP service", async () => (await import("../cmd/create/service.ts")).clusterIp),
      pick(
        "externalname",
        "Create an ExternalName service",
        async () => (await import("../cmd/create/service.ts")).externalName,
      ),
      pick(
        "loadbalancer",
        "Create a LoadBalancer service",
        async () => (await import("../cmd/create/service.ts")).loadBalancer,
      ),
      pick("nodeport", "Create a NodePort service", async () => (await import("../cmd/create/service.ts")).nodePort),
    ],
  }),
  entry(
    "serviceaccount",
    "Create a service account with the specified name",
    () => import("../cmd/create/service-account.ts"),
    { aliases: ["sa"] },
  ),
  entry("token", "Request a service account token", () => import("../cmd/create/token.ts")),
];

export const commandGroups: readonly CommandGroup[] = [
  {
    title: "Basic Commands (Beginner):",
    commands: [
      entry("create", "Create a resource from a file or from stdin", () => import("../cmd/create.ts"), {
        children: createCommands,
      }),
    ],
  },
  {
    title: "Basic Commands (Intermediate):",
    commands: [
      entry("get", "Display one or many resources", () => import("../cmd/get.ts")),
      entry(
        "delete",
        "Delete resources by file names, stdin, resources and names, or by resources and label selector",
        () => import("../cmd/delete.ts"),
      ),
    ],
  },
  {
    title: "Advanced Commands:",
    commands: [
      entry("apply", "Apply a configuration to a resource by file name or stdin", () => import("../cmd/apply.ts")),
    ],
  },
];

export const rootCommands: readonly CommandEntry[] = commandGroups.flatMap(({ commands }) => commands);

export function findEntry(entries: readonly CommandEntry[], name: string): CommandEntry | undefined {
  return entries.find((each) => each.name === name || each.aliases?.includes(name));
}
