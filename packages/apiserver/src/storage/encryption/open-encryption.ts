import { ReloadMetrics } from "../../auth/reload/reload-metrics.ts";
import { followFile } from "../../auth/reload/watched-file.ts";
import type { EncryptionConfig } from "../../config/encryption.ts";
import type { ServerEnvironment } from "../../server/environment.ts";
import { Encryption } from "./encryption.ts";
import { parseEncryptionConfiguration } from "./encryption-configuration.ts";
import { EncryptionMetrics } from "./encryption-metrics.ts";

type EncryptionEnvironment = Pick<ServerEnvironment, "clock" | "log" | "metrics" | "background">;

/** Starts what encrypts, and follows its configuration where that is asked for. */
export async function openEncryption(
  { path, content, configuration, reloads }: EncryptionConfig,
  { clock, log, metrics: registry, background }: EncryptionEnvironment,
): Promise<Encryption> {
  const metrics = new EncryptionMetrics(registry, clock);
  const encryption = await Encryption.start(configuration, reloads, { metrics, clock, log, background });
  if (!reloads) return encryption;
  const onChange = new ReloadMetrics("encryption", registry, clock).counting((text) =>
    encryption.replace(parseEncryptionConfiguration(text, path)),
  );
  background.start((signal) => followFile({ path, content, clock, log, onChange }, signal));
  return encryption;
}
