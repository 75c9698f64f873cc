/** Tells whether a parsed object can be used as it is, after filling in and canonicalizing its fields in place. */
export type Validator = (object: unknown) => boolean;

export declare const validators: Readonly<Record<string, Validator>>;
