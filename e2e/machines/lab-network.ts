import { run } from "../../deploy/local/command.ts";
import { labLabel } from "./lab-engine.ts";
import { ownIdentity, ownerLabel } from "./owner.ts";
import type { Segment } from "./wire-rules.ts";

/** A network segment of the laboratory: a bridge with one subnet per family. */
export interface LabSegment extends Segment {
  /** The Docker network. */
  readonly name: string;
  /** The address with this number in each family, IPv4 first. */
  address(number: number): readonly string[];
}

/** Where laboratories have their subnets: 172.30.N.0/24 and fd00:30:N::/64. */
const subnets = Array.from({ length: 254 }, (_, index) => index + 1);

/** Creates a segment with a subnet that no other Docker network has. */
export async function createSegment(lab: string, index: number, ipv6: boolean): Promise<LabSegment> {
  const name = `kube-ts-lab-${lab}-${index}`;
  const bridge = `ktl${lab}${index}`;
  const taken = await takenSubnets();
  for (const subnet of subnets) {
    if (taken.has(subnet)) continue;
    const address = (number: number) => [
      `172.30.${subnet}.${number}`,
      ...(ipv6 ? [`fd00:30:${subnet}::${number}`] : []),
    ];
    const options = [
      "--driver=bridge",
      `--label=${labLabel}=${lab}`,
      `--label=${ownerLabel}=${ownIdentity()}`,
      `--opt=com.docker.network.bridge.name=${bridge}`,
      "--opt=com.docker.network.bridge.enable_ip_masquerade=false",
      `--subnet=172.30.${subnet}.0/24`,
      `--gateway=172.30.${subnet}.1`,
      ...(ipv6 ? ["--ipv6", `--subnet=fd00:30:${subnet}::/64`, `--gateway=fd00:30:${subnet}::1`] : []),
    ];
    try {
      await run("docker", ["network", "create", ...options, name]);
      return { name, bridge, gateways: address(1), address };
    } catch (error) {
      // Another laboratory was quicker.
      if (!String(error).includes("overlaps")) throw error;
    }
  }
  throw new Error("every subnet of 172.30.0.0/16 is taken");
}

async function takenSubnets(): Promise<ReadonlySet<number>> {
  const ids = (await run("docker", ["network", "ls", "--quiet"])).split("\n").filter(Boolean);
  const format = "{{range .IPAM.Config}}{{.Subnet}} {{end}}";
  const found = await run("docker", ["network", "inspect", "--format", format, ...ids]).catch(() => "");
  return new Set([...found.matchAll(/172\.30\.(\d+)\.0\/24/g)].map(([, third]) => Number(third)));
}
