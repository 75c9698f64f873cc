import { randomUUID } from "node:crypto";

/** Source of randomness; injected so that a simulation can own it. Not for secrets. */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** A version 4 UUID. */
  uuid(): string;
}

/** The machine's own randomness. */
export const systemRandom: Random = { next: Math.random, uuid: randomUUID };

/** A repeatable sequence (mulberry32) for tests and simulations. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
  const hex = (digits: number) => Array.from({ length: digits }, () => Math.floor(next() * 16).toString(16)).join("");
  return { next, uuid: () => `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}` };
}

/** A whole number in [0, exclusiveMax). */
export function randomInt(random: Random, exclusiveMax: number): number {
  return Math.floor(random.next() * exclusiveMax);
}

/** Letters and digits of generated names: no vowels, and none that is easily mistaken for another. */
const safeAlphabet = "bcdfghjklmnpqrstvwxz2456789";

/** A lowercase suffix for generated names, such as the "x7k2p" of "web-x7k2p". */
export function randomSuffix(random: Random, length = 5): string {
  return Array.from({ length }, () => safeAlphabet[randomInt(random, safeAlphabet.length)]).join("");
}
