import { hash } from "node:crypto";
import { type UserInfo, withAuthenticatedGroup } from "../user.ts";
import type { AudienceAgnosticTokens } from "./token-authenticator.ts";

/** The users of a `--token-auth-file`. Tokens are kept as digests only. */
export class StaticTokens implements AudienceAgnosticTokens {
  readonly #users: ReadonlyMap<string, UserInfo>;

  private constructor(users: ReadonlyMap<string, UserInfo>) {
    this.#users = users;
  }

  /**
   * Reads lines of `token,user,uid[,"group1,group2"]`. Throws an Error that names `source` and the line for what
   * is not such a line; as upstream, a repeated token has the meaning of its last line, and lines without a
   * token are left out.
   */
  static parse(text: string, source: string): StaticTokens {
    const users = new Map<string, UserInfo>();
    for (const [index, record] of parseCsv(text, source).entries()) {
      const [token = "", name = "", uid = "", groups = ""] = record;
      if (record.length < 3) {
        throw new Error(
          `token file ${source} must have at least 3 columns (token, user name, user uid), found ${record.length} in record ${index + 1}`,
        );
      }
      if (token === "") continue;
      users.set(
        digest(token),
        withAuthenticatedGroup({ name, uid, groups: groups === "" ? [] : groups.split(","), extra: {} }),
      );
    }
    return new StaticTokens(users);
  }

  userOf(token: string): UserInfo | undefined {
    return this.#users.get(digest(token));
  }
}

function digest(token: string): string {
  return hash("sha256", token, "base64");
}

/** Records of comma-separated fields; fields in double quotes may hold commas and doubled quotes. */
function parseCsv(text: string, source: string): string[][] {
  const records: string[][] = [];
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "") continue;
    const record = parseLine(line);
    if (!record) throw new Error(`token file ${source}: line ${index + 1} has a stray or missing quote`);
    records.push(record);
  }
  return records;
}

function parseLine(line: string): string[] | undefined {
  const field = /\s*(?:"((?:[^"]|"")*)"|([^",]*))(,|$)/y;
  const fields: string[] = [];
  for (;;) {
    const match = field.exec(line);
    if (!match) return undefined;
    fields.push(match[1] === undefined ? (match[2] ?? "") : match[1].replaceAll('""', '"'));
    if (match[3] === "") return fields;
  }
}
