import type { ChannelSelection } from "@kube-ts/client/streaming/channel-set";
import { parsePort } from "@kube-ts/client/streaming/port-forward-server";
import type { RequestTarget } from "@kube-ts/std/request-target";
import { RequestError } from "../pod-source.ts";
import { pathSegments } from "../path-segments.ts";

/** What a request for a stream names. */
export type StreamRequest =
  | {
      readonly kind: "exec";
      readonly pod: PodPath;
      readonly container: string;
      readonly command: readonly string[];
      readonly selection: ChannelSelection;
    }
  | {
      readonly kind: "attach";
      readonly pod: PodPath;
      readonly container: string;
      readonly selection: ChannelSelection;
    }
  | { readonly kind: "portForward"; readonly pod: PodPath; readonly ports: readonly number[] };

export interface PodPath {
  readonly namespace: string;
  readonly name: string;
  /** Present when the client insists on it. */
  readonly uid: string | undefined;
}

/** Undefined for a path that is no stream; throws RequestError 400 for one that is wrong. */
export function parseStreamRequest({ path, query }: RequestTarget): StreamRequest | undefined {
  const exec = pathSegments(path, "exec");
  if (exec) {
    const at = containerPath(exec);
    const command = query.getAll("command");
    if (at && command.length === 0) throw new RequestError(400, "you must specify the command");
    return at && { kind: "exec", ...at, command, selection: parseSelection(query) };
  }
  const attach = pathSegments(path, "attach");
  if (attach) {
    const at = containerPath(attach);
    return at && { kind: "attach", ...at, selection: parseSelection(query) };
  }
  const portForward = pathSegments(path, "portForward");
  const pod = portForward && podPath(portForward);
  return pod && { kind: "portForward", pod, ports: parsePorts(query) };
}

/** `/{namespace}/{pod}[/{uid}]/{container}` */
function containerPath(segments: readonly string[]): { pod: PodPath; container: string } | undefined {
  const container = segments.at(-1);
  const pod = podPath(segments.slice(0, -1));
  return pod && container ? { pod, container } : undefined;
}

function podPath(segments: readonly string[]): PodPath | undefined {
  const [namespace, name, uid, ...rest] = segments;
  return namespace && name && rest.length === 0 ? { namespace, name, uid } : undefined;
}

function parseSelection(query: URLSearchParams): ChannelSelection {
  const has = (name: string) => query.get(name) === "1" || query.get(name) === "true";
  const selection = { stdin: has("input"), stdout: has("output"), stderr: has("error"), tty: has("tty") };
  if (!selection.stdin && !selection.stdout && !selection.stderr) {
    throw new RequestError(400, "you must specify at least 1 of stdin, stdout, stderr");
  }
  // A terminal has one output.
  return selection.tty ? { ...selection, stderr: false } : selection;
}

function parsePorts(query: URLSearchParams): readonly number[] {
  return query
    .getAll("port")
    .flatMap((text) => text.split(","))
    .map((text) => {
      const port = parsePort(text);
      if (port === undefined) throw new RequestError(400, `unable to parse "${text}" as a port`);
      return port;
    });
}
