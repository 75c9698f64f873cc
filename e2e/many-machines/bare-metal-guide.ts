import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseYaml } from "@kube-ts/std/yaml";
import { repositoryRoot } from "../../deploy/local/layout.ts";

export type Role = "etcd" | "control-plane" | "worker";

/** The guide for bare metal, as the test executes it: its commands and its configuration file. */
export class BareMetalGuide {
  readonly #blocks: readonly { readonly language: string; readonly text: string }[];

  constructor() {
    const readme = readFileSync(join(repositoryRoot, "deploy", "README.md"), "utf8");
    const chapter = /^## Bare metal\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? "";
    this.#blocks = [...chapter.matchAll(/^```(\w+)\n([\s\S]*?)^```$/gm)].map(([, language = "", text = ""]) => ({
      language,
      text,
    }));
  }

  /** The command that the guide shows, by a pattern that only it fits. */
  command(pattern: RegExp): string {
    const lines = this.#blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => text.split("\n"));
    const [found, ...more] = lines.filter((line) => pattern.test(line));
    if (found === undefined || more.length > 0) throw new Error(`the guide does not show one command like ${pattern}`);
    return found;
  }

  /** The cluster's configuration file that the guide shows. */
  configuration(): Readonly<Record<string, unknown>> {
    const [block, ...more] = this.#blocks.filter(({ language }) => language === "yaml");
    if (block === undefined || more.length > 0) throw new Error("the guide does not show one configuration file");
    return parseYaml(block.text) as Readonly<Record<string, unknown>>;
  }

  /** The machines that the configuration file names. */
  machines(): readonly { readonly name: string; readonly roles: readonly Role[] }[] {
    const machines = this.configuration()["machines"] as readonly { readonly name: string; readonly roles: Role[] }[];
    return machines.map(({ name, roles }) => ({ name, roles }));
  }
}
