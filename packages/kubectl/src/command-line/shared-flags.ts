import { booleanFlag, listFlag, stringFlag } from "./flag.ts";

/** Where objects are read from. */
export const fileFlags = {
  filename: listFlag("Filename, directory, or URL to files that contain the resources.", { short: "f" }),
  kustomize: stringFlag("Process the kustomization directory. This flag can't be used together with -f or -R.", {
    short: "k",
  }),
  recursive: booleanFlag("Process the directory used in -f, --filename recursively.", { short: "R" }),
} as const;

/** For commands that go into directories unless they are told not to. */
export const recursiveFileFlags = {
  filename: fileFlags.filename,
  recursive: booleanFlag("Process the directory used in -f, --filename recursively.", { short: "R", default: true }),
} as const;

export const selectorFlags = {
  "field-selector": stringFlag("Selector (field query) to filter on, supports '=', '==', and '!='."),
  selector: stringFlag("Selector (label query) to filter on, supports '=', '==', '!=', 'in', 'notin'.", { short: "l" }),
} as const;

export const labelSelectorFlag = { selector: selectorFlags.selector } as const;

export const dryRunFlag = {
  "dry-run": stringFlag(
    'Must be "none", "server", or "client". If client strategy, only print the object that would be sent, without sending it. If server strategy, submit server-side request without persisting the resource.',
    { default: "none", bare: "unchanged" },
  ),
} as const;

/** The flags of commands that change objects. */
export function fieldManagerFlag(name: string) {
  return {
    "field-manager": stringFlag("Name of the manager used to track field ownership.", { default: name }),
  } as const;
}

/** How the lines of a file that is edited end. */
export const windowsLineEndingsFlag = {
  "windows-line-endings": booleanFlag("Defaults to the line ending native to your platform.", {
    default: process.platform === "win32",
  }),
} as const;

export const validateFlag = {
  validate: stringFlag("Must be one of: strict (or true), warn, ignore (or false).", {
    default: "strict",
    bare: "strict",
  }),
} as const;
