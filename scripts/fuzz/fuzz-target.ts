import { findApiError } from "@kube-ts/api/status-error";

/** A decoder of what strangers send. */
export interface FuzzTarget {
  readonly name: string;
  /** Whether anybody who can open a connection reaches it. */
  readonly stage: "before authorization" | "after authorization";
  /** Inputs that are right, from which others are made. */
  readonly seeds: readonly (string | Buffer)[];
  /** Pieces that mean something to the decoder. */
  readonly words: readonly string[];
  /** No input is longer. */
  readonly maxBytes: number;
  /** Its part of all inputs, where 1 is usual: less for what is costly. */
  readonly share?: number;
  /** Answers whether the input was accepted; rejects or throws for what must not happen. */
  decode(input: Buffer): boolean | Promise<boolean>;
}

/** What a decoder may refuse an input with. */
export type Refusal = (error: unknown) => boolean;

/** An answer that blames the client. */
export const clientError: Refusal = (error) => {
  const code = findApiError(error)?.code ?? 0;
  return code >= 400 && code < 500;
};

/** Any of the error classes. */
export const anyOf =
  (...classes: readonly (abstract new (...args: never[]) => Error)[]): Refusal =>
  (error) =>
    classes.some((each) => error instanceof each);

/** Whether the work ends well; false when it ends in a refusal. Other errors are passed on. */
export function accepts(refusal: Refusal, work: () => unknown): boolean {
  try {
    work();
    return true;
  } catch (error) {
    if (refusal(error)) return false;
    throw error;
  }
}
