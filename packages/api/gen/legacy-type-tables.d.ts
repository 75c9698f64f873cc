import type { TypeTable } from "../src/type-table.ts";

export declare const typeTables: Readonly<Record<string, TypeTable>>;
