/**
 * A sysctl's name with dots, as the kernel's documents write it. Where slashes come first they separate, and dots are
 * part of a name, such as a network interface's: `net/ipv4/conf/eth0.1/forwarding`.
 */
export function dottedSysctl(name: string): string {
  const first = /[./]/.exec(name)?.[0];
  if (first !== "/") return name;
  return name.replaceAll(/[./]/g, (separator) => (separator === "/" ? "." : "/"));
}
