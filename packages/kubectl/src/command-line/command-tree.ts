import type { Command } from "./command.ts";

/** A command's place in the tree; its module is loaded when it is used. */
export interface CommandEntry {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** One line for the list of commands. */
  readonly summary: string;
  /** Left out of that list. */
  readonly isUnlisted?: boolean;
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
  more: Pick<CommandEntry, "aliases" | "children" | "isUnlisted"> = {},
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
  entry("ingress", "Create an ingress with the specified name", () => import("../cmd/create/ingress.ts"), {
    aliases: ["ing"],
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

const configCommands: readonly CommandEntry[] = [
  pick("current-context", "Display the current-context", async () => (await import("../cmd/config.ts")).currentContext),
  pick(
    "delete-cluster",
    "Delete the specified cluster from the kubeconfig",
    async () => (await import("../cmd/config.ts")).deleteCluster,
  ),
  pick(
    "delete-context",
    "Delete the specified context from the kubeconfig",
    async () => (await import("../cmd/config.ts")).deleteContext,
  ),
  pick(
    "delete-user",
    "Delete the specified user from the kubeconfig",
    async () => (await import("../cmd/config.ts")).deleteUser,
  ),
  pick(
    "get-clusters",
    "Display clusters defined in the kubeconfig",
    async () => (await import("../cmd/config.ts")).getClusters,
  ),
  pick("get-contexts", "Describe one or many contexts", async () => (await import("../cmd/config.ts")).getContexts),
  pick("get-users", "Display users defined in the kubeconfig", async () => (await import("../cmd/config.ts")).getUsers),
  pick(
    "rename-context",
    "Rename a context from the kubeconfig file",
    async () => (await import("../cmd/config.ts")).renameContext,
  ),
  pick("set", "Set an individual value in a kubeconfig file", async () => (await import("../cmd/config.ts")).setValue),
  pick("set-cluster", "Set a cluster entry in kubeconfig", async () => (await import("../cmd/config.ts")).setCluster),
  pick("set-context", "Set a context entry in kubeconfig", async () => (await import("../cmd/config.ts")).setContext),
  entry("set-credentials", "Set a user entry in kubeconfig", () => import("../cmd/config/set-credentials.ts")),
  pick("unset", "Unset an individual value in a kubeconfig file", async () => (await import("../cmd/config.ts")).unset),
  pick(
    "use-context",
    "Set the current-context in a kubeconfig file",
    async () => (await import("../cmd/config.ts")).useContext,
    ["use"],
  ),
  pick(
    "view",
    "Display merged kubeconfig settings or a specified kubeconfig file",
    async () => (await import("../cmd/config.ts")).view,
  ),
];

export const commandGroups: readonly CommandGroup[] = [
  {
    title: "Basic Commands (Beginner):",
    commands: [
      entry("create", "Create a resource from a file or from stdin", () => import("../cmd/create.ts"), {
        children: createCommands,
      }),
      entry(
        "expose",
        "Take a replication controller, service, deployment or pod and expose it as a new Kubernetes service",
        () => import("../cmd/expose.ts"),
      ),
      entry("run", "Run a particular image on the cluster", () => import("../cmd/run.ts")),
      entry("set", "Set specific features on objects", () => import("../cmd/set.ts"), {
        children: [
          entry("env", "Update environment variables on a pod template", () => import("../cmd/set/env.ts")),
          entry("image", "Update the image of a pod template", () => import("../cmd/set/image.ts")),
          entry(
            "resources",
            "Update resource requests/limits on objects with pod templates",
            () => import("../cmd/set/resources.ts"),
          ),
          entry("selector", "Set the selector on a resource", () => import("../cmd/set/selector.ts")),
          entry(
            "serviceaccount",
            "Update the service account of a resource",
            () => import("../cmd/set/service-account.ts"),
            { aliases: ["sa"] },
          ),
          entry(
            "subject",
            "Update the user, group, or service account in a role binding or cluster role binding",
            () => import("../cmd/set/subject.ts"),
          ),
        ],
      }),
    ],
  },
  {
    title: "Basic Commands (Intermediate):",
    commands: [
      entry("explain", "Get documentation for a resource", () => import("../cmd/explain.ts")),
      entry("get", "Display one or many resources", () => import("../cmd/get.ts")),
      entry("edit", "Edit a resource on the server", () => import("../cmd/edit.ts")),
      entry(
        "delete",
        "Delete resources by file names, stdin, resources and names, or by resources and label selector",
        () => import("../cmd/delete.ts"),
      ),
    ],
  },
  {
    title: "Deploy Commands:",
    commands: [
      entry("rollout", "Manage the rollout of a resource", () => import("../cmd/rollout.ts"), {
        children: [
          pick("history", "View rollout history", async () => (await import("../cmd/rollout.ts")).history),
          pick("pause", "Mark the provided resource as paused", async () => (await import("../cmd/rollout.ts")).pause),
          pick("restart", "Restart a resource", async () => (await import("../cmd/rollout.ts")).restart),
          pick("resume", "Resume a paused resource", async () => (await import("../cmd/rollout.ts")).resume),
          pick(
            "status",
            "Show the status of the rollout",
            async () => (await import("../cmd/rollout-status.ts")).command,
          ),
          pick("undo", "Undo a previous rollout", async () => (await import("../cmd/rollout.ts")).undo),
        ],
      }),
      entry(
        "scale",
        "Set a new size for a deployment, replica set, or replication controller",
        () => import("../cmd/scale.ts"),
      ),
      entry(
        "autoscale",
        "Auto-scale a deployment, replica set, stateful set, or replication controller",
        () => import("../cmd/autoscale.ts"),
      ),
    ],
  },
  {
    title: "Cluster Management Commands:",
    commands: [
      entry("certificate", "Modify certificate resources", () => import("../cmd/certificate.ts"), {
        children: [
          pick(
            "approve",
            "Approve a certificate signing request",
            async () => (await import("../cmd/certificate.ts")).approve,
          ),
          pick("deny", "Deny a certificate signing request", async () => (await import("../cmd/certificate.ts")).deny),
        ],
      }),
      entry("cluster-info", "Display cluster information", () => import("../cmd/cluster-info.ts"), {
        children: [
          entry(
            "dump",
            "Dump relevant information for debugging and diagnosis",
            () => import("../cmd/cluster-info/dump.ts"),
          ),
        ],
      }),
      entry("top", "Display resource (CPU/memory) usage", () => import("../cmd/top.ts"), {
        children: [
          pick(
            "node",
            "Display resource (CPU/memory) usage of nodes",
            async () => (await import("../cmd/top.ts")).node,
            ["nodes", "no"],
          ),
          pick("pod", "Display resource (CPU/memory) usage of pods", async () => (await import("../cmd/top.ts")).pod, [
            "pods",
            "po",
          ]),
        ],
      }),
      pick("cordon", "Mark node as unschedulable", async () => (await import("../cmd/cordon.ts")).cordon),
      pick("uncordon", "Mark node as schedulable", async () => (await import("../cmd/cordon.ts")).uncordon),
      entry("drain", "Drain node in preparation for maintenance", () => import("../cmd/drain.ts")),
      entry("taint", "Update the taints on one or more nodes", () => import("../cmd/taint.ts")),
    ],
  },
  {
    title: "Troubleshooting and Debugging Commands:",
    commands: [
      entry(
        "describe",
        "Show details of a specific resource or group of resources",
        () => import("../cmd/describe.ts"),
      ),
      entry("logs", "Print the logs for a container in a pod", () => import("../cmd/logs.ts")),
      entry("attach", "Attach to a running container", () => import("../cmd/attach.ts")),
      entry("exec", "Execute a command in a container", () => import("../cmd/exec.ts")),
      entry("port-forward", "Forward one or more local ports to a pod", () => import("../cmd/port-forward.ts")),
      entry("proxy", "Run a proxy to the Kubernetes API server", () => import("../cmd/proxy.ts")),
      entry("cp", "Copy files and directories to and from containers", () => import("../cmd/cp.ts")),
      entry("auth", "Inspect authorization", () => import("../cmd/auth.ts"), {
        children: [
          pick("can-i", "Check whether an action is allowed", async () => (await import("../cmd/auth.ts")).canI),
          entry(
            "reconcile",
            "Reconciles rules for RBAC role, role binding, cluster role, and cluster role binding objects",
            () => import("../cmd/auth/reconcile.ts"),
          ),
          pick(
            "whoami",
            "Experimental: Check self subject attributes",
            async () => (await import("../cmd/auth.ts")).whoami,
          ),
        ],
      }),
      entry(
        "debug",
        "Create debugging sessions for troubleshooting workloads and nodes",
        () => import("../cmd/debug.ts"),
      ),
      entry("events", "List events", () => import("../cmd/events.ts")),
    ],
  },
  {
    title: "Advanced Commands:",
    commands: [
      entry("diff", "Diff the live version against a would-be applied version", () => import("../cmd/diff.ts")),
      entry("apply", "Apply a configuration to a resource by file name or stdin", () => import("../cmd/apply.ts"), {
        children: [
          entry(
            "edit-last-applied",
            "Edit latest last-applied-configuration annotations of a resource/object",
            () => import("../cmd/edit-last-applied.ts"),
          ),
          entry(
            "set-last-applied",
            "Set the last-applied-configuration annotation on a live object to match the contents of a file",
            () => import("../cmd/set-last-applied.ts"),
          ),
          entry(
            "view-last-applied",
            "View the latest last-applied-configuration annotations of a resource/object",
            () => import("../cmd/view-last-applied.ts"),
          ),
        ],
      }),
      entry("patch", "Update fields of a resource", () => import("../cmd/patch.ts")),
      entry("replace", "Replace a resource by file name or stdin", () => import("../cmd/replace.ts")),
      entry("wait", "Wait for a specific condition on one or many resources", () => import("../cmd/wait.ts")),
      entry("kustomize", "Build a kustomization target from a directory or URL", () => import("../cmd/kustomize.ts")),
    ],
  },
  {
    title: "Settings Commands:",
    commands: [
      entry("label", "Update the labels on a resource", () => import("../cmd/label.ts")),
      entry("annotate", "Update the annotations on a resource", () => import("../cmd/annotate.ts")),
      entry(
        "completion",
        "Output shell completion code for the specified shell (bash, zsh or fish)",
        () => import("../cmd/completion.ts"),
      ),
    ],
  },
  {
    title: "Other Commands:",
    commands: [
      entry(
        "api-resources",
        "Print the supported API resources on the server",
        () => import("../cmd/api-resources.ts"),
      ),
      entry(
        "api-versions",
        'Print the supported API versions on the server, in the form of "group/version"',
        () => import("../cmd/api-versions.ts"),
      ),
      entry("config", "Modify kubeconfig files", () => import("../cmd/config.ts"), { children: configCommands }),
      entry("kuberc", "Manage kuberc configuration files", () => import("../cmd/kuberc.ts"), {
        children: [
          entry("set", "Set values in the kuberc configuration", () => import("../cmd/kuberc/set.ts")),
          entry("view", "Display the current kuberc configuration", () => import("../cmd/kuberc/view.ts")),
        ],
      }),
      entry("options", "Print the list of flags inherited by all commands", () => import("../cmd/options.ts"), {
        isUnlisted: true,
      }),
      entry("plugin", "Provides utilities for interacting with plugins", () => import("../cmd/plugin.ts"), {
        children: [
          pick(
            "list",
            "List all visible plugin executables on a user's PATH",
            async () => (await import("../cmd/plugin.ts")).list,
          ),
        ],
      }),
      entry("version", "Print the client and server version information", () => import("../cmd/version.ts")),
    ],
  },
];

/** Commands for programs, which no list shows. */
const hiddenCommands: readonly CommandEntry[] = [
  entry("__complete", "Print what may come next in a command line", () => import("../cmd/complete.ts")),
];

export const rootCommands: readonly CommandEntry[] = [
  ...commandGroups.flatMap(({ commands }) => commands),
  ...hiddenCommands,
];

export function findEntry(entries: readonly CommandEntry[], name: string): CommandEntry | undefined {
  return entries.find((each) => each.name === name || each.aliases?.includes(name));
}
