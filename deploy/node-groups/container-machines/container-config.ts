import { ConfigFileError, loadConfigFile } from "@kube-ts/std/config-file";
import { integerField, listField, mapField, objectField, stringField } from "@kube-ts/std/config-schema";
import { type Template, templateField } from "../template-fields.ts";

export interface ContainerConfig {
  readonly group: {
    readonly name: string;
    readonly minSize: number;
    readonly maxSize: number;
    readonly template: Template | undefined;
  };
  /** A machine's name is the prefix and its number. */
  readonly namePrefix: string;
  readonly firstNumber: number;
  readonly image: string;
  /** `{name}` and `{number}` stand for the machine's. */
  readonly runArguments: readonly string[];
  /** Shell lines that are run in the machine before it joins. */
  readonly setup: readonly string[];
  /** A program whose last line with `kube-ts join` is what the machine runs; empty for machines that need none. */
  readonly joinCommand: readonly string[];
  /** For the programs that are run here: docker and the join command. */
  readonly environment: Readonly<Record<string, string>>;
}

const containerKind = {
  apiVersion: "deploy.kube-ts.io/v1",
  kind: "ContainerMachines",
  fields: {
    group: objectField({
      name: stringField(),
      minSize: integerField(),
      maxSize: integerField(),
      template: templateField,
    }),
    namePrefix: stringField(),
    firstNumber: integerField(),
    image: stringField(),
    runArguments: listField(stringField()),
    setup: listField(stringField()),
    joinCommand: listField(stringField()),
    environment: mapField(stringField()),
  },
};

/** Throws a ConfigFileError that names the path of what is wrong. */
export async function loadContainerConfig(path: string): Promise<ContainerConfig> {
  const file = await loadConfigFile(path, containerKind);
  const {
    group = {},
    image = "",
    firstNumber = 1,
    runArguments = [],
    setup = [],
    joinCommand = [],
    environment = {},
  } = file;
  const { name = "", minSize = 0, maxSize = 0, template } = group;
  const { namePrefix = `${name}-` } = file;
  const refuse = (field: string, reason: string) => new ConfigFileError(path, `${field}: ${reason}`);
  if (name === "") throw refuse("group.name", "Required value");
  if (maxSize < Math.max(1, minSize)) throw refuse("group.maxSize", "must be at least 1 and at least minSize");
  if (image === "") throw refuse("image", "Required value");
  if (!/^[a-z0-9][-a-z0-9]*$/.test(namePrefix)) throw refuse("namePrefix", "must begin the name of a node");
  return {
    group: { name, minSize, maxSize, template },
    namePrefix,
    firstNumber,
    image,
    runArguments,
    setup,
    joinCommand,
    environment,
  };
}
