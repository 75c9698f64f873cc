import type { IncomingMessage } from "node:http";
import type { Handler } from "./exchange.ts";
import { sendText } from "./exchange.ts";
import type { KubeletServerOptions } from "./kubelet-server.ts";
import { RequestError, containerSpec, findPod, runningContainer } from "./pod-source.ts";

const runTimeoutMs = 120_000;

/** `POST /run/{namespace}/{pod}[/{uid}]/{container}?cmd=`: executes a command; its output is the response. */
export function runCommand(
  options: KubeletServerOptions,
  request: IncomingMessage,
  segments: readonly string[],
): Handler {
  refuseOthersThanPost(request);
  const [namespace, name, ...rest] = segments;
  const container = rest.at(-1);
  if (!namespace || !name || !container || rest.length > 2) throw new RequestError(404, "404 page not found");
  return async ({ response, target, signal }) => {
    const command = (target.query.get("cmd") ?? "").split(" ").filter((part) => part !== "");
    if (command.length === 0) throw new RequestError(400, "you must specify the command");
    const pod = findPod(options.pods, namespace, name, rest.length === 2 ? rest[0] : undefined);
    const id = await runningContainer(options.runtime, pod, container, signal);
    const { exitCode, stdout, stderr } = await options.runtime.execSync(id, command, runTimeoutMs, signal);
    if (exitCode !== 0) {
      const text = `command '${command.join(" ")}' exited with ${exitCode}: ${stderr.toString("utf8")}`;
      throw new RequestError(500, text);
    }
    sendText(response, 200, Buffer.concat([stdout, stderr]).toString("utf8"));
  };
}

/** What runtimes without checkpoints answer. */
const cannotCheckpoint = "rpc error: code = Unimplemented desc = method CheckpointContainer not implemented";

/** `POST /checkpoint/{namespace}/{pod}/{container}`: the runtime has no checkpoints, and the answer says so. */
export function checkpointContainer(
  { pods }: KubeletServerOptions,
  request: IncomingMessage,
  segments: readonly string[],
): Handler {
  refuseOthersThanPost(request);
  const [namespace, name, container, ...rest] = segments;
  if (!namespace || !name || !container || rest.length > 0) throw new RequestError(404, "404 page not found");
  return async ({ target }) => {
    const pod = findPod(pods, namespace, name);
    if (!containerSpec(pod, container)) throw new RequestError(404, `container ${container} does not exist`);
    const timeout = target.query.getAll("timeout").at(-1);
    if (timeout !== undefined && !/^[-+]?\d+$/.test(timeout)) {
      throw new RequestError(404, "cannot parse value of timeout parameter");
    }
    throw new RequestError(500, `checkpointing of ${namespace}/${name}/${container} failed (${cannotCheckpoint})`);
  };
}

function refuseOthersThanPost({ method }: IncomingMessage): void {
  if (method !== "POST") throw new RequestError(405, "405: Method Not Allowed");
}
