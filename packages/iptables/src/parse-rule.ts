import { connectionStates } from "./rule.ts";
import type { ConnectionState, Mark, Match, Rule, Target, TransportProtocol } from "./rule.ts";

/**
 * Reads command arguments, as `parseSave` gives them, into a rule; undefined for a rule that uses anything
 * the project does not write.
 */
export function parseRule(args: readonly string[]): Rule | undefined {
  const reader = new ArgumentReader(args);
  const rule: Mutable<Rule> = {};
  const recent: RecentOptions = {};
  while (!reader.done) {
    if (!readOption(reader, rule, recent)) return undefined;
  }
  if (!finishRecent(rule, recent)) return undefined;
  return reader.failed ? undefined : rule;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface RecentOptions {
  list?: string;
  set?: boolean;
  check?: boolean;
  seconds?: number;
  reap?: boolean;
}

class ArgumentReader {
  readonly #args: readonly string[];
  #next = 0;
  /** Set when an argument was missing or of the wrong form. */
  failed = false;
  /** Whether the option just read had a `!` before it. */
  negated = false;

  constructor(args: readonly string[]) {
    this.#args = args;
  }

  get done(): boolean {
    return this.#next >= this.#args.length;
  }

  option(): string {
    this.negated = this.#args[this.#next] === "!";
    if (this.negated) this.#next += 1;
    return this.value();
  }

  value(): string {
    const value = this.#args[this.#next];
    this.#next += 1;
    if (value === undefined) this.failed = true;
    return value ?? "";
  }

  /** Takes the next argument only if it is this one. */
  take(value: string): boolean {
    if (this.#args[this.#next] !== value) return false;
    this.#next += 1;
    return true;
  }

  number(): number {
    const text = this.value();
    if (!/^\d+(\.\d+)?$/.test(text)) this.failed = true;
    return Number(text);
  }

  match<T>(value: T): Match<T> {
    const negated = this.negated;
    this.negated = false;
    return negated ? { not: value } : { is: value };
  }
}

const optionReaders: Readonly<Record<string, (reader: ArgumentReader, rule: Mutable<Rule>) => void>> = {
  "-s": (reader, rule) => void (rule.source = reader.match(reader.value())),
  "-d": (reader, rule) => void (rule.destination = reader.match(reader.value())),
  "-i": (reader, rule) => void (rule.inInterface = reader.match(reader.value())),
  "-p": (reader, rule) => void (rule.protocol = readProtocol(reader)),
  "-m": (reader) => void reader.value(),
  "--comment": (reader, rule) => void (rule.comment = reader.value()),
  "--mark": (reader, rule) => void (rule.mark = reader.match(readMark(reader))),
  "--ctstate": (reader, rule) => void (rule.connectionState = reader.match(readStates(reader))),
  "--src-type": (reader, rule) => void (rule.sourceIsLocal = readLocal(reader)),
  "--dst-type": (reader, rule) => void (rule.destinationIsLocal = readLocal(reader)),
  "--mode": (reader) => void (reader.failed ||= reader.value() !== "random"),
  "--probability": (reader, rule) => void (rule.probability = reader.number()),
  "--dport": (reader, rule) => void (rule.destinationPort = reader.number()),
  "-j": (reader, rule) => void (rule.target = readTarget(reader)),
};

const recentReaders: Readonly<Record<string, (reader: ArgumentReader, recent: RecentOptions) => void>> = {
  "--set": (_reader, recent) => void (recent.set = true),
  "--rcheck": (_reader, recent) => void (recent.check = true),
  "--reap": (_reader, recent) => void (recent.reap = true),
  "--rsource": () => {},
  "--seconds": (reader, recent) => void (recent.seconds = reader.number()),
  "--name": (reader, recent) => void (recent.list = reader.value()),
  "--mask": (reader) => {
    const mask = reader.value();
    reader.failed ||= mask !== "255.255.255.255" && mask !== "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff";
  },
};

function readOption(reader: ArgumentReader, rule: Mutable<Rule>, recent: RecentOptions): boolean {
  const option = reader.option();
  if (Object.hasOwn(optionReaders, option)) optionReaders[option]?.(reader, rule);
  else if (Object.hasOwn(recentReaders, option)) recentReaders[option]?.(reader, recent);
  else return false;
  // A `!` that no reader consumed negates something that rules cannot express.
  return !reader.failed && !reader.negated;
}

function finishRecent(rule: Mutable<Rule>, recent: RecentOptions): boolean {
  const { list, set, check, seconds, reap } = recent;
  if (!list) return !set && !check;
  if (set && !check) rule.recent = { list, action: "set" };
  else if (check && !set && reap && seconds !== undefined) rule.recent = { list, action: "check", seconds };
  else return false;
  return true;
}

function readProtocol(reader: ArgumentReader): TransportProtocol {
  const text = reader.value();
  if (text === "tcp" || text === "udp" || text === "sctp") return text;
  reader.failed = true;
  return "tcp";
}

function readLocal(reader: ArgumentReader): true {
  if (reader.value() !== "LOCAL") reader.failed = true;
  return true;
}

function readMark(reader: ArgumentReader): Mark {
  const found = /^(0x[0-9a-f]+)(?:\/(0x[0-9a-f]+))?$/i.exec(reader.value());
  if (!found) {
    reader.failed = true;
    return { value: 0, mask: 0 };
  }
  return { value: Number(found[1]), mask: Number(found[2] ?? "0xffffffff") };
}

function readStates(reader: ArgumentReader): ConnectionState[] {
  const names = reader.value().split(",");
  const states = connectionStates.filter((state) => names.includes(state));
  if (states.length !== names.length) reader.failed = true;
  return states;
}

function readTarget(reader: ArgumentReader): Target {
  const name = reader.value();
  switch (name) {
    case "ACCEPT":
      return { kind: "accept" };
    case "DROP":
      return { kind: "drop" };
    case "RETURN":
      return { kind: "return" };
    case "REJECT":
      return readReject(reader);
    case "DNAT":
      reader.failed ||= !reader.take("--to-destination");
      return { kind: "dnat", address: reader.value() };
    case "MASQUERADE":
      return { kind: "masquerade", fullyRandom: reader.take("--random-fully") };
    case "MARK":
      reader.failed ||= !reader.take("--set-xmark");
      return { kind: "set-mark", mark: readMark(reader) };
    default:
      return { kind: "jump", chain: name };
  }
}

function readReject(reader: ArgumentReader): Target {
  if (reader.take("--reject-with")) {
    const answer = reader.value();
    reader.failed ||= answer !== "icmp-port-unreachable" && answer !== "icmp6-port-unreachable";
  }
  return { kind: "reject" };
}
