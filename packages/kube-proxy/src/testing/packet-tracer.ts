import type { ConnectionState, Match, Rule } from "@kube-ts/iptables/rule";
import { cidrContains, parseCidr, parseIpAddress } from "@kube-ts/std/ip-address";
import { assertNever } from "@kube-ts/std/assert-never";
import type { ProxyTable, RuleSet } from "../rules/rule-set.ts";

/** The first packet of a connection. */
export interface Packet {
  readonly source: string;
  readonly destination: string;
  readonly protocol: "tcp" | "udp" | "sctp";
  readonly port: number;
  /** Where it came in; undefined when a process of this host sends it. */
  readonly inInterface?: string;
  /** NEW unless given. */
  readonly state?: ConnectionState;
}

export interface TracedHost {
  /** Addresses of the host itself. */
  readonly addresses: readonly string[];
  /** Lists of the `recent` match that hold the packet's source. */
  readonly remembered?: readonly string[];
}

/** One of the things that can happen to the packet. */
export interface Outcome {
  readonly probability: number;
  readonly verdict: "accept" | "drop" | "reject";
  /** Where it goes, `ip:port`. */
  readonly destination: string;
  /** Whether its source is rewritten on the way out. */
  readonly masqueraded: boolean;
  /** Lists of the `recent` match that the source was added to. */
  readonly remembers: readonly string[];
}

interface Flow {
  readonly probability: number;
  readonly mark: number;
  readonly destination: string;
  readonly port: number;
  readonly translated: boolean;
  readonly masqueraded: boolean;
  readonly remembers: readonly string[];
}

type Step = { readonly flow: Flow; readonly end: "continue" | "return" | "accept" | "drop" | "reject" };

/** Everything that can happen to a packet under the rules; the probabilities add up to one. */
export function tracePacket(rules: RuleSet, packet: Packet, host: TracedHost): readonly Outcome[] {
  const tracer = new Tracer(rules, packet, host);
  const start: Flow = {
    probability: 1,
    mark: 0,
    destination: packet.destination,
    port: packet.port,
    translated: false,
    masqueraded: false,
    remembers: [],
  };
  const outgoing = packet.inInterface === undefined;
  const translated = tracer.builtIn("nat", outgoing ? "OUTPUT" : "PREROUTING", start);
  const filtered = translated.flatMap((step) => {
    if (step.end !== "accept") return [step];
    const local = host.addresses.includes(step.flow.destination);
    const hook = outgoing ? "OUTPUT" : local ? "INPUT" : "FORWARD";
    return tracer.builtIn("filter", hook, step.flow);
  });
  const left = filtered.flatMap((step) => {
    const local = !outgoing && host.addresses.includes(step.flow.destination);
    return step.end === "accept" && !local ? tracer.builtIn("nat", "POSTROUTING", step.flow) : [step];
  });
  return left.map(outcomeOf);
}

/** Probabilities by where the packet ends: an address, `drop` or `reject`, with ` masqueraded` added if it is. */
export function traceDistribution(rules: RuleSet, packet: Packet, host: TracedHost): Readonly<Record<string, number>> {
  const sums = new Map<string, number>();
  for (const outcome of tracePacket(rules, packet, host)) {
    const end = outcome.verdict === "accept" ? outcome.destination : outcome.verdict;
    const key = outcome.verdict === "accept" && outcome.masqueraded ? `${end} masqueraded` : end;
    sums.set(key, (sums.get(key) ?? 0) + outcome.probability);
  }
  return Object.fromEntries([...sums].map(([key, sum]) => [key, Math.round(sum * 1e6) / 1e6]));
}

function outcomeOf({ flow, end }: Step): Outcome {
  if (end === "continue" || end === "return") throw new Error("a packet was left undecided");
  const bracketed = flow.destination.includes(":") ? `[${flow.destination}]` : flow.destination;
  return {
    probability: flow.probability,
    verdict: end,
    destination: `${bracketed}:${flow.port}`,
    masqueraded: flow.masqueraded,
    remembers: flow.remembers,
  };
}

class Tracer {
  readonly #rules: RuleSet;
  readonly #packet: Packet;
  readonly #host: TracedHost;

  constructor(rules: RuleSet, packet: Packet, host: TracedHost) {
    this.#rules = rules;
    this.#packet = packet;
    this.#host = host;
  }

