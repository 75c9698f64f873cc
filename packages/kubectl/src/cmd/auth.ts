import type { SubjectRulesReviewStatus } from "@kube-ts/api/authorization/v1";
import type { Session } from "../session/session.ts";
import { isRecord } from "@kube-ts/std/config-schema";
import { CommandError, ExitStatus } from "../command-line/command-error.ts";
import { type Command, defineCommand } from "../command-line/command.ts";
import { groupCommand } from "../command-line/group-command.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { createPrinter, outputFlags } from "../printers/object-printer.ts";
import { alignTabs, tableLayout } from "../printers/tab-writer.ts";
import { safeCell, safeText } from "../printers/terminal-text.ts";
import type { ApiResource } from "../builder/discovery.ts";
import { recordAt } from "../builder/pod-template.ts";

export const command: Command = groupCommand(
  ["auth"],
  { usage: "[flags]", description: "Inspect authorization." },
  "failure",
);

const knownVerbs: ReadonlySet<string> = new Set([
  "get",
  "list",
  "watch",
  "create",
  "update",
  "patch",
  "delete",
  "deletecollection",
  "proxy",
  "bind",
  "*",
  "use",
  "escalate",
  "impersonate",
  "approve",
  "sign",
  "attest",
  "post",
  "put",
  "head",
  "options",
]);

/** The resource that the target's type names; none for paths, for all resources, and for what the server does not know. */
async function resourceNamed(
  session: Session,
  target: string,
  type: string,
  everywhere: boolean,
): Promise<ApiResource | undefined> {
  if (target.startsWith("/") || type === "*") return undefined;
  const resource = await (await session.mapper()).find(type);
  if (!resource) {
    session.terminal.error(`Warning: the server doesn't have a resource type '${safeText(type)}'\n\n`);
  } else if (!resource.namespaced && !everywhere) {
    const group = resource.group === "" ? "" : ` in group '${resource.group}'`;
    session.terminal.error(`Warning: resource '${resource.plural}' is not namespace scoped${group}\n\n`);
  }
  return resource;
}

export const canI = defineCommand({
  usage: "VERB [TYPE | TYPE/NAME | NONRESOURCEURL]",
  description: "Check whether an action is allowed.",
  flags: {
    "all-namespaces": booleanFlag("If true, check the specified action in all namespaces.", { short: "A" }),
    list: booleanFlag("If true, prints all allowed actions."),
    "no-headers": booleanFlag("If true, prints allowed actions without headers"),
    quiet: booleanFlag("If true, suppress output and just return the exit code.", { short: "q" }),
    subresource: stringFlag("SubResource such as pod/log or deployment/scale"),
  },
  run: async (session, { flags, positional }) => {
    if (flags.list) {
      if (positional.length > 0) throw new CommandError("list option must be specified with no arguments");
      return listRules(session, flags["no-headers"]);
    }
    const [verb, target, extraName] = positional;
    if (verb === undefined || target === undefined || positional.length > 3)
      throw new CommandError(
        "you must specify two arguments: verb resource or verb resource/resourceName.\nSee 'kubectl auth can-i -h' for help and examples.",
      );
    if (target.startsWith("/") && flags.subresource !== "")
      throw new CommandError("--subresource can not be used with NonResourceURL");
    const { name: namespace } = await session.namespace();
    const [type = "", name = extraName ?? ""] = target.split("/");
    const resource = await resourceNamed(session, target, type, flags["all-namespaces"]);
    if (!knownVerbs.has(verb)) session.terminal.error(`Warning: verb '${safeText(verb)}' is not a known verb\n\n`);
    const spec = target.startsWith("/")
      ? { nonResourceAttributes: { path: target, verb } }
      : {
          resourceAttributes: {
            ...(!flags["all-namespaces"] && { namespace }),
            verb,
            group: resource?.group ?? "",
            resource: resource?.plural ?? type,
            subresource: flags.subresource,
            name,
          },
        };
    const review = await (
      await session.api()
    ).json({
      method: "POST",
      path: "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
      body: { kind: "SelfSubjectAccessReview", apiVersion: "authorization.k8s.io/v1", spec },
    });
    const status = recordAt(review, ["status"]);
    const allowed = status["allowed"] === true;
    const reason =
      typeof status["reason"] === "string" && status["reason"] !== "" && !allowed
        ? ` - ${safeText(status["reason"])}`
        : "";
    if (!flags.quiet) await session.terminal.write(allowed ? "yes\n" : `no${reason}\n`);
    if (!allowed) throw new ExitStatus(1);
  },
});

