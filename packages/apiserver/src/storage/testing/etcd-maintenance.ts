/** What an administrator does to a member, over its JSON gateway. */
export class EtcdMaintenance {
  readonly #endpoint: string;

  /** `endpoint` is an http URL. */
  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  /** Makes the cluster refuse writes, as it does when a member's quota is used up. */
  async raiseNoSpace(): Promise<void> {
    await this.#post("maintenance/alarm", { action: "ACTIVATE", memberID: await this.#memberId(), alarm: "NOSPACE" });
  }

  async disarm(): Promise<void> {
    await this.#post("maintenance/alarm", { action: "DEACTIVATE", memberID: await this.#memberId(), alarm: "NOSPACE" });
  }

  /** Gives space that compactions have freed back to the file system. */
  async defragment(): Promise<void> {
    await this.#post("maintenance/defragment", {});
  }

  async revision(): Promise<bigint> {
    return BigInt((await this.#status()).header.revision);
  }

  /** Forgets everything before the present revision. */
  async compact(): Promise<void> {
    await this.#post("kv/compaction", { revision: String(await this.revision()), physical: true });
  }

  /** Whether the member leads its cluster. */
  async leads(): Promise<boolean> {
    const { header, leader } = await this.#status();
    return leader !== undefined && leader === header.member_id;
  }

  async #memberId(): Promise<string> {
    return (await this.#status()).header.member_id;
  }

  #status(): Promise<{ readonly header: { readonly member_id: string; readonly revision: string }; leader?: string }> {
    return this.#post("maintenance/status", {});
  }

  async #post<T>(path: string, body: object): Promise<T> {
    const response = await fetch(`${this.#endpoint}/v3/${path}`, { method: "POST", body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return JSON.parse(text) as T;
  }
}
