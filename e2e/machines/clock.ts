import { eventually } from "../harness/eventually.ts";
import type { Machine } from "./machine.ts";

/** Programs written in Go ask the kernel for the time without the C library, which nothing can come between. */
const goMark = "Go buildinf:";

/**
 * Moves the wall clock of a unit's processes by some seconds, forwards or backwards; the monotonic clock goes on. The
 * kernel's clock is this computer's, so that the library `faketime` answers instead, for programs that ask the C
 * library: Node.js does, Go's programs do not, and for those it throws. The first shift restarts the unit, to load the
 * library; later ones come about at once, as when somebody sets the clock.
 */
export async function shiftClock(machine: Machine, unit: string, seconds: number): Promise<void> {
  const { MainPID } = await machine.unit(unit);
  if (MainPID === 0) throw new Error(`${machine.name}: ${unit} does not run`);
  if ((await machine.attempt(`grep -q '${goMark}' /proc/${MainPID}/exe`)).code === 0) {
    throw new Error(
      `${machine.name}: ${unit} is a Go program, whose clock cannot be shifted: it asks the kernel itself`,
    );
  }
  const offset = `/etc/faketime/${unit}`;
  await machine.write(offset, `${seconds >= 0 ? "+" : ""}${seconds}\n`);
  if ((await machine.attempt(`grep -q libfaketime /proc/${MainPID}/maps`)).code === 0) return;
  const library = (await machine.run("ls /usr/lib/*/faketime/libfaketime.so.1")).trim();
  const settings = {
    LD_PRELOAD: library,
    FAKETIME_TIMESTAMP_FILE: offset,
    FAKETIME_NO_CACHE: "1",
    FAKETIME_DONT_FAKE_MONOTONIC: "1",
    FAKETIME_DISABLE_SHM: "1",
  };
  const lines = Object.entries(settings).map(([name, value]) => `Environment=${name}=${value}`);
  await machine.write(dropIn(unit), `[Service]\n${lines.join("\n")}\n`);
  await machine.run(`systemctl daemon-reload && systemctl restart '${unit}'`);
  await eventually(`${machine.name}: ${unit} has a clock of its own`, async () => {
    const restarted = await machine.unit(unit);
    return (await machine.attempt(`grep -q libfaketime /proc/${restarted.MainPID}/maps`)).code === 0;
  });
}

/** The unit has the machine's clock again; it is restarted. */
export async function resetClock(machine: Machine, unit: string): Promise<void> {
  await machine.run(`rm -f '${dropIn(unit)}' && systemctl daemon-reload && systemctl restart '${unit}'`);
}

function dropIn(unit: string): string {
  return `/etc/systemd/system/${unit}.d/90-clock.conf`;
}
