import { constants } from "node:crypto";
import { type SecureContext, type SecureContextOptions, type TlsOptions, createSecureContext } from "node:tls";
import { followFile } from "../auth/reload/watched-file.ts";
import type { ApiServerConfig } from "../config/server-config.ts";
import type { CertificateFiles, TlsConfig } from "../config/tls.ts";
import type { ServerEnvironment } from "./environment.ts";
import {
  type KeyPair,
  type NamedKeyPair,
  defaultKeyPair,
  readKeyPair,
  readNamedKeyPair,
} from "./serving-certificates.ts";

/**
 * What the listener shows to clients and asks of them. Certificates are read again when their files change; whoever
 * listens is told, and connections made from then on see the change.
 */
export class ServingTls {
  readonly #config: TlsConfig;
  readonly #named: NamedKeyPair[];
  readonly #listeners: (() => void)[] = [];
  #pair: KeyPair;
  #authorities: readonly string[];
  #contexts: ReadonlyMap<string, SecureContext>;

  private constructor(config: TlsConfig, pair: KeyPair, named: NamedKeyPair[], authorities: readonly string[]) {
    this.#config = config;
    this.#pair = pair;
    this.#named = named;
    this.#authorities = authorities;
    this.#contexts = this.#namedContexts();
  }

  /** Reads all certificates; rejects when one cannot be used. */
  static async open(config: ApiServerConfig, { clock }: Pick<ServerEnvironment, "clock">): Promise<ServingTls> {
    const { tls, authentication } = config;
    const { clientCaPem, requestHeader } = authentication;
    const pair = await defaultKeyPair(tls.certificate, config, clock);
    const named: NamedKeyPair[] = [];
    for (const files of tls.named) named.push(await readNamedKeyPair(files));
    return new ServingTls(tls, pair, named, withoutEmpty([clientCaPem, requestHeader?.caPem ?? ""]));
  }

  /** Calls back when `options` have changed. */
  onChange(listener: () => void): void {
    this.#listeners.push(listener);
  }

  /** For a listener that begins, and for its connections to come. */
  get options(): TlsOptions {
    const isAsking = this.#authorities.length > 0;
    return {
      ...this.#contextOptions(this.#pair),
      requestCert: isAsking,
      // Certificates that do not verify are judged, and refused, by the authenticator.
      rejectUnauthorized: false,
      ...(this.#named.length > 0 && {
        SNICallback: (name, callback) => callback(null, this.#contextFor(name)),
      }),
    };
  }

  /** What client certificates may be signed by from now on, as PEM texts. */
  trust(authorities: readonly string[]): void {
    this.#authorities = withoutEmpty(authorities);
    this.#changed();
  }

  /** Follows the files of the certificates, until the background ends. */
  follow({ background, clock, log }: ServerEnvironment): void {
    const watch = (files: CertificateFiles, contents: KeyPair, reload: () => Promise<void>) => {
      for (const [path, content] of [
        [files.certFile, contents.cert],
        [files.keyFile, contents.key],
      ] as const) {
        background.start((signal) => followFile({ path, content, clock, log, onChange: reload }, signal));
      }
    };
    const { certificate, named } = this.#config;
    if (certificate.source !== "memory") {
      watch(certificate, this.#pair, async () => {
        this.#pair = await readKeyPair(certificate);
        this.#changed();
      });
    }
    for (const [index, files] of named.entries()) {
      const current = this.#named[index];
      if (!current) continue;
      watch(files, current.pair, async () => {
        this.#named[index] = await readNamedKeyPair(files);
        this.#changed();
      });
    }
  }

  #changed(): void {
    this.#contexts = this.#namedContexts();
    for (const listener of this.#listeners) listener();
  }

  #contextOptions(pair: KeyPair): SecureContextOptions {
    return {
      ...pair,
      ...this.#config.protocol,
      honorCipherOrder: true,
      ...(this.#authorities.length > 0 && { ca: [...this.#authorities] }),
      // A resumed session has lost the intermediate certificates that tell whose a certificate is.
      ...(this.#authorities.length > 1 && { secureOptions: constants.SSL_OP_NO_TICKET }),
    };
  }

  /** Given names win over those of certificates, and the first pair over later ones. */
  #namedContexts(): Map<string, SecureContext> {
    const contexts = new Map<string, SecureContext>();
    const given = this.#named.filter((_, index) => (this.#config.named[index]?.names.length ?? 0) > 0);
    const found = this.#named.filter((each) => !given.includes(each));
    for (const { pair, names } of [...given, ...found]) {
      const context = createSecureContext(this.#contextOptions(pair));
      for (const name of names) if (!contexts.has(name)) contexts.set(name, context);
    }
    return contexts;
  }

  /** Undefined for the certificate of all other names. */
  #contextFor(serverName: string): SecureContext | undefined {
    const name = serverName.toLowerCase();
    return this.#contexts.get(name) ?? this.#contexts.get(name.replace(/^[^.]*/, "*"));
  }
}

function withoutEmpty(texts: readonly string[]): string[] {
  return texts.filter((text) => text !== "");
}
