/** One sample of a metric. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** Milliseconds since the epoch; absent for the time of the scrape. */
  readonly timestampMs?: number;
}

export interface Metric {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge";
  readonly samples: readonly Sample[];
}

export const expositionContentType = "text/plain; version=0.0.4; charset=utf-8";

/** Prometheus' text format. Metrics without samples are left out. */
export function exposition(metrics: Iterable<Metric>): string {
  const parts: string[] = [];
  for (const { name, help, type, samples } of metrics) {
    if (samples.length === 0) continue;
    parts.push(`# HELP ${name} ${help.replaceAll("\\", "\\\\").replaceAll("\n", "\\n")}\n# TYPE ${name} ${type}\n`);
    for (const sample of samples) parts.push(sampleLine(name, sample));
  }
  return parts.join("");
}

function sampleLine(name: string, { labels, value, timestampMs }: Sample): string {
  const pairs = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  const selector = pairs.length === 0 ? "" : `{${pairs.join(",")}}`;
  const time = timestampMs === undefined ? "" : ` ${Math.round(timestampMs)}`;
  return `${name}${selector} ${value}${time}\n`;
}

function escapeLabel(text: string): string {
  return text.replaceAll("\\", "\\\\").replaceAll("\n", "\\n").replaceAll('"', '\\"');
}
