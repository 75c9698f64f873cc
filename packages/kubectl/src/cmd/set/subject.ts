import { jsonEqual } from "@kube-ts/api/json-value";
import { CommandError } from "../../command-line/command-error.ts";
import { defineCommand } from "../../command-line/command.ts";
import { listFlag } from "../../command-line/flag.ts";
import type { JsonObject } from "../../session/api.ts";
import { changeFlags, changeObjects } from "./change-objects.ts";

const rbacGroup = "rbac.authorization.k8s.io";

export const command = defineCommand({
  usage:
    "(-f FILENAME | TYPE NAME) [--user=username] [--group=groupname] [--serviceaccount=namespace:serviceaccountname]",
  description: "Update the user, group, or service account in a role binding or cluster role binding.",
  flags: {
    ...changeFlags,
    group: listFlag("Groups to bind to the role"),
    serviceaccount: listFlag("Service accounts to bind to the role"),
    user: listFlag("Usernames to bind to the role"),
  },
  run: async (session, { flags, positional }) => {
    const added: JsonObject[] = [
      ...flags.user.map((name) => ({ apiGroup: rbacGroup, kind: "User", name })),
      ...flags.group.map((name) => ({ apiGroup: rbacGroup, kind: "Group", name })),
      ...flags.serviceaccount.map(serviceAccount),
    ];
    const isNone = positional.length === 0 && flags.filename.length === 0 && flags.kustomize === "" && !flags.local;
    if (added.length === 0 && !isNone) {
      throw new CommandError("you must specify at least one value of user, group or serviceaccount");
    }
    await changeObjects(session, {
      resources: positional,
      flags,
      word: "subjects",
      change: ({ resource, name, object }) => {
        if (resource.kind !== "RoleBinding" && resource.kind !== "ClusterRoleBinding") {
          throw new CommandError(
            `${resource.plural}/${name} setting subjects is only supported for RoleBinding/ClusterRoleBinding`,
          );
        }
        const subjects = Array.isArray(object["subjects"]) ? (object["subjects"] as JsonObject[]) : [];
        const fresh = added.filter((each) => !subjects.some((known) => jsonEqual(known, each)));
        return fresh.length === 0 ? undefined : { ...object, subjects: [...subjects, ...fresh] };
      },
    });
  },
});

function serviceAccount(text: string): JsonObject {
  const [namespace = "", name = "", ...more] = text.split(":");
  if (namespace === "" || name === "" || more.length > 0) {
    throw new CommandError("serviceaccount must be <namespace>:<name>");
  }
  return { kind: "ServiceAccount", name, namespace };
}
