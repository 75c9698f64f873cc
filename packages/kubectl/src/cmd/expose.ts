import { isRecord } from "@kube-ts/std/config-schema";
import { podSelectorOf } from "../builder/find-pods.ts";
import { causeOf, recordFlag, withAnnotations } from "../builder/change-cause.ts";
import { withGenerated } from "../builder/last-applied.ts";
import { labelsOf, type LocatedObject } from "../builder/object-reference.ts";
import { namedObjects } from "../builder/resource-query.ts";
import { CommandError, throwFailures } from "../command-line/command-error.ts";
import { defineCommand, type Invocation } from "../command-line/command.ts";
import { parseDryRun } from "../command-line/dry-run.ts";
import { booleanFlag, stringFlag } from "../command-line/flag.ts";
import { dryRunFlag, fieldManagerFlag, fileFlags } from "../command-line/shared-flags.ts";
import { outputFlags } from "../printers/object-printer.ts";
import { createResultPrinter } from "../printers/result-printer.ts";
import type { JsonObject } from "../session/api.ts";
import { overrideFlags, withOverrides } from "./merge-overrides.ts";
import type { Session } from "../session/session.ts";
import { containersOf, podSpecPath, recordAt } from "../builder/pod-template.ts";

const flags = {
  ...outputFlags,
  ...fileFlags,
  ...dryRunFlag,
  ...recordFlag,
  ...fieldManagerFlag("kubectl-expose"),
  ...overrideFlags("merge"),
  "cluster-ip": stringFlag(
    "ClusterIP to be assigned to the service. Leave empty to auto-allocate, or set to 'None' to create a headless service.",
  ),
  "external-ip": stringFlag("Additional external IP address (not managed by Kubernetes) to accept for the service."),
  labels: stringFlag("Labels to apply to the service created by this call.", { short: "l" }),
  "load-balancer-ip": stringFlag("IP to assign to the LoadBalancer."),
  name: stringFlag("The name for the newly created object."),
  port: stringFlag("The port that the service should serve on. Copied from the resource being exposed, if unspecified"),
  protocol: stringFlag("The network protocol for the service to be created. Default is 'TCP'."),
  "save-config": booleanFlag("If true, the configuration of current object will be saved in its annotation."),
  selector: stringFlag("A label selector to use for this service."),
  "session-affinity": stringFlag(
    "If non-empty, set the session affinity for the service to this; legal values: 'None', 'ClientIP'",
  ),
  "target-port": stringFlag(
    "Name or number for the port on the container that the service should direct traffic to. Optional.",
  ),
  type: stringFlag(
    "Type for this service: ClusterIP, NodePort, LoadBalancer, or ExternalName. Default is 'ClusterIP'.",
  ),
} as const;

type Values = Invocation<typeof flags>["flags"];

export const command = defineCommand({
  usage:
    "(-f FILENAME | TYPE NAME) [--port=port] [--protocol=TCP|UDP|SCTP] [--target-port=number-or-name] [--name=name] [--external-ip=external-ip-of-service] [--type=type]",
  description: "Expose a resource as a new Kubernetes service.",
  flags,
  run: async (session, { flags: values, positional }) => {
    const dryRun = parseDryRun(session.terminal, values["dry-run"]);
    const print = await createResultPrinter(values, dryRun, { keepOrder: true });
    const failures: unknown[] = [];
    // Here --selector is that of the service to make.
    const found = await namedObjects(session, positional, { ...values, selector: "" }, failures);
    for (const item of found) {
      try {
        const service = withOverrides(serviceFor(item, values), "Service", values);
        const saved = values["save-config"] ? withGenerated(service) : service;
        const recorded = withAnnotations(saved, causeOf(values, session.commandLine));
        const result =
          dryRun === "client"
            ? service
            : await createService(session, item.namespace, recorded, values, dryRun === "server");
        await session.terminal.write(print(result, "exposed"));
      } catch (error) {
        failures.push(error);
      }
    }
    throwFailures(failures);
  },
});

const exposable: ReadonlySet<string> = new Set(["Deployment", "Service", "ReplicaSet", "ReplicationController", "Pod"]);

async function createService(
  session: Session,
  namespace: string,
  body: JsonObject,
  values: Values,
  dryRun: boolean,
): Promise<JsonObject> {
  return (await session.api()).json({
    method: "POST",
    path: `/api/v1/namespaces/${encodeURIComponent(namespace)}/services`,
    query: { fieldManager: values["field-manager"], dryRun: dryRun ? "All" : undefined },
    body,
  });
}

