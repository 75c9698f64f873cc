import { groupCommand } from "../../command-line/group-command.ts";
import { CommandError } from "../../command-line/command-error.ts";
import type { Command } from "../../command-line/command.ts";
import { integerFlag, listFlag, stringFlag } from "../../command-line/flag.ts";
import { defineGenerator } from "./generator.ts";

const tcpFlag = { tcp: listFlag("Port pairs can be specified as '<port>:<targetPort>'.") } as const;

export const command: Command = groupCommand(
  ["create", "service"],
  { usage: "[flags]", description: "Create a service using a specified subcommand." },
  "failure",
);

export const clusterIp = defineGenerator({
  usage: "NAME [--tcp=<port>:<targetPort>] [--dry-run=server|client|none]",
  description: "Create a ClusterIP service with the specified name.",
  failure: "failed to create ClusterIP service: ",
  flags: {
    ...tcpFlag,
    clusterip: stringFlag("Assign your own ClusterIP or set to 'None' for a 'headless' service (no loadbalancing)."),
  },
  build: ({ name, flags }) => {
    if (flags.tcp.length === 0 && flags.clusterip !== "None") throw noPorts();
    if (flags.clusterip === "None" && flags.tcp.length === 0)
      return service(name, [], "ClusterIP", { clusterIP: "None" });
    return service(name, flags.tcp, "ClusterIP", flags.clusterip === "" ? {} : { clusterIP: flags.clusterip });
  },
});

export const nodePort = defineGenerator({
  usage: "NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  description: "Create a NodePort service with the specified name.",
  failure: "failed to create NodePort service: ",
  flags: { ...tcpFlag, "node-port": integerFlag("Port used to expose the service on each node in a cluster.") },
  build: ({ name, flags }) => {
    if (flags.tcp.length === 0) throw noPorts();
    return service(name, flags.tcp, "NodePort", {}, flags["node-port"]);
  },
});

export const loadBalancer = defineGenerator({
  usage: "NAME [--tcp=port:targetPort] [--dry-run=server|client|none]",
  description: "Create a LoadBalancer service with the specified name.",
  failure: "failed to create LoadBalancer service: ",
  flags: tcpFlag,
  build: ({ name, flags }) => {
    if (flags.tcp.length === 0) throw noPorts();
    return service(name, flags.tcp, "LoadBalancer");
  },
});

export const externalName = defineGenerator({
  usage: "NAME --external-name external.name [--dry-run=server|client|none]",
  description: "Create an ExternalName service with the specified name.",
  failure: "failed to create ExternalName service: ",
  flags: { ...tcpFlag, "external-name": stringFlag("External name of service") },
  required: ["external-name"],
  build: ({ name, flags }) => service(name, flags.tcp, "ExternalName", { externalName: flags["external-name"] }),
});

function noPorts(): CommandError {
  return new CommandError("at least one tcp port specifier must be provided");
}

function service(name: string, ports: readonly string[], type: string, more: object = {}, nodePortNumber = 0) {
  const { clusterIP, externalName: external } = more as { clusterIP?: string; externalName?: string };
  return {
    kind: "Service",
    apiVersion: "v1",
    metadata: { name, labels: { app: name } },
    spec: {
      ...(ports.length > 0 && { ports: ports.map((port) => servicePort(port, nodePortNumber)) }),
      selector: { app: name },
      ...(clusterIP !== undefined && { clusterIP }),
      type,
      ...(external !== undefined && { externalName: external }),
    },
    status: { loadBalancer: {} },
  };
}

function servicePort(text: string, nodePortNumber: number) {
  const [first = "", second] = text.split(":");
  const port = portNumber(first);
  const targetPort = second === undefined ? port : /^\d+$/.test(second) ? portNumber(second) : second;
  const name = text.replaceAll(":", "-");
  return { name, protocol: "TCP", port, targetPort, ...(nodePortNumber > 0 && { nodePort: nodePortNumber }) };
}

function portNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: invalid syntax`);
  const port = Number(text);
  if (port > 65_535) throw new CommandError(`strconv.ParseUint: parsing ${JSON.stringify(text)}: value out of range`);
  return port;
}
