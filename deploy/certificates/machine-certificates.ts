import { readFileSync } from "node:fs";
import { hostname, networkInterfaces } from "node:os";
import { formatIpAddress, parseIpAddress } from "@kube-ts/std/ip-address";
import { type ClusterConfig, type Machine, loadClusterConfig } from "../cluster/cluster-config.ts";
import { machineNamed } from "../cluster/cluster-view.ts";
import { clusterConfigFile, configurationDirectory, pkiDirectory } from "../machine/places.ts";
import { certificateFiles } from "../pki/certificate-files.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { type CertificateDirectories, findCertificate } from "./certificate-store.ts";
import type { Expiration, ExpirationReport } from "./expiration-report.ts";
import { displayName, listedAuthorities, listedCertificates } from "./inventory.ts";
import type { FoundCertificate } from "./renewal-plan.ts";

/** This machine as its cluster knows it. */
export interface OwnMachine {
  readonly config: ClusterConfig;
  readonly machine: Machine;
}

export const machineFlag = {
  machine: {
    type: "string",
    default: "",
    description: "The machine's name in the cluster's configuration, where that is not its host name.",
  },
} as const;

export const directories: CertificateDirectories = { pki: pkiDirectory, configuration: configurationDirectory };

/**
 * The machine of the name; without one, that of the host's name or, since a machine may have another one in its cluster, of
 * the host's addresses. Rejects on a machine that belongs to no cluster, or to one that does not know it.
 */
export async function ownMachine(name: string): Promise<OwnMachine> {
  const config = await loadClusterConfig(clusterConfigFile);
  const host = hostname().trim().toLowerCase();
  const own = Object.values(networkInterfaces()).flatMap((list) => list?.map(({ address }) => address) ?? []);
  const machine = name === "" ? findOwn(config, host, own) : machineNamed(config, name);
  if (!machine) throw new Error(`${clusterConfigFile} does not name the machine ${name || host}: use --machine`);
  return { config, machine };
}

/** The machine with the host's name, or the one with an address of the host's. */
export function findOwn(config: ClusterConfig, host: string, addresses: readonly string[]): Machine | undefined {
  const own = new Set(addresses.map(canonical));
  return (
    machineNamed(config, host) ??
    config.machines.find((each) => each.addresses.map(canonical).some((one) => own.has(one)))
  );
}

function canonical(text: string): string {
  const address = parseIpAddress(text);
  return address ? formatIpAddress(address) : text;
}

/** All that the machine has of certificates that it renews. */
export function foundCertificates({ config, machine }: OwnMachine): readonly FoundCertificate[] {
  return listedCertificates(config, machine).map((listed) => findCertificate(listed, directories));
}

/** When everything ends. */
export function expirationReport(own: OwnMachine): ExpirationReport {
  return {
    certificates: foundCertificates(own).map(({ listed, facts, hasAuthorityKey }) => ({
      name: listed.name,
      notAfterMs: facts?.notAfterMs,
      authority: displayName(listed.authority),
      isExternal: listed.issuer === "authority" && !hasAuthorityKey,
    })),
    authorities: listedAuthorities(own.machine).map(authorityExpiration),
  };
}

function authorityExpiration(name: ReturnType<typeof listedAuthorities>[number]): Expiration {
  const files = certificateFiles(pkiDirectory, name);
  return {
    name: displayName(name),
    notAfterMs: optional(() => certificateFacts(readFileSync(files.cert, "utf8")).notAfterMs),
    authority: "",
    isExternal: optional(() => readFileSync(files.key)) === undefined,
  };
}

function optional<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
