import { aborted } from "../src/abort.ts";
import { runDaemon } from "../src/daemon.ts";
import { defineFlags, FlagError } from "../src/flags.ts";
import { loadServingTls, secureServingConfig, secureServingFlags } from "../src/serving-flags.ts";
import { startServing } from "../src/serving.ts";

await runDaemon({
  name: "sample-daemon",
  description: "A daemon that serves its health until told to stop.",
  flags: defineFlags({
    ...secureServingFlags(0),
    mode: { type: "string", default: "drain", description: "what to do when told to stop: drain, hang, throw or crash" },
  }),
  configure: ({ values }) => {
    if (!["drain", "hang", "throw", "crash"].includes(values.mode)) {
      throw new FlagError("mode", `invalid argument ${JSON.stringify(values.mode)} for "--mode" flag: unknown mode`);
    }
    return { mode: values.mode, serving: secureServingConfig(values) };
  },
  run: async (config, context) => {
    const tls = await loadServingTls(config.serving, context.clock.now());
    await using serving = await startServing({
      host: "127.0.0.1",
      port: 0,
      tls,
      registry: context.registry,
      log: context.log,
    });
    process.stdout.write(`${serving.port}\n`);
    context.ready();
    await aborted(context.signal);
    if (config.mode === "throw") throw new Error("drain failed");
    if (config.mode === "crash") setImmediate(() => Promise.reject(new Error("nobody catches this")));
    if (config.mode !== "drain") await new Promise((resolve) => setTimeout(resolve, 60_000));
  },
});
