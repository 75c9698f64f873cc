import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { after } from "node:test";
import type {
  SelfSubjectRulesReview,
  SubjectAccessReview,
  SubjectAccessReviewSpec,
} from "@kube-ts/api/authorization/v1";
import type { Status } from "@kube-ts/api/meta/v1";
import { ApiRequests, type RequestOptions } from "./api-requests.ts";

/** A token file with an administrator, two ordinary users and a node; goes with the tests of the file that asks. */
export function tokenFileFlag(): string {
  const directory = mkdtempSync(join(tmpdir(), "kube-ts-tokens-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, "tokens.csv");
  const lines = [
    "admin-token,root,1,system:masters",
    "alice-token,alice,2,dev",
    "bob-token,bob,3",
    'node-token,system:node:n1,4,"system:nodes"',
  ];
  writeFileSync(file, lines.join("\n"));
  return `--token-auth-file=${file}`;
}

/** Who asks: one of the users of the token file. */
export type TokenUser = "admin" | "alice" | "bob" | "node";

export const as = (name: TokenUser): RequestOptions["as"] => ({ token: `${name}-token` });

const reviewsPath = "/apis/authorization.k8s.io/v1/subjectaccessreviews";

/** Requests of the users of the token file. */
export class TokenUsers extends ApiRequests {
  async code(name: TokenUser, method: string, path: string, body?: object): Promise<number> {
    const answer = await this.ask(method, path, { as: as(name), ...(body && { body }) });
    return answer.code;
  }

  async message(name: TokenUser, method: string, path: string, body?: object): Promise<string> {
    const answer = await this.ask(method, path, { as: as(name), ...(body && { body }) });
    return (JSON.parse(answer.text) as Status).message ?? "";
  }

  async create(path: string, body: object): Promise<void> {
    const answer = await this.ask("POST", path, { as: as("admin"), body });
    assert.equal(answer.code, 201, answer.text);
  }

  review(spec: SubjectAccessReviewSpec): Promise<SubjectAccessReview> {
    const body = { kind: "SubjectAccessReview", apiVersion: "authorization.k8s.io/v1", spec };
    return this.json("POST", reviewsPath, { as: as("admin"), body });
  }

  async rulesOf(name: TokenUser): Promise<NonNullable<SelfSubjectRulesReview["status"]>> {
    const body = {
      kind: "SelfSubjectRulesReview",
      apiVersion: "authorization.k8s.io/v1",
      spec: { namespace: "default" },
    };
    const path = "/apis/authorization.k8s.io/v1/selfsubjectrulesreviews";
    const { status } = await this.json<SelfSubjectRulesReview>("POST", path, { as: as(name), body });
    assert.ok(status);
    return status;
  }
}
