import { decode, encode } from "dns-packet";
import { randomInt } from "@kube-ts/std/random";
import type { Random } from "@kube-ts/std/random";
import type { ForwardFailure, Forwarder, Transport } from "./forward/forwarder.ts";
import { adaptResponse } from "./message/foreign-response.ts";
import { classIn, lowerCase, readQuery, recordType, responseCode } from "./message/query.ts";
import type { Query, ResponseCode } from "./message/query.ts";
import { encodeRefusal, encodeReply, failure, maxTcpBytes, udpLimit } from "./message/response.ts";
import type { Reply, ResourceRecord } from "./message/response.ts";
import type { ClusterZone } from "./zone/cluster-zone.ts";

/** What was answered to a message, for metrics and logs. */
export interface HandledQuery {
  /** Undefined when the message is not to be answered. */
  readonly response: Buffer | undefined;
  readonly query: Query | undefined;
  readonly code: number;
  /** Whether the answer came from the zone, the cache or another server. */
  readonly source: "zone" | "cache" | "forward" | "none";
}

export interface QueryHandlerParts {
  readonly zone: ClusterZone;
  /** Whether the zone knows the whole cluster; until then it says nothing about it. */
  ready(): boolean;
  readonly forwarder: Forwarder;
  readonly random: Random;
  /** Ends what is under way with other servers. */
  readonly signal: AbortSignal;
}

/** Aliases that lead to aliases are followed this far. */
const maxAliases = 8;

const failureCodes: Readonly<Record<ForwardFailure, ResponseCode>> = {
  "no-upstream": responseCode.REFUSED,
  overloaded: responseCode.SERVFAIL,
  unreachable: responseCode.SERVFAIL,
};

/** Answers messages: names of the cluster from its zone, all others by asking other servers. */
export class QueryHandler {
  readonly #parts: QueryHandlerParts;

  constructor(parts: QueryHandlerParts) {
    this.#parts = parts;
  }

  /** Never rejects but with the reason of the handler's own signal. */
  async handle(message: Buffer, transport: Transport): Promise<HandledQuery> {
    const read = readQuery(message);
    if (read.kind === "ignored") return { response: undefined, query: undefined, code: 0, source: "none" };
    if (read.kind === "refused") {
      return { response: encodeRefusal(message, read.code), query: undefined, code: read.code, source: "none" };
    }
    const { query } = read;
    const limit = transport === "udp" ? udpLimit(query) : maxTcpBytes;
    const local = await this.#localReply(query);
    if (local) {
      return { response: encodeReply(query, local, limit), query, code: local.code, source: "zone" };
    }
    return this.#forward(query, transport, limit);
  }

  /** The reply that needs no other server's answer for this name; undefined when the question is to be handed on. */
  async #localReply(query: Query): Promise<Reply | undefined> {
    const { zone } = this.#parts;
    const ready = this.#parts.ready();
    if ((query.edns?.version ?? 0) > 0) return failure(responseCode.BADVERS);
    const transfer = query.type === recordType.AXFR || query.type === recordType.IXFR;
    if (transfer || query.class !== classIn) return failure(responseCode.REFUSED);
    if (zone.contains(query.labels)) {
      return ready ? this.#zoneReply(query.labels, query.type) : failure(responseCode.SERVFAIL);
    }
    const names = ready ? zone.reverse(query.labels) : undefined;
    if (!names) return undefined;
    if (query.type === recordType.PTR) return { code: responseCode.NOERROR, authoritative: true, answers: names };
    return { code: responseCode.NOERROR, authoritative: true, authorities: [zone.startOfAuthority()] };
  }

  async #zoneReply(labels: readonly string[], type: number): Promise<Reply> {
    const { zone } = this.#parts;
    const aliases: ResourceRecord[] = [];
    let current = labels;
    for (let turn = 0; turn <= maxAliases; turn += 1) {
      const found = zone.lookup(current, type);
      const common = { authoritative: true, answers: aliases };
      switch (found.kind) {
        case "records": {
          const answers = [...aliases, ...this.#shuffled(found.answers)];
          return { ...common, code: responseCode.NOERROR, answers, additionals: found.additionals };
        }
        case "nodata":
          return { ...common, code: responseCode.NOERROR, authorities: [zone.startOfAuthority()] };
        case "nxdomain":
          return { ...common, code: responseCode.NXDOMAIN, authorities: [zone.startOfAuthority()] };
        case "alias": {
          aliases.push(found.record);
          if (type === recordType.CNAME) return { ...common, code: responseCode.NOERROR };
          const target = found.target.split(".");
          if (!zone.contains(target)) return this.#resolveAlias(found.target, type, aliases);
          current = target.map(lowerCase);
        }
      }
    }
    return failure(responseCode.SERVFAIL);
  }

  /** Adds what other servers say of the name that an alias of the cluster leads to. */
  async #resolveAlias(target: string, type: number, aliases: readonly ResourceRecord[]): Promise<Reply> {
    const { forwarder, signal } = this.#parts;
    const question = readQuery(encodeQuestion(target, type));
    if (question.kind !== "query") return failure(responseCode.SERVFAIL);
    let result = await forwarder.forward(question.query, "udp", signal);
    if (result.kind === "answer" && result.kept.response.truncated) {
      result = await forwarder.forward(question.query, "tcp", signal);
    }
    if (result.kind === "failed") return failure(responseCode.SERVFAIL);
    const { message, response, ageSeconds } = result.kept;
    if (response.code !== responseCode.NOERROR && response.code !== responseCode.NXDOMAIN) {
      return failure(responseCode.SERVFAIL);
    }
    const records = decodeAnswers(adaptResponse(message, response, question.query, ageSeconds, maxTcpBytes));
    return { code: response.code, authoritative: true, answers: [...aliases, ...records] };
  }

  async #forward(query: Query, transport: Transport, limit: number): Promise<HandledQuery> {
    const { forwarder, signal } = this.#parts;
    const result = await forwarder.forward(query, transport, signal);
    if (result.kind === "failed") {
      const code = failureCodes[result.reason];
      return { response: encodeReply(query, failure(code), limit), query, code, source: "forward" };
    }
    const { message, response, ageSeconds } = result.kept;
    const adapted = adaptResponse(message, response, query, ageSeconds, limit);
    return { response: adapted, query, code: response.code, source: result.fromCache ? "cache" : "forward" };
  }

  /** Clients take the first address: each gets another one. */
  #shuffled(records: readonly ResourceRecord[]): readonly ResourceRecord[] {
    const shuffled = [...records];
    for (let index = shuffled.length - 1; index > 0; index -= 1) {
      const other = randomInt(this.#parts.random, index + 1);
      const [a, b] = [shuffled[index], shuffled[other]];
      if (a && b) [shuffled[index], shuffled[other]] = [b, a];
    }
    return shuffled;
  }
}

function encodeQuestion(name: string, type: number): Buffer {
  const message = encode({ type: "query", id: 0, flags: 0x0100, questions: [{ name, type: "A" }] });
  message.writeUInt16BE(type, message.length - 4);
  return message;
}

/** The records of another server's answer; none when one is of a form that cannot be read. */
function decodeAnswers(message: Buffer): readonly ResourceRecord[] {
  try {
    return (decode(message).answers ?? []).flatMap((record) => (record.type === "OPT" ? [] : [record]));
  } catch {
    return [];
  }
}
