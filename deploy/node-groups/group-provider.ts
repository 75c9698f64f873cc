import { isRecord } from "@kube-ts/std/config-schema";

/** A machine as a request names it. */
export interface NamedMachine {
  readonly id: string;
  readonly nodeName: string | undefined;
}

/** What a provider of machines does; `README.md` is the contract of each verb. */
export interface GroupProvider {
  /** The answer to `list`, to be printed as JSON. */
  list(signal: AbortSignal): Promise<object>;
  /** Rejects with an OutOfMachinesError when there are not so many left. */
  increase(group: string, count: number, signal: AbortSignal): Promise<void>;
  delete(group: string, machines: readonly NamedMachine[], signal: AbortSignal): Promise<void>;
  /** Resolves when the node's machine is certainly off. */
  fence(node: string, providerId: string, signal: AbortSignal): Promise<void>;
}

/** There is no machine that could be started now. */
export class OutOfMachinesError extends Error {
  override readonly name = "OutOfMachinesError";
}

/** A request that no autoscaler sends. */
export class RequestError extends Error {
  override readonly name = "RequestError";
}

/** The exit code that tells a lack of machines. */
export const outOfMachinesExitCode = 3;

/** Carries a verb out; `input` is what came in on standard input. Answers what is to be printed. */
export async function answerVerb(
  provider: GroupProvider,
  verb: string,
  input: string,
  signal: AbortSignal,
): Promise<string> {
  const request = parseRequest(input);
  switch (verb) {
    case "list":
      return `${JSON.stringify(await provider.list(signal))}\n`;
    case "increase":
      await provider.increase(text(request, "group"), positive(request, "count"), signal);
      return "";
    case "delete":
      await provider.delete(text(request, "group"), namedMachines(request), signal);
      return "";
    case "fence":
      await provider.fence(text(request, "node"), optionalText(request, "providerID"), signal);
      return "";
    default:
      throw new RequestError(`unknown verb ${JSON.stringify(verb)}: use list, increase, delete or fence`);
  }
}

type Request = Readonly<Record<string, unknown>>;

function parseRequest(input: string): Request {
  if (input.trim() === "") return {};
  try {
    const parsed: unknown = JSON.parse(input);
    if (isRecord(parsed)) return parsed;
  } catch (error) {
    throw new RequestError(`the request is not JSON: ${(error as Error).message}`, { cause: error });
  }
  throw new RequestError("the request must be an object");
}

function text(request: Request, field: string): string {
  const value = request[field];
  if (typeof value !== "string" || value === "") throw new RequestError(`${field}: must be a string`);
  return value;
}

function optionalText(request: Request, field: string): string {
  return request[field] === undefined || request[field] === "" ? "" : text(request, field);
}

function positive(request: Request, field: string): number {
  const value = request[field];
  if (!Number.isSafeInteger(value) || (value as number) < 1) throw new RequestError(`${field}: must be at least 1`);
  return value as number;
}

function namedMachines({ machines }: Request): readonly NamedMachine[] {
  if (!Array.isArray(machines)) throw new RequestError("machines: must be a list");
  return machines.map((machine: unknown) => {
    if (!isRecord(machine)) throw new RequestError("machines: must be a list of objects");
    return { id: text(machine, "id"), nodeName: optionalText(machine, "nodeName") || undefined };
  });
}
