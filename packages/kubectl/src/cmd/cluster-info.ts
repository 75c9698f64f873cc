import { isRecord } from "@kube-ts/std/config-schema";
import { labelsOf, nameOf, namespaceOf } from "../builder/object-reference.ts";
import { defineCommand } from "../command-line/command.ts";
import { safeText } from "../printers/terminal-text.ts";

export const command = defineCommand({
  usage: "[flags]",
  description: "Display addresses of the control plane and services with label kubernetes.io/cluster-service=true.",
  flags: {},
  run: async (session) => {
    const { server } = await session.config();
    const api = await session.api();
    const list = await api.json({
      path: "/api/v1/namespaces/kube-system/services",
      query: { labelSelector: "kubernetes.io/cluster-service=true" },
    });
    const paint = (code: number, text: string) =>
      session.terminal.stdoutIsTerminal ? `\x1b[0;${code}m${text}\x1b[0m` : text;
    const line = (name: string, url: string) => `${paint(32, name)} is running at ${paint(33, url)}\n`;
    let text = line("Kubernetes control plane", server);
    for (const service of (Array.isArray(list["items"]) ? list["items"] : []).filter(isRecord)) {
      const name = labelsOf(service)["kubernetes.io/name"] ?? nameOf(service);
      const ports =
        isRecord(service["spec"]) && Array.isArray(service["spec"]["ports"])
          ? service["spec"]["ports"].filter(isRecord)
          : [];
      const port = typeof ports[0]?.["name"] === "string" ? `:${ports[0]["name"]}` : "";
      text += line(
        safeText(name),
        safeText(`${server}/api/v1/namespaces/${namespaceOf(service)}/services/${nameOf(service)}${port}/proxy`),
      );
    }
    await session.terminal.write(
      `${text}\nTo further debug and diagnose cluster problems, use 'kubectl cluster-info dump'.\n`,
    );
  },
});
