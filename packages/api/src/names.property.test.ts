import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import {
  cIdentifierErrors,
  configMapKeyErrors,
  dns1035LabelErrors,
  dns1123LabelErrors,
  dns1123SubdomainErrors,
  envVarNameErrors,
  httpHeaderNameErrors,
  labelValueErrors,
  pathSegmentNameErrors,
  percentErrors,
  portNameErrors,
  qualifiedNameErrors,
  wildcardDns1123SubdomainErrors,
} from "./names.ts";

// The model reads texts character by character, as the RFCs' grammars put it; the checks are regular expressions.

const lower = "abcdefghijklmnopqrstuvwxyz";
const digits = "0123456789";
const letters = lower + lower.toUpperCase();
const consistsOf = (text: string, allowed: string) => [...text].every((character) => allowed.includes(character));
const bytes = (text: string) => Buffer.byteLength(text);

/** `first` and `last` may begin and end it, `inner` may stand in between. */
function isWord(text: string, first: string, inner: string, last: string): boolean {
  const characters = [...text];
  const [begin, end] = [characters[0], characters.at(-1)];
  if (begin === undefined || end === undefined) return false;
  return first.includes(begin) && last.includes(end) && consistsOf(text, inner);
}

const alphanumeric = lower + digits;
const isLabelShaped = (text: string) => isWord(text, alphanumeric, `${alphanumeric}-`, alphanumeric);
const isLabel = (text: string) => isLabelShaped(text) && bytes(text) <= 63;
const isSubdomain = (text: string) => text.split(".").every(isLabelShaped) && bytes(text) <= 253;
const isLabel1035 = (text: string) => isWord(text, lower, `${alphanumeric}-`, alphanumeric) && bytes(text) <= 63;
const isName = (text: string) => {
  const ends = letters + digits;
  return isWord(text, ends, `${ends}-_.`, ends) && bytes(text) <= 63;
};

function isQualifiedName(text: string): boolean {
  const parts = text.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) return false;
  return second === undefined ? isName(first) : isSubdomain(first) && isName(second);
}

const isPortName = (text: string) =>
  isWord(text, alphanumeric, `${alphanumeric}-`, alphanumeric) &&
  bytes(text) <= 15 &&
  [...text].some((character) => lower.includes(character)) &&
  !text.includes("--");

const isConfigKey = (text: string) =>
  text !== "" &&
  bytes(text) <= 253 &&
  consistsOf(text, `${letters + digits}-._`) &&
  text !== "." &&
  !text.startsWith("..");

const isPrintable = (character: string) => character >= " " && character <= "~" && character !== "=";

const models: readonly [name: string, errors: (text: string) => string[], model: (text: string) => boolean][] = [
  ["a DNS-1123 label", dns1123LabelErrors, isLabel],
  ["a DNS-1123 subdomain", dns1123SubdomainErrors, isSubdomain],
  ["a DNS-1035 label", dns1035LabelErrors, isLabel1035],
  [
    "a wildcard subdomain",
    wildcardDns1123SubdomainErrors,
    (text) => text.startsWith("*.") && text.slice(2).split(".").every(isLabelShaped) && bytes(text) <= 253,
  ],
  ["a qualified name", qualifiedNameErrors, isQualifiedName],
  ["a label value", labelValueErrors, (text) => text === "" || isName(text)],
  ["a port name", portNameErrors, isPortName],
  [
    "a C identifier",
    cIdentifierErrors,
    (text) => text !== "" && consistsOf(text, `${letters + digits}_`) && !digits.includes(text.charAt(0)),
  ],
  ["an environment variable", envVarNameErrors, (text) => text !== "" && [...text].every(isPrintable)],
  ["a key of a config map", configMapKeyErrors, isConfigKey],
  [
    "a path segment",
    pathSegmentNameErrors,
    (text) => text !== "." && text !== ".." && !text.includes("/") && !text.includes("%"),
  ],
  [
    "a percentage",
    percentErrors,
    (text) => text.length > 1 && text.endsWith("%") && consistsOf(text.slice(0, -1), digits),
  ],
  ["a header name", httpHeaderNameErrors, (text) => text !== "" && consistsOf(text, `${letters + digits}-`)],
];

/** Texts around the borders: of the right characters, with one that is wrong, and about as long as is allowed. */
const nearly = fc.oneof(
  fc.stringMatching(/^[a-z0-9.-]{0,6}$/),
  fc.stringMatching(/^[a-zA-Z0-9_./-]{0,8}$/),
  fc.stringMatching(/^\*\.[a-z0-9.-]{0,6}$/),
  fc.stringMatching(/^[0-9]{0,3}%?$/),
  fc
    .tuple(
      fc.stringMatching(/^[a-z0-9.]{0,3}$/),
      fc.constantFrom("a", "a.", "-", "_", "é", "0"),
      fc.constantFrom(15, 62, 63, 64, 126, 252, 253, 254),
    )
    .map(([end, part, length]) => part.repeat(length).slice(0, length - end.length) + end),
  fc
    .tuple(
      fc.stringMatching(/^[a-z0-9]{1,4}$/),
      fc.constantFrom("\n", "A", "é", "\0", " ", "_", ".", "-", "/", "ſ", "K"),
    )
    .chain(([word, odd]) => fc.nat({ max: word.length }).map((at) => word.slice(0, at) + odd + word.slice(at))),
  fc.string({ maxLength: 6 }),
);

suite("names", () => {
  for (const [name, errors, model] of models) {
    test(`${name} is what the grammar says`, () => {
      checkProperty(
        fc.property(nearly, (text) => {
          assert.equal(errors(text).length === 0, model(text), JSON.stringify(text));
        }),
        { share: 5 },
      );
    });
  }
});
