import { safeText } from "../printers/terminal-text.ts";
import type { Session } from "./session.ts";

/** A warning about the command line itself, as upstream's log has them. */
export function logWarning(session: Session, message: string): void {
  const now = new Date(session.clock.now());
  const two = (value: number) => String(value).padStart(2, "0");
  const day = `${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}:${two(now.getMinutes())}:${two(now.getSeconds())}`;
  const micros = String(now.getMilliseconds() * 1_000).padStart(6, "0");
  session.terminal.error(
    safeText(`W${day} ${time}.${micros} ${String(process.pid).padStart(7)} kubectl.ts:1] ${message}\n`),
  );
}
