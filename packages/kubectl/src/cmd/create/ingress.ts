import { CommandError } from "../../command-line/command-error.ts";
import { repeatedFlag, stringFlag } from "../../command-line/flag.ts";
import { defineGenerator } from "./generator.ts";

export const command = defineGenerator({
  usage: "NAME --rule=host/path=service:port[,tls[=secret]] ",
  description: "Create an ingress with the specified name.",
  examples:
    '  # Create a single ingress called \'simple\' that directs requests to foo.com/bar to svc1:8080 with a TLS secret "my-cert"\n  kubectl create ingress simple --rule="foo.com/bar=svc1:8080,tls=my-cert"',
  failure: "failed to create ingress: ",
  flags: {
    annotation: repeatedFlag("Annotation to insert in the ingress object, in the format annotation=value"),
    class: stringFlag("Ingress Class to be used"),
    "default-backend": stringFlag("Default service for backend, in format of svcname:port"),
    rule: repeatedFlag(
      "Rule in format host/path=service:port[,tls=secretname]. Paths containing the leading character '*' are considered pathType=Prefix. tls argument is optional.",
    ),
  },
  build: ({ name, flags }) => {
    if (flags["default-backend"] === "" && flags.rule.length === 0) {
      throw new CommandError(
        "not enough information provided: every ingress has to either specify a default-backend (which catches all traffic) or a list of rules (which catch specific paths)",
      );
    }
    const rules = flags.rule.map(parseRule);
    const annotations = Object.fromEntries(flags.annotation.map(parseAnnotation));
    const tls = tlsOf(rules);
    return {
      kind: "Ingress",
      apiVersion: "networking.k8s.io/v1",
      metadata: { name, ...(flags.annotation.length > 0 && { annotations }) },
      spec: {
        ...(flags.class !== "" && { ingressClassName: flags.class }),
        ...(flags["default-backend"] !== "" && { defaultBackend: backend(flags["default-backend"]) }),
        ...(tls.length > 0 && { tls }),
        ...(rules.length > 0 && { rules: hostRules(rules) }),
      },
      status: { loadBalancer: {} },
    };
  },
});

interface Rule {
  readonly host: string;
  readonly path: string;
  readonly service: string;
  /** Undefined without TLS, empty for the default certificate. */
  readonly secret: string | undefined;
}

/** Reads `host/path=service:port[,tls[=secret]]`. Throws a CommandError. */
export function parseRule(text: string): Rule {
  const match = /^([^/=]*)(\/[^=,]*)=([^:=,]+:[^:=,]+)(,tls(?:=([^=,]*))?)?$/.exec(text);
  if (!match) {
    throw new CommandError(`rule ${text} is invalid and should be in format host/path=svcname:svcport[,tls[=secret]]`);
  }
  const [, host = "", path = "", service = "", tls, secret = ""] = match;
  return { host, path, service, secret: tls === undefined ? undefined : secret };
}

function parseAnnotation(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals < 1) throw new CommandError(`annotation ${text} is invalid and should be in format key=[value]`);
  return [text.slice(0, equals), text.slice(equals + 1)];
}

function backend(text: string) {
  const [name = "", port, ...more] = text.split(":");
  if (name === "" || !port || more.length > 0) {
    throw new CommandError("default-backend should be in format servicename:serviceport");
  }
  return { service: { name, port: /^\d+$/.test(port) ? { number: Number(port) } : { name: port } } };
}

function tlsOf(rules: readonly Rule[]) {
  const bySecret = new Map<string, string[]>();
  for (const { host, secret } of rules) {
    if (secret === undefined) continue;
    const hosts = bySecret.get(secret) ?? [];
    if (host !== "" && !hosts.includes(host)) hosts.push(host);
    bySecret.set(secret, hosts);
  }
  return [...bySecret].map(([secretName, hosts]) => ({
    ...(hosts.length > 0 && { hosts }),
    ...(secretName !== "" && { secretName }),
  }));
}

/** One rule for each host; a path that ends with a star covers all below it. */
function hostRules(rules: readonly Rule[]) {
  return [...new Set(rules.map(({ host }) => host))].map((host) => ({
    ...(host !== "" && { host }),
    http: {
      paths: rules
        .filter((rule) => rule.host === host)
        .map(({ path, service }) => ({
          path: path.endsWith("*") ? path.slice(0, -1) : path,
          pathType: path.endsWith("*") ? "Prefix" : "Exact",
          backend: backend(service),
        })),
    },
  }));
}
