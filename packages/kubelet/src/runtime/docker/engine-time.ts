/** Milliseconds since the epoch; undefined for the engine's zero time, which means never. */
export function parseEngineTime(text: string | undefined): number | undefined {
  if (!text || text.startsWith("0001-01-01")) return undefined;
  const ms = Date.parse(text);
  return Number.isNaN(ms) ? undefined : ms;
}