/** The service that makes an object reachable. Throws a CommandError when it cannot be told how. */
function serviceFor(item: LocatedObject, values: Values): JsonObject {
  const { resource, object } = item;
  if (!exposable.has(resource.kind)) {
    throw new CommandError(`cannot expose a ${resource.kind}${resource.group === "" ? "" : `.${resource.group}`}`);
  }
  const name = (values.name || item.name).slice(0, 63);
  const selector = values.selector === "" ? selectorOf(item) : parseMap(values.selector);
  const ports = portsOf(item, values);
  const labels = values.labels === "" ? labelsOf(object) : parseMap(values.labels);
  const headless = values["cluster-ip"] === "None";
  if (ports.length === 0 && !headless) throw new CommandError("couldn't find port via --port flag or introspection");
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name, ...(Object.keys(labels).length > 0 && { labels }) },
    spec: {
      ...(ports.length > 0 && { ports }),
      selector,
      ...(values["cluster-ip"] !== "" && { clusterIP: values["cluster-ip"] }),
      ...(values.type !== "" && { type: values.type }),
      ...(values["external-ip"] !== "" && { externalIPs: [values["external-ip"]] }),
      ...(values["session-affinity"] !== "" && { sessionAffinity: values["session-affinity"] }),
      ...(values["load-balancer-ip"] !== "" &&
        values.type === "LoadBalancer" && { loadBalancerIP: values["load-balancer-ip"] }),
    },
    status: { loadBalancer: {} },
  };
}

function selectorOf({ resource, object }: LocatedObject): Record<string, string> {
  if (resource.kind === "Pod") {
    const labels = labelsOf(object);
    if (Object.keys(labels).length === 0)
      throw new CommandError(
        "couldn't retrieve selectors via --selector flag or introspection: the pod has no labels and cannot be exposed",
      );
    return { ...labels };
  }
  const selector = recordAt(object, ["spec", "selector"]);
  const expressions = selector["matchExpressions"];
  if (Array.isArray(expressions) && expressions.length > 0) {
    throw new CommandError(
      `couldn't retrieve selectors via --selector flag or introspection: couldn't convert expressions - ${JSON.stringify(expressions)} to map-based selector format`,
    );
  }
  const matched = isRecord(selector["matchLabels"]) ? selector["matchLabels"] : selector;
  if (podSelectorOf(object) === undefined) {
    throw new CommandError(
      "couldn't retrieve selectors via --selector flag or introspection: the service has no pod selector set",
    );
  }
  return matched as Record<string, string>;
}

function portsOf(item: LocatedObject, values: Values): JsonObject[] {
  const known = knownPorts(item);
  const wanted = values.port === "" ? known.map(({ port }) => port) : values.port.split(",").map(Number);
  if (wanted.some((port) => !Number.isInteger(port) || port < 0 || port > 65_535))
    throw new CommandError(`strconv.Atoi: parsing ${JSON.stringify(values.port)}: invalid syntax`);
  return wanted.map((port, index) => {
    const protocol = values.protocol || (known.find((each) => each.port === port)?.protocol ?? "TCP");
    const target =
      values["target-port"] === ""
        ? port
        : /^\d+$/.test(values["target-port"])
          ? Number(values["target-port"])
          : values["target-port"];
    return { ...(wanted.length > 1 && { name: `port-${index + 1}` }), protocol, port, targetPort: target };
  });
}

function knownPorts({ resource, object }: LocatedObject): { port: number; protocol: string }[] {
  const list =
    resource.kind === "Service"
      ? recordAt(object, ["spec"])["ports"]
      : containersOf({ containers: recordAt(object, podSpecPath(resource.kind) ?? [])["containers"] }).flatMap(
          (each) => each["ports"] ?? [],
        );
  const records = Array.isArray(list) ? list.filter(isRecord) : [];
  return records.map((each) => ({
    port: Number(each["port"] ?? each["containerPort"]),
    protocol: String(each["protocol"] ?? "TCP"),
  }));
}

function parseMap(text: string): Record<string, string> {
  return Object.fromEntries(
    text.split(",").map((pair) => {
      const [key = "", value] = pair.split(/==?/);
      if (value === undefined) throw new CommandError(`unexpected label spec: ${pair}`);
      return [key, value];
    }),
  );
}
