import { isDeepStrictEqual } from "node:util";
import type { ClusterConfig } from "./cluster-config.ts";

/** The fields of the configuration file in which two configurations differ: `machines[cp-2]`, `flags.kubelet`, `network.dnsDomain`. */
export function differingFields(a: ClusterConfig, b: ClusterConfig): readonly string[] {
  const { machines: machinesOfA, network: networkOfA, flags: flagsOfA, ...restOfA } = a;
  const { machines: machinesOfB, network: networkOfB, flags: flagsOfB, ...restOfB } = b;
  return [
    ...differing(restOfA, restOfB),
    ...differing(networkOfA, networkOfB).map((name) => `network.${name.replace("Cidrs", "CIDRs")}`),
    ...differing(flagsOfA, flagsOfB).map((name) => `flags.${name}`),
    ...differing(byName(machinesOfA), byName(machinesOfB)).map((name) => `machines[${name}]`),
  ];
}

function differing(a: object, b: object): readonly string[] {
  const [fieldsOfA, fieldsOfB] = [a, b] as Readonly<Record<string, unknown>>[];
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].filter((name) => !isDeepStrictEqual(fieldsOfA?.[name], fieldsOfB?.[name]));
}

function byName(machines: ClusterConfig["machines"]): object {
  return Object.fromEntries(machines.map((machine) => [machine.name, machine]));
}
