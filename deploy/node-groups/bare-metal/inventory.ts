import { ConfigFileError, loadConfigFile } from "@kube-ts/std/config-file";
import { type Decoded, integerField, listField, mapField, objectField, stringField } from "@kube-ts/std/config-schema";
import { type Template, templateField } from "../template-fields.ts";
import { magicPacket } from "../wake-on-lan.ts";

export interface InventoryMachine {
  readonly id: string;
  /** The name of its node. */
  readonly name: string;
  /** Empty for a machine that is started by a command. */
  readonly mac: string;
  readonly broadcast: string;
  readonly port: number;
  /** Empty for a machine that is woken by a magic packet. */
  readonly powerOn: readonly string[];
  /** For the commands. */
  readonly environment: Readonly<Record<string, string>>;
}

export interface InventoryGroup {
  readonly name: string;
  readonly minSize: number;
  readonly maxSize: number;
  readonly template: Template | undefined;
  readonly machines: readonly InventoryMachine[];
}

export interface Inventory {
  readonly stateDirectory: string;
  readonly powerOff: readonly string[];
  /** Empty when nobody can tell. */
  readonly powerState: readonly string[];
  readonly groups: readonly InventoryGroup[];
}

const machineField = objectField({
  id: stringField(),
  name: stringField(),
  mac: stringField(),
  broadcast: stringField(),
  port: integerField(),
  powerOn: listField(stringField()),
  environment: mapField(stringField()),
});

const groupField = objectField({
  name: stringField(),
  minSize: integerField(),
  maxSize: integerField(),
  template: templateField,
  machines: listField(machineField),
});

const inventoryKind = {
  apiVersion: "deploy.kube-ts.io/v1",
  kind: "MachineInventory",
  fields: {
    stateDirectory: stringField(),
    powerOff: listField(stringField()),
    powerState: listField(stringField()),
    groups: listField(groupField),
  },
};

/** Reads an inventory. Throws a ConfigFileError that names the path of what is wrong. */
export async function loadInventory(path: string): Promise<Inventory> {
  const file = await loadConfigFile(path, inventoryKind);
  const { stateDirectory = "", powerOff = [], powerState = [], groups = [] } = file;
  const refuse = (field: string, reason: string) => new ConfigFileError(path, `${field}: ${reason}`);
  if (!stateDirectory.startsWith("/")) throw refuse("stateDirectory", "must be an absolute path");
  if (powerOff.length === 0) throw refuse("powerOff", "Required value: nobody else can tell that a machine is off");
  const seen = new Set<string>();
  return {
    stateDirectory,
    powerOff,
    powerState,
    groups: groups.map(({ name = "", minSize = 0, maxSize, template, machines = [] }, index) => {
      const at = `groups[${index}]`;
      if (name === "") throw refuse(`${at}.name`, "Required value");
      const known = machines.map((machine, place) => machineOf(machine, name, `${at}.machines[${place}]`, refuse));
      for (const { id } of known) {
        if (seen.has(id)) throw refuse(at, `Duplicate value: ${JSON.stringify(id)}`);
        seen.add(id);
      }
      return { name, minSize, maxSize: Math.min(maxSize ?? known.length, known.length), template, machines: known };
    }),
  };
}

function machineOf(
  given: Decoded<typeof machineField>,
  group: string,
  at: string,
  refuse: (field: string, reason: string) => Error,
): InventoryMachine {
  const { name = "", mac = "", powerOn = [], environment = {} } = given;
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) throw refuse(`${at}.name`, "must be the name of a node");
  if ((mac === "") === (powerOn.length === 0)) throw refuse(at, "give mac or powerOn, and not both");
  if (mac !== "") checkMac(mac, at, refuse);
  const { id = `${group}/${name}`, broadcast = "255.255.255.255", port = 9 } = given;
  return { id, name, mac, broadcast, port, powerOn, environment };
}

function checkMac(mac: string, at: string, refuse: (field: string, reason: string) => Error): void {
  try {
    magicPacket(mac);
  } catch (error) {
    throw refuse(`${at}.mac`, (error as Error).message);
  }
}
