import { FlagError, defineFlags } from "@kube-ts/std/flags";
import { systemClock } from "@kube-ts/std/clock";
import { defineCommand } from "../cli/command.ts";
import { parseEndpoint } from "../cluster/endpoint.ts";
import { elapsedSeconds } from "../local/progress.ts";
import { hasRole } from "../cluster/cluster-view.ts";
import type { Machine } from "../cluster/cluster-config.ts";
import { adminKubeconfig } from "../machine/places.ts";
import { parsePins } from "./discovery/public-key-pins.ts";
import { type JoinOrder, joinCluster } from "./join-cluster.ts";
import { parseToken } from "./token/bootstrap-token.ts";
import { parseCertificateKey } from "./uploaded-certificates/certificate-key.ts";

const timeoutMs = 1_800_000;

const flags = defineFlags({
  token: {
    type: "string",
    default: "",
    description: "Token that the cluster knows: `kube-ts token create` prints one.",
  },
  "discovery-token-ca-cert-hash": {
    type: "stringList",
    default: [],
    description: 'Hash of the public key of the cluster\'s authority, as "sha256:<hex>".',
  },
  "discovery-token-unsafe-skip-ca-verification": {
    type: "boolean",
    default: false,
    description: "Join without --discovery-token-ca-cert-hash: whoever has the token may pose as the cluster.",
  },
  "discovery-timeout": {
    type: "duration",
    default: 300_000,
    description: "How long to wait for an API server that answers, and for its signature with the token.",
  },
  "control-plane": { type: "boolean", default: false, description: "Make the machine part of the control plane." },
  "certificate-key": {
    type: "string",
    default: "",
    description: "Key of the certificates that control-plane machines share: `kube-ts certificates upload` prints one.",
  },
  machine: {
    type: "string",
    default: "",
    description: "Name of this machine in the cluster, if it is not the host's name.",
  },
  address: {
    type: "stringList",
    default: [],
    description:
      "Addresses of this machine, one of each family, where the cluster's configuration does not name the machine.",
  },
});

export const command = defineCommand({
  needsRoot: true,
  description: "Makes this machine part of a cluster. A machine that is in the cluster already is left alone.",
  arguments: "HOST:PORT",
  argumentCount: { least: 1, most: 1 },
  flags,
  run: async ({ values }, { positional: [endpoint = ""], signal, write }) => {
    const order: JoinOrder = {
      server: serverOf(endpoint),
      token: tokenOf(values.token),
      pins: pinsOf(values["discovery-token-ca-cert-hash"], values["discovery-token-unsafe-skip-ca-verification"]),
      isControlPlane: values["control-plane"],
      certificateKey: checkedKey(values["certificate-key"]),
      machineName: values.machine,
      addresses: values.address,
      discoveryTimeoutMs: values["discovery-timeout"],
    };
    const outcome = await joinCluster(order, systemClock, AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]));
    write(outcome.changes.length === 0 ? unchanged(outcome.machine) : summary(outcome.machine));
  },
});

function serverOf(endpoint: string): string {
  if (!parseEndpoint(endpoint))
    throw new FlagError("", `${JSON.stringify(endpoint)} is not HOST:PORT of an API server`);
  return `https://${endpoint}`;
}

function tokenOf(text: string): JoinOrder["token"] {
  if (text !== "") return parseToken(text);
  throw new FlagError(
    "token",
    "--token is missing: kube-ts token create --print-join-command prints the whole command",
  );
}

function pinsOf(hashes: readonly string[], isUnsafe: boolean): ReadonlySet<string> | undefined {
  if (hashes.length > 0) return parsePins(hashes);
  if (isUnsafe) return undefined;
  throw new FlagError(
    "discovery-token-ca-cert-hash",
    "using token-based discovery without --discovery-token-ca-cert-hash can be unsafe. Pass --discovery-token-unsafe-skip-ca-verification to continue",
  );
}

function checkedKey(text: string): string {
  if (text !== "") parseCertificateKey(text);
  return text;
}

function unchanged({ name }: Machine): string {
  return `\nNothing to change: ${name} is in the cluster already (${elapsedSeconds()} s).\n`;
}

function summary(machine: Machine): string {
  return [
    "",
    `${machine.name} has joined the cluster: ${machine.roles.join(", ")} (${elapsedSeconds()} s).`,
    ...(hasRole(machine, "control-plane")
      ? ["To use the cluster:", `  export KUBECONFIG=${adminKubeconfig}`, "  kubectl get nodes"]
      : ["Run kubectl get nodes on a control-plane machine to see it."]),
    "",
  ].join("\n");
}