/** All that the user may do in the namespace, as far as the server can tell. */
async function listRules(session: Session, noHeaders: boolean): Promise<void> {
  const { name: namespace } = await session.namespace();
  const review = await (
    await session.api()
  ).json({
    method: "POST",
    path: "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews",
    body: { kind: "SelfSubjectRulesReview", apiVersion: "authorization.k8s.io/v1", spec: { namespace } },
  });
  const status = recordAt(review, ["status"]) as unknown as SubjectRulesReviewStatus;
  if (status.evaluationError) {
    session.terminal.error(`warning: the list may be incomplete: ${safeText(status.evaluationError)}\n`);
  }
  const list = (values: readonly string[] = []) => `[${values.join(" ")}]`;
  const rules = (status.resourceRules ?? []).flatMap(({ apiGroups = [""], resources = [], resourceNames, verbs }) =>
    apiGroups.flatMap((group) =>
      resources.map((resource) => ({
        resource: group === "" ? resource : `${resource}.${group}`,
        row: ["[]", list(resourceNames), list(verbs)],
        verbs: list(verbs),
        group,
      })),
    ),
  );
  const urls = (status.nonResourceRules ?? []).flatMap(({ nonResourceURLs = [], verbs }) =>
    nonResourceURLs.map((url) => ({
      resource: "",
      row: [list([url]), "[]", list(verbs)],
      verbs: list(verbs),
      group: "",
    })),
  );
  // The brackets count, as upstream compares the written form of the rules.
  const key = ({ verbs, group, resource, row }: (typeof rules)[number]) => `${verbs}[${group}][${resource}]${row[0]}`;
  const sorted = [...rules, ...urls].toSorted((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
  const header = ["Resources", "Non-Resource URLs", "Resource Names", "Verbs"];
  const rows = [...(noHeaders ? [] : [header]), ...sorted.map(({ resource, row }) => [resource, ...row])];
  await session.terminal.write(alignTabs(rows.map((row) => `${row.map(safeCell).join("\t")}\n`).join(""), tableLayout));
}

export const whoami = defineCommand({
  usage: "",
  description: "Check who you are and your attributes (groups, extra).",
  flags: outputFlags,
  run: async (session, { flags }) => {
    const printer = await createPrinter(flags, { keepOrder: true });
    const review = await (
      await session.api()
    ).json({
      method: "POST",
      path: "/apis/authentication.k8s.io/v1/selfsubjectreviews",
      body: { kind: "SelfSubjectReview", apiVersion: "authentication.k8s.io/v1" },
    });
    if (printer) return session.terminal.write(printer.format(review));
    const info = recordAt(review, ["status", "userInfo"]);
    const rows = [
      ["ATTRIBUTE", "VALUE"],
      ["Username", String(info["username"] ?? "")],
    ];
    if (typeof info["uid"] === "string" && info["uid"] !== "") rows.push(["UID", info["uid"]]);
    if (Array.isArray(info["groups"])) rows.push(["Groups", `[${info["groups"].join(" ")}]`]);
    if (isRecord(info["extra"])) {
      for (const key of Object.keys(info["extra"]).toSorted()) {
        const values = info["extra"][key];
        rows.push([`Extra: ${key}`, `[${Array.isArray(values) ? values.join(" ") : ""}]`]);
      }
    }
    await session.terminal.write(
      alignTabs(rows.map((row) => `${row.map(safeCell).join("\t")}\n`).join(""), tableLayout),
    );
  },
});
