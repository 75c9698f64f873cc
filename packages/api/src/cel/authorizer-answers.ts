import type { AskAuthorizer, AuthorizerAnswer, AuthorizerQuestion } from "./library/authorizer.ts";

/** More questions than the cost of any evaluation allows; policies have several expressions. */
const maxQuestions = 64;

/** An authorizer that has to wait. */
export type AskAuthorizerLater = (question: AuthorizerQuestion, signal: AbortSignal) => Promise<AuthorizerAnswer>;

/** Leaves an evaluation at a question that has no answer yet. Expressions cannot absorb it. */
class Unanswered extends Error {
  override readonly name = "Unanswered";
  readonly question: AuthorizerQuestion;

  constructor(question: AuthorizerQuestion) {
    super("not answered yet");
    this.question = question;
  }
}

/**
 * Evaluates with an authorizer that has to wait: an evaluation that comes to a new question is left, the question is
 * asked, and the evaluation starts over with the answer at hand. Evaluation is pure and takes microseconds, and no
 * question is asked that the expressions do not come to. Rejects when the signal aborts.
 */
export async function evaluateWithAnswers<T>(
  evaluate: (ask: AskAuthorizer) => T,
  askLater: AskAuthorizerLater,
  signal: AbortSignal,
): Promise<T> {
  const answers = new Map<string, AuthorizerAnswer>();
  const ask: AskAuthorizer = (question) => {
    const answer = answers.get(keyOf(question));
    if (!answer) throw new Unanswered(question);
    return answer;
  };
  while (answers.size <= maxQuestions) {
    signal.throwIfAborted();
    try {
      return evaluate(ask);
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      answers.set(keyOf(error.question), await answered(error.question, askLater, signal));
    }
  }
  throw new RangeError("an evaluation asked the authorizer too often");
}

async function answered(
  question: AuthorizerQuestion,
  askLater: AskAuthorizerLater,
  signal: AbortSignal,
): Promise<AuthorizerAnswer> {
  try {
    return await askLater(question, signal);
  } catch (error) {
    signal.throwIfAborted();
    return { allowed: false, reason: "", error: error instanceof Error ? error.message : "the authorizer failed" };
  }
}

function keyOf(question: AuthorizerQuestion): string {
  return JSON.stringify(Object.entries(question).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
