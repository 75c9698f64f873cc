import { localProgram, runProgram } from "./run-program.ts";

/** `npm run format`: writes every file as the formatter wants it. */
process.exitCode = await runProgram(localProgram("oxfmt"), ["."]);
