/** Numbers of record types and codes as they stand on the wire (RFC 1035 and its successors). */
export const recordType = {
  A: 1,
  NS: 2,
  CNAME: 5,
  SOA: 6,
  PTR: 12,
  HINFO: 13,
  TXT: 16,
  AAAA: 28,
  SRV: 33,
  OPT: 41,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
} as const;

export const classIn = 1;

export const responseCode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  BADVERS: 16,
} as const;

export type ResponseCode = (typeof responseCode)[keyof typeof responseCode];

export const flag = {
  response: 0x8000,
  authoritative: 0x0400,
  truncated: 0x0200,
  recursionDesired: 0x0100,
  recursionAvailable: 0x0080,
};

/** What a client says of itself in an OPT record (RFC 6891). */
export interface Edns {
  /** Largest UDP answer that the client takes. */
  readonly udpSize: number;
  readonly version: number;
  readonly dnssecOk: boolean;
  /** Cookies and the like, which make an answer one client's own. */
  readonly hasOptions: boolean;
  /** Where the size stands in the message. */
  readonly sizeOffset: number;
}

/** A question that can be answered. */
export interface Query {
  readonly id: number;
  /** The message as it came. */
  readonly message: Buffer;
  readonly recursionDesired: boolean;
  readonly checkingDisabled: boolean;
  /** The labels of the name in lower case, one character for each byte. */
  readonly labels: readonly string[];
  /** The question section as it came, letter case included. */
  readonly question: Buffer;
  readonly type: number;
  readonly class: number;
  readonly edns: Edns | undefined;
}

/** A message from a client: a query, or why it is none. Nothing is answered to what is `ignored`. */
export type ReadQuery =
  | { readonly kind: "query"; readonly query: Query }
  | { readonly kind: "refused"; readonly code: ResponseCode }
  | { readonly kind: "ignored" };

const headerBytes = 12;
const maxNameBytes = 255;

/** Reads a client's message. Answers to others, which would make servers talk to each other for ever, are ignored. */
export function readQuery(message: Buffer): ReadQuery {
  if (message.length < headerBytes) return { kind: "ignored" };
  const flags = message.readUInt16BE(2);
  if (flags & flag.response) return { kind: "ignored" };
  if ((flags >> 11) & 0xf) return { kind: "refused", code: responseCode.NOTIMP };
  if (message.readUInt16BE(4) !== 1) return { kind: "refused", code: responseCode.FORMERR };
  const name = readName(message, headerBytes);
  if (!name || name.end + 4 > message.length) return { kind: "refused", code: responseCode.FORMERR };
  const end = name.end + 4;
  const edns = readEdns(message, end);
  if (edns === "malformed") return { kind: "refused", code: responseCode.FORMERR };
  return {
    kind: "query",
    query: {
      id: message.readUInt16BE(0),
      message,
      recursionDesired: (flags & flag.recursionDesired) !== 0,
      checkingDisabled: (flags & 0x0010) !== 0,
      labels: name.labels,
      question: message.subarray(headerBytes, end),
      type: message.readUInt16BE(name.end),
      class: message.readUInt16BE(name.end + 2),
      edns,
    },
  };
}

/** A name without compression, as a question has it; undefined when it is malformed. */
function readName(message: Buffer, start: number): { readonly labels: string[]; readonly end: number } | undefined {
  const labels: string[] = [];
  let offset = start;
  for (;;) {
    const length = message[offset];
    if (length === undefined || length > 63 || offset - start > maxNameBytes) return undefined;
    offset += 1;
    if (length === 0) return { labels, end: offset };
    if (offset + length > message.length) return undefined;
    labels.push(lowerCase(message.toString("latin1", offset, offset + length)));
    offset += length;
  }
}

/** The OPT record, which a query carries as its only additional record. */
function readEdns(message: Buffer, start: number): Edns | undefined | "malformed" {
  const skipped = message.readUInt16BE(6) + message.readUInt16BE(8);
  const additional = message.readUInt16BE(10);
  let offset = start;
  for (let index = 0; index < skipped + additional; index += 1) {
    const record = readRecord(message, offset);
    if (!record) return "malformed";
    if (record.type === recordType.OPT) {
      const ttl = message.readUInt32BE(record.ttlOffset);
      return {
        udpSize: message.readUInt16BE(record.ttlOffset - 2),
        version: (ttl >> 16) & 0xff,
        dnssecOk: (ttl & 0x8000) !== 0,
        hasOptions: record.dataLength > 0,
        sizeOffset: record.ttlOffset - 2,
      };
    }
    offset = record.end;
  }
  return undefined;
}

export interface RecordPlace {
  readonly type: number;
  readonly ttlOffset: number;
  readonly dataOffset: number;
  readonly dataLength: number;
  /** Where the next record starts. */
  readonly end: number;
}

/** Finds the parts of the resource record that starts here; undefined when it does not fit into the message. */
export function readRecord(message: Buffer, start: number): RecordPlace | undefined {
  const nameEnd = skipName(message, start);
  if (nameEnd === undefined || nameEnd + 10 > message.length) return undefined;
  const dataOffset = nameEnd + 10;
  const dataLength = message.readUInt16BE(nameEnd + 8);
  if (dataOffset + dataLength > message.length) return undefined;
  return {
    type: message.readUInt16BE(nameEnd),
    ttlOffset: nameEnd + 4,
    dataOffset,
    dataLength,
    end: dataOffset + dataLength,
  };
}

/** The offset after a name, which may end in a pointer. */
export function skipName(message: Buffer, start: number): number | undefined {
  let offset = start;
  for (;;) {
    const length = message[offset];
    if (length === undefined || offset - start > maxNameBytes) return undefined;
    if (length === 0) return offset + 1;
    if ((length & 0xc0) === 0xc0) return offset + 2 <= message.length ? offset + 2 : undefined;
    if (length > 63) return undefined;
    offset += 1 + length;
  }
}

/** Lower case of ASCII letters only, as names are compared. */
export function lowerCase(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
