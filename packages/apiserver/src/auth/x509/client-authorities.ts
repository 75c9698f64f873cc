import { TrustedBy } from "./trusted-chain.ts";

/** The authorities that certificates of clients and of front proxies are signed by, as they are now. */
export class ClientAuthorities {
  readonly clients: TrustedBy;
  readonly frontProxies: TrustedBy;
  readonly #listeners: ((pems: readonly string[]) => void)[] = [];
  #clientPem: string;
  #frontProxyPem: string;

  /** PEM texts; empty where there are none. */
  constructor(clientPem: string, frontProxyPem: string) {
    this.#clientPem = clientPem;
    this.#frontProxyPem = frontProxyPem;
    this.clients = new TrustedBy(clientPem);
    this.frontProxies = new TrustedBy(frontProxyPem);
  }

  get clientPem(): string {
    return this.#clientPem;
  }

  get frontProxyPem(): string {
    return this.#frontProxyPem;
  }

  /** Throws when the text holds no certificate; what counted before then goes on to count. */
  replaceClients(pem: string): void {
    this.clients.replace(pem);
    this.#clientPem = pem;
    this.#tell();
  }

  /** The same for front proxies. */
  replaceFrontProxies(pem: string): void {
    this.frontProxies.replace(pem);
    this.#frontProxyPem = pem;
    this.#tell();
  }

  /** Calls back with all PEM texts after each change. */
  onChange(listener: (pems: readonly string[]) => void): void {
    this.#listeners.push(listener);
  }

  #tell(): void {
    for (const listener of this.#listeners) listener([this.#clientPem, this.#frontProxyPem]);
  }
}
