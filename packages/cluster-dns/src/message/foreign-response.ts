import { flag, lowerCase, readRecord, recordType, skipName } from "./query.ts";
import type { Query } from "./query.ts";

/** What has to be known of another server's answer to keep it and to hand it on. */
export interface ForeignResponse {
  readonly code: number;
  readonly truncated: boolean;
  /** How long it may be kept: the least of its records' times, or what its SOA record says when it has no answer. */
  readonly ttlSeconds: number;
  /** Where the records' times stand. */
  readonly ttlOffsets: readonly number[];
}

const headerBytes = 12;

/** Whether the message answers the question; letter case may differ. */
export function answersQuestion(message: Buffer, id: number, question: Buffer): boolean {
  if (message.length < headerBytes + question.length) return false;
  if (message.readUInt16BE(0) !== id || !(message.readUInt16BE(2) & flag.response)) return false;
  if (message.readUInt16BE(4) !== 1) return false;
  const name = question.length - 4;
  const answered = message.subarray(headerBytes, headerBytes + question.length);
  if (!answered.subarray(name).equals(question.subarray(name))) return false;
  return foldedName(answered.subarray(0, name)) === foldedName(question.subarray(0, name));
}

function foldedName(bytes: Buffer): string {
  return lowerCase(bytes.toString("latin1"));
}

/** Reads an answer; undefined when it is malformed. */
export function readForeignResponse(message: Buffer, question: Buffer): ForeignResponse | undefined {
  const flags = message.readUInt16BE(2);
  const answerCount = message.readUInt16BE(6);
  const count = answerCount + message.readUInt16BE(8) + message.readUInt16BE(10);
  const ttlOffsets: number[] = [];
  let leastSeconds = Number.POSITIVE_INFINITY;
  let negativeSeconds = 0;
  let offset = headerBytes + question.length;
  for (let index = 0; index < count; index += 1) {
    const record = readRecord(message, offset);
    if (!record) return undefined;
    offset = record.end;
    if (record.type === recordType.OPT) continue;
    const seconds = message.readUInt32BE(record.ttlOffset);
    ttlOffsets.push(record.ttlOffset);
    leastSeconds = Math.min(leastSeconds, seconds);
    if (record.type === recordType.SOA) negativeSeconds = Math.min(seconds, soaMinimum(message, record.dataOffset));
  }
  return {
    code: flags & 0xf,
    truncated: (flags & flag.truncated) !== 0,
    ttlSeconds: answerCount > 0 ? leastSeconds : negativeSeconds,
    ttlOffsets,
  };
}

/**
 * The answer as this client is to see it: under its own id and question, with the records' times reduced by
 * `ageSeconds`, and cut down to the bare question, marked as truncated, if it is longer than `limit`.
 */
export function adaptResponse(
  message: Buffer,
  response: ForeignResponse,
  query: Query,
  ageSeconds: number,
  limit: number,
): Buffer {
  const adapted = Buffer.from(message);
  adapted.writeUInt16BE(query.id, 0);
  query.question.copy(adapted, headerBytes);
  for (const offset of response.ttlOffsets) {
    adapted.writeUInt32BE(Math.max(0, adapted.readUInt32BE(offset) - ageSeconds), offset);
  }
  if (adapted.length <= limit) return adapted;
  const bare = adapted.subarray(0, headerBytes + query.question.length);
  bare.writeUInt16BE(bare.readUInt16BE(2) | flag.truncated, 2);
  bare.fill(0, 6, headerBytes);
  return bare;
}

function soaMinimum(message: Buffer, dataOffset: number): number {
  const mailbox = skipName(message, dataOffset);
  const numbers = mailbox === undefined ? undefined : skipName(message, mailbox);
  if (numbers === undefined || numbers + 20 > message.length) return 0;
  return message.readUInt32BE(numbers + 16);
}
