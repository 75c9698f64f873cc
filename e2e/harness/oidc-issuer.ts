import { type KeyObject, generateKeyPairSync, sign } from "node:crypto";
import { readFileSync } from "node:fs";
import { JsonServer } from "./json-server.ts";

interface IssuerKey {
  readonly id: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** An OpenID Connect issuer on loopback: discovery, keys that can be rotated, and tokens. */
export class OidcIssuer implements AsyncDisposable {
  readonly server: JsonServer;
  #key: IssuerKey = makeKey("one");

  private constructor(server: JsonServer) {
    this.server = server;
    server.on("/.well-known/openid-configuration", () => ({
      body: { issuer: this.url, jwks_uri: `${this.url}/keys` },
    }));
    server.on("/keys", () => ({ body: { keys: [this.#jwk()] } }));
  }

  static async start(): Promise<OidcIssuer> {
    return new OidcIssuer(await JsonServer.start());
  }

  get url(): string {
    return this.server.url;
  }

  get ca(): string {
    return readFileSync(this.server.caFile, "utf8");
  }

  /** From now on another key signs, and only that is published. */
  rotate(id: string): void {
    this.#key = makeKey(id);
  }

  /** A token for the audience `kubernetes` that is good for an hour, unless the claims say otherwise. */
  token(claims: Readonly<Record<string, unknown>>): string {
    const nowSeconds = Math.floor(Date.now() / 1000);
    const all = { iss: this.url, aud: "kubernetes", iat: nowSeconds, exp: nowSeconds + 3_600, ...claims };
    const text = `${encode({ alg: "ES256", kid: this.#key.id })}.${encode(all)}`;
    const signature = sign("sha256", Buffer.from(text), { key: this.#key.privateKey, dsaEncoding: "ieee-p1363" });
    return `${text}.${signature.toString("base64url")}`;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.server[Symbol.asyncDispose]();
  }

  #jwk(): object {
    const { id, publicKey } = this.#key;
    return { ...publicKey.export({ format: "jwk" }), kid: id, alg: "ES256", use: "sig" };
  }
}

function makeKey(id: string): IssuerKey {
  return { id, ...generateKeyPairSync("ec", { namedCurve: "P-256" }) };
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