  /** Passes a built-in chain, whose policy is to accept. */
  builtIn(table: ProxyTable, chain: string, flow: Flow): readonly Step[] {
    return this.#chain(table, this.#rulesAtHead(table, chain), flow).map((step) =>
      step.end === "continue" || step.end === "return" ? { flow: step.flow, end: "accept" } : step,
    );
  }

  /** What was put at the head last comes first. */
  #rulesAtHead(table: ProxyTable, chain: string): readonly Rule[] {
    const ensured = this.#rules.get(table)?.ensured ?? [];
    return ensured
      .filter((entry) => entry.chain === chain)
      .map((entry) => entry.rule)
      .reverse();
  }

  #chain(table: ProxyTable, rules: readonly Rule[], flow: Flow): readonly Step[] {
    const [rule, ...rest] = rules;
    if (!rule) return [{ flow, end: "continue" }];
    if (!this.#matches(rule, flow)) return this.#chain(table, rest, flow);
    const probability = rule.probability ?? 1;
    const taken = this.#apply(table, rule, { ...flow, probability: flow.probability * probability });
    const passed = taken.flatMap((step) => (step.end === "continue" ? this.#chain(table, rest, step.flow) : [step]));
    if (probability === 1) return passed;
    const missed = { ...flow, probability: flow.probability * (1 - probability) };
    return [...passed, ...this.#chain(table, rest, missed)];
  }

  #apply(table: ProxyTable, rule: Rule, before: Flow): readonly Step[] {
    const set = rule.recent?.action === "set" ? [rule.recent.list] : [];
    const flow: Flow = { ...before, remembers: [...before.remembers, ...set] };
    const { target } = rule;
    switch (target?.kind) {
      case undefined:
        return [{ flow, end: "continue" }];
      case "accept":
      case "drop":
      case "reject":
      case "return":
        return [{ flow, end: target.kind }];
      case "set-mark":
        return [{ flow: { ...flow, mark: (flow.mark & ~target.mark.mask) ^ target.mark.value }, end: "continue" }];
      case "masquerade":
        return [{ flow: { ...flow, masqueraded: true }, end: "accept" }];
      case "dnat": {
        const found = /^\[?([^\]]+?)\]?:(\d+)$/.exec(target.address);
        const translated = { destination: found?.[1] ?? "", port: Number(found?.[2]), translated: true };
        return [{ flow: { ...flow, ...translated }, end: "accept" }];
      }
      case "jump":
        return this.#chain(table, this.#chainRules(table, target.chain), flow).map((step) =>
          step.end === "return" ? { flow: step.flow, end: "continue" } : step,
        );
      default:
        return assertNever(target);
    }
  }

  #chainRules(table: ProxyTable, name: string): readonly Rule[] {
    const own = this.#rules.get(table);
    const rules = own?.shared.includes(name) ? this.#rulesAtHead(table, name) : own?.chains.get(name);
    if (!rules) throw new Error(`jump to ${name}, which is not in table ${table}`);
    return rules;
  }

  #matches(rule: Rule, flow: Flow): boolean {
    const packet = this.#packet;
    const local = (address: string) => this.#host.addresses.includes(address);
    return (
      holds(rule.source, (range) => inRange(range, packet.source)) &&
      holds(rule.destination, (range) => inRange(range, flow.destination)) &&
      holds(rule.inInterface, (name) => interfaceMatches(name, packet.inInterface)) &&
      (rule.protocol === undefined || rule.protocol === packet.protocol) &&
      (rule.destinationPort === undefined || rule.destinationPort === flow.port) &&
      holds(rule.mark, (mark) => (flow.mark & mark.mask) === mark.value) &&
      holds(rule.connectionState, (states) => this.#states(flow).some((state) => states.includes(state))) &&
      (!rule.sourceIsLocal || local(packet.source)) &&
      (!rule.destinationIsLocal || local(flow.destination)) &&
      (rule.recent?.action !== "check" || (this.#host.remembered ?? []).includes(rule.recent.list))
    );
  }

  #states(flow: Flow): readonly ConnectionState[] {
    return [this.#packet.state ?? "NEW", ...(flow.translated ? (["DNAT"] as const) : [])];
  }
}

function holds<T>(match: Match<T> | undefined, test: (value: T) => boolean): boolean {
  if (!match) return true;
  return "is" in match ? test(match.is) : !test(match.not);
}

function inRange(range: string, address: string): boolean {
  const cidr = parseCidr(range);
  const parsed = parseIpAddress(address);
  if (!cidr || !parsed) throw new Error(`cannot compare ${address} with ${range}`);
  return cidrContains(cidr, parsed);
}

function interfaceMatches(pattern: string, name: string | undefined): boolean {
  if (name === undefined) return false;
  return pattern.endsWith("+") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
