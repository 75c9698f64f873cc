import { isRecord } from "@kube-ts/std/config-schema";
import { goValue } from "@kube-ts/api/go-value";
import { lastAppliedAnnotation } from "@kube-ts/api/well-known-labels";
import { alignTabs, describeLayout } from "../printers/tab-writer.ts";
import { safeText } from "../printers/terminal-text.ts";

/** Text with levels of indentation whose columns are aligned when it is finished. */
export class Description {
  #text = "";

  /** Writes a line at a level; what comes from objects must not hold control characters, so they are made visible. */
  line(level: number, text: string): void {
    this.#text += `${"  ".repeat(level)}${safeText(text)}\n`;
  }

  toString(): string {
    return alignTabs(this.#text, describeLayout);
  }

  /** With the tabs between columns left as they are. */
  get withTabs(): string {
    return this.#text;
  }

  /** A map, one entry a line, under a label. */
  map(label: string, values: Readonly<Record<string, string>> | undefined, skip: readonly string[] = []): void {
    const keys = Object.keys(values ?? {})
      .filter((key) => !skip.includes(key))
      .toSorted();
    if (keys.length === 0) this.line(0, `${label}:\t<none>`);
    for (const [index, key] of keys.entries()) {
      this.line(0, `${index === 0 ? `${label}:` : ""}\t${key}=${values?.[key] ?? ""}`);
    }
  }

  /** Annotations: long or several-line values go below their key. */
  annotations(values: Readonly<Record<string, string>> | undefined): void {
    const skip = [lastAppliedAnnotation];
    const keys = Object.keys(values ?? {})
      .filter((key) => !skip.includes(key))
      .toSorted();
    if (keys.length === 0) this.line(0, "Annotations:\t<none>");
    for (const [index, key] of keys.entries()) {
      const value = (values?.[key] ?? "").replace(/\n$/, "");
      const lead = index === 0 ? "Annotations:" : "";
      if (value.length + key.length + 2 <= maxAnnotationLength && !value.includes("\n")) {
        this.line(0, `${lead}\t${key}: ${value}`);
        continue;
      }
      this.line(0, `${lead}\t${key}:`);
      for (const line of value.split("\n")) this.line(0, `\t  ${shortened(line)}`);
    }
  }
}

const maxAnnotationLength = 140;

function shortened(line: string): string {
  const room = maxAnnotationLength - 2;
  return line.length > room ? `${line.slice(0, room)}...` : line;
}

/** A value of any shape, its fields titled, as objects of unknown kinds are described. */
export function describeValue(description: Description, level: number, value: Readonly<Record<string, unknown>>): void {
  for (const key of Object.keys(value).toSorted()) {
    const field = value[key];
    const label = title(key);
    if (isRecord(field)) {
      description.line(level, `${label}:`);
      describeValue(description, level + 1, field);
    } else if (Array.isArray(field)) {
      description.line(level, `${label}:`);
      for (const item of field) {
        if (isRecord(item)) describeValue(description, level + 1, item);
        else description.line(level + 1, goValue(item));
      }
    } else description.line(level, `${label}:\t${goValue(field)}`);
  }
}

const acronyms: ReadonlySet<string> = new Set(["API", "URL", "UID", "OSB", "GUID"]);

/** `clusterIP` → `Cluster IP`. */
export function title(key: string): string {
  // Names with anything but letters and dashes in them are keys rather than fields.
  if (/[^\p{L}-]/u.test(key)) return key;
  const spaced = key
    .replaceAll("-", " - ")
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2");
  return spaced
    .split(" ")
    .map((word) =>
      acronyms.has(word.toUpperCase()) ? word.toUpperCase() : word.charAt(0).toUpperCase() + word.slice(1),
    )
    .join(" ");
}
