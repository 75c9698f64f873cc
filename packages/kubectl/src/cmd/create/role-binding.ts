import { CommandError } from "../../command-line/command-error.ts";
import { repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import { defineGenerator } from "./generator.ts";

const rbac = "rbac.authorization.k8s.io";

const subjectFlags = {
  clusterrole: stringFlag("ClusterRole this binding should reference"),
  group: repeatedFlag("Groups to bind to the role. The flag can be repeated to add multiple groups."),
  serviceaccount: repeatedFlag("Service accounts to bind to the role, in the format <namespace>:<name>."),
  user: repeatedFlag("Usernames to bind to the role. The flag can be repeated to add multiple users."),
} as const;

export const roleBinding = defineGenerator({
  usage:
    "NAME --clusterrole=NAME|--role=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  description: "Create a role binding for a particular role or cluster role.",
  failure: "failed to create rolebinding: ",
  flags: { ...subjectFlags, role: stringFlag("Role this RoleBinding should reference") },
  build: ({ name, flags }) => {
    if ((flags.clusterrole === "") === (flags.role === ""))
      throw new CommandError("exactly one of clusterrole or role must be specified");
    const [kind, target] = flags.role === "" ? ["ClusterRole", flags.clusterrole] : ["Role", flags.role];
    return binding("RoleBinding", name, kind ?? "", target ?? "", flags);
  },
});

export const clusterRoleBinding = defineGenerator({
  usage:
    "NAME --clusterrole=NAME [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname] [--dry-run=server|client|none]",
  description: "Create a cluster role binding for a particular cluster role.",
  failure: "failed to create clusterrolebinding: ",
  flags: subjectFlags,
  required: ["clusterrole"],
  build: ({ name, flags }) => binding("ClusterRoleBinding", name, "ClusterRole", flags.clusterrole, flags),
});

interface Subjects {
  readonly group: readonly string[];
  readonly serviceaccount: readonly string[];
  readonly user: readonly string[];
}

function binding(kind: string, name: string, roleKind: string, roleName: string, flags: Subjects) {
  const subjects = [
    ...flags.user.map((user) => ({ kind: "User", apiGroup: rbac, name: user })),
    ...flags.group.map((group) => ({ kind: "Group", apiGroup: rbac, name: group })),
    ...flags.serviceaccount.map((account) => {
      const [namespace = "", own = "", ...more] = account.split(":");
      if (namespace === "" || own === "" || more.length > 0)
        throw new CommandError("serviceaccount must be <namespace>:<name>");
      return { kind: "ServiceAccount", name: own, namespace };
    }),
  ];
  return {
    kind,
    apiVersion: `${rbac}/v1`,
    metadata: { name },
    ...(subjects.length > 0 && { subjects }),
    roleRef: { apiGroup: rbac, kind: roleKind, name: roleName },
  };
}
