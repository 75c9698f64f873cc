import type { DebianPackage } from "./debian-packages.ts";

/** What a package is built for and from. */
export interface PackageBuild {
  /** Upstream version and revision, `1.36.0-1`. */
  readonly version: string;
  /** As Debian names it. */
  readonly architecture: "amd64" | "arm64";
}

/** The paragraph that tells dpkg and apt about a package. */
export function controlFile(declared: DebianPackage, build: PackageBuild, installedBytes: number): string {
  const { name, own, depends, recommends = [], conflicts = [], provides = [] } = declared;
  const [synopsis, ...description] = [declared.synopsis, ...declared.description];
  const fields: readonly (readonly [string, string])[] = [
    ["Package", name],
    ["Version", build.version],
    ["Architecture", declared.machineDependent ? build.architecture : "all"],
    ["Maintainer", "The kube-ts authors <kube-ts@invalid>"],
    ["Installed-Size", String(Math.ceil(installedBytes / 1024))],
    ["Depends", [...own.map((other) => `${other} (= ${build.version})`), ...depends].join(", ")],
    ["Recommends", recommends.join(", ")],
    ["Conflicts", conflicts.join(", ")],
    ["Replaces", conflicts.join(", ")],
    ["Provides", provides.map((other) => `${other} (= ${build.version})`).join(", ")],
    ["Section", "admin"],
    ["Priority", "optional"],
    ["Description", [synopsis, ...description.map((line) => ` ${line}`)].join("\n")],
  ];
  return fields
    .filter(([, value]) => value !== "")
    .map(([field, value]) => `${field}: ${value}\n`)
    .join("");
}
