import { readFileSync } from "node:fs";
import type { OwnMachine } from "../machine/own-machine.ts";
import { configurationDirectory, pkiDirectory } from "../machine/places.ts";
import { certificateFiles } from "../pki/certificate-files.ts";
import { certificateFacts } from "./certificate-facts.ts";
import { type CertificateDirectories, findCertificate } from "./certificate-store.ts";
import type { Expiration, ExpirationReport } from "./expiration-report.ts";
import { displayName, listedAuthorities, listedCertificates } from "./inventory.ts";
import type { FoundCertificate } from "./renewal-plan.ts";

export const directories: CertificateDirectories = { pki: pkiDirectory, configuration: configurationDirectory };

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
