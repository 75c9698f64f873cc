/** A machine's end of its cable, as frames show it. */
export interface Plug {
  readonly mac: string;
  /** One address per family. */
  readonly addresses: readonly string[];
}

/** A bridge of the laboratory. */
export interface Segment {
  readonly bridge: string;
  /** The bridge's own addresses: what the machine that runs the tests answers at. */
  readonly gateways: readonly string[];
}

/** Everything that is wrong with the wires. */
export interface WireFaults {
  readonly cut: readonly Plug[];
  readonly partitions: readonly (readonly [Plug, Plug])[];
  readonly lossy: readonly { readonly plug: Plug; readonly percent: number }[];
}

/**
 * The nft script that makes the laboratory's table look like this, whatever it was before. Frames are dropped on the
 * bridge, outside of the machines, whose own packet filters stay theirs. Nothing leaves the laboratory.
 */
export function wireRules(table: string, segments: readonly Segment[], faults: WireFaults): string {
  const rules = [
    ...faults.cut.flatMap(({ mac }) => [`ether saddr ${mac} drop`, `ether daddr ${mac} drop`]),
    ...faults.partitions.flatMap(([one, other]) => [...between(one, other), ...between(other, one)]),
    ...faults.lossy.flatMap(({ plug: { mac }, percent }) =>
      ["saddr", "daddr"].map((end) => `ether ${end} ${mac} numgen random mod 100 < ${percent} drop`),
    ),
  ];
  return [
    `add table bridge ${table}`,
    `delete table bridge ${table}`,
    `table bridge ${table} {`,
    chain("faults", rules),
    chain("forward", ["type filter hook forward priority 0; policy accept;", "jump faults"]),
    chain("output", ["type filter hook output priority 0; policy accept;", "jump faults"]),
    chain("input", ["type filter hook input priority 0; policy accept;", "jump faults"]),
    "}",
    `add table netdev ${table}`,
    `delete table netdev ${table}`,
    `table netdev ${table} {`,
    ...segments.map(staysInside),
    "}",
    "",
  ].join("\n");
}

function between(from: Plug, to: Plug): string[] {
  const rules = [`ether saddr ${from.mac} ether daddr ${to.mac} drop`];
  for (const source of from.addresses) {
    const target = to.addresses.find((address) => family(address) === family(source));
    if (target !== undefined) rules.push(`${family(source)} saddr ${source} ${family(source)} daddr ${target} drop`);
  }
  return rules;
}

/** What a machine sends to the bridge is for the bridge: the bridge is no way out. */
function staysInside({ bridge, gateways }: Segment): string {
  return chain(bridge, [
    `type filter hook ingress device "${bridge}" priority 0; policy accept;`,
    ...gateways.map((gateway) => {
      const own = family(gateway) === "ip" ? gateway : `{ ${gateway}, fe80::/10, ff00::/8 }`;
      return `${family(gateway)} daddr != ${own} drop`;
    }),
  ]);
}

function family(address: string): "ip" | "ip6" {
  return address.includes(":") ? "ip6" : "ip";
}

function chain(name: string, rules: readonly string[]): string {
  return [`  chain ${name} {`, ...rules.map((rule) => `    ${rule}`), "  }"].join("\n");
}
