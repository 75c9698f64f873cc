import type { ControllerDefinition } from "./framework/controller.ts";

/** Every controller, in the order in which they are created. */
export const controllers: readonly ControllerDefinition[] = [];
