import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { suite, test } from "node:test";
import fc from "fast-check";
import { isBadRequest } from "@kube-ts/api/status-error";
import { checkProperty } from "@kube-ts/std/testing/check-property";
import { wantedUser } from "./impersonation/wanted-user.ts";

const value = fc.stringMatching(/^[ -~]{1,12}$/);
const key = fc.oneof(
  fc.constantFrom("scopes", "__proto__", "constructor", "example.com/a", "a%2fb", "%zz", "toString"),
  fc.stringMatching(/^[a-z%._-]{1,8}$/),
);
const wanted = fc.record({
  name: fc.option(value, { nil: undefined }),
  uid: fc.option(value, { nil: undefined }),
  groups: fc.array(value, { maxLength: 3 }),
  extra: fc.uniqueArray(fc.tuple(key, fc.array(value, { minLength: 1, maxLength: 2 })), {
    selector: ([name]) => name.toLowerCase(),
    maxLength: 3,
  }),
});

/** The headers of a request as Node.js hands them on: by their names in lower case. */
function request(headers: readonly (readonly [name: string, values: readonly string[]])[]): IncomingMessage {
  const distinct = Object.fromEntries(headers.map(([name, values]) => [name.toLowerCase(), values] as const));
  const joined = Object.fromEntries(headers.map(([name, values]) => [name.toLowerCase(), values.join(", ")] as const));
  return { headers: joined, headersDistinct: distinct } as unknown as IncomingMessage;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

suite("headers that name a user", () => {
  test("name who they say, whatever their keys are", () => {
    checkProperty(
      fc.property(wanted, ({ name, uid, groups, extra }) => {
        const headers: [string, readonly string[]][] = [["Accept", ["*/*"]]];
        if (name !== undefined) headers.push(["Impersonate-User", [name]]);
        if (uid !== undefined) headers.push(["Impersonate-Uid", [uid]]);
        if (groups.length > 0) headers.push(["Impersonate-Group", groups]);
        for (const [own, values] of extra) headers.push([`Impersonate-Extra-${own}`, values]);
        const isAsked = headers.length > 1;
        if (isAsked && name === undefined) {
          assert.throws(() => wantedUser(request(headers)), isBadRequest);
          return;
        }
        const user = wantedUser(request(headers));
        if (name === undefined) assert.equal(user, undefined);
        else {
          const expected = new Map<string, string[]>();
          for (const [own, values] of extra) {
            const plain = decoded(own.toLowerCase());
            expected.set(plain, [...(expected.get(plain) ?? []), ...values]);
          }
          assert.equal(user?.name, name);
          assert.equal(user?.uid, uid ?? "");
          assert.deepEqual(user?.groups, groups);
          assert.deepEqual(new Map(Object.entries(user?.extra ?? {})), expected);
        }
        for (const inherited in {}) assert.fail(`every object has ${inherited}`);
      }),
      { share: 3 },
    );
  });
});
