import { encode } from "dns-packet";
import type { Answer } from "dns-packet";
import { flag } from "./query.ts";
import type { Query, ResponseCode } from "./query.ts";

/** A resource record; its class is IN. */
export type ResourceRecord = Exclude<Answer, { type: "OPT" }>;

/** What an answer says. */
export interface Reply {
  readonly code: ResponseCode;
  readonly authoritative: boolean;
  readonly answers?: readonly ResourceRecord[];
  readonly authorities?: readonly ResourceRecord[];
  readonly additionals?: readonly ResourceRecord[];
}

/** UDP answers stay below what every path carries in one packet. */
export const maxUdpBytes = 1232;
const minUdpBytes = 512;
export const maxTcpBytes = 65_535;
const headerBytes = 12;
const optBytes = 11;

/** Largest answer that the client takes over UDP. */
export function udpLimit(query: Query): number {
  return Math.min(Math.max(query.edns?.udpSize ?? minUdpBytes, minUdpBytes), maxUdpBytes);
}

/**
 * The answer to a query in at most `limit` bytes. What does not fit is left out: additional records silently,
 * others with the mark that tells the client to ask again over TCP.
 */
export function encodeReply(query: Query, reply: Reply, limit: number): Buffer {
  const opt = query.edns ? encodeOpt(reply.code, query.edns.dnssecOk) : undefined;
  let room = limit - headerBytes - query.question.length - (opt?.length ?? 0);
  const owner = query.labels.join(".");
  let truncated = false;
  const take = (records: readonly ResourceRecord[], optional: boolean): readonly Buffer[] => {
    const taken: Buffer[] = [];
    for (const record of records) {
      const bytes = encodeRecord(record, owner);
      if (bytes.length > room) {
        truncated ||= !optional;
        break;
      }
      room -= bytes.length;
      taken.push(bytes);
    }
    return taken;
  };
  const answers = take(reply.answers ?? [], false);
  const authorities = truncated ? [] : take(reply.authorities ?? [], false);
  const additionals = truncated ? [] : take(reply.additionals ?? [], true);
  const flags = replyFlags(query, reply) | (truncated ? flag.truncated : 0);
  const header = encodeHeader(query.id, flags, [
    1,
    answers.length,
    authorities.length,
    additionals.length + (opt ? 1 : 0),
  ]);
  return Buffer.concat([header, query.question, ...answers, ...authorities, ...additionals, ...(opt ? [opt] : [])]);
}

/** An answer without any record or question, for messages that cannot be read as queries. */
export function encodeRefusal(message: Buffer, code: ResponseCode): Buffer {
  const request = message.readUInt16BE(2);
  const flags = flag.response | (request & 0x7900) | code;
  return encodeHeader(message.readUInt16BE(0), flags, [0, 0, 0, 0]);
}

function replyFlags(query: Query, reply: Reply): number {
  return (
    flag.response |
    flag.recursionAvailable |
    (reply.authoritative ? flag.authoritative : 0) |
    (query.recursionDesired ? flag.recursionDesired : 0) |
    (query.checkingDisabled ? 0x0010 : 0) |
    (reply.code & 0xf)
  );
}

function encodeHeader(id: number, flags: number, counts: readonly [number, number, number, number]): Buffer {
  const header = Buffer.alloc(headerBytes);
  header.writeUInt16BE(id, 0);
  header.writeUInt16BE(flags, 2);
  for (const [index, count] of counts.entries()) header.writeUInt16BE(count, 4 + 2 * index);
  return header;
}

/** The name of a record is left out where it is the question's: a pointer to that takes two bytes. */
function encodeRecord(record: ResourceRecord, questionName: string): Buffer {
  const same = record.name.toLowerCase() === questionName && questionName !== "";
  const message = encode({ type: "response", answers: [same ? { ...record, name: "." } : record] });
  const bytes = message.subarray(headerBytes);
  return same ? Buffer.concat([pointerToQuestion, bytes.subarray(1)]) : bytes;
}

const pointerToQuestion = Buffer.from([0xc0, headerBytes]);

function encodeOpt(code: ResponseCode, dnssecOk: boolean): Buffer {
  const opt = Buffer.alloc(optBytes);
  opt.writeUInt16BE(41, 1);
  opt.writeUInt16BE(maxUdpBytes, 3);
  // The upper bits of the response code, then the version, which is 0.
  opt.writeUInt8(code >> 4, 5);
  opt.writeUInt16BE(dnssecOk ? 0x8000 : 0, 7);
  return opt;
}

/** A reply that only says that something went wrong. */
export function failure(code: ResponseCode): Reply {
  return { code, authoritative: false };
}
