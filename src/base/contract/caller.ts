/** The ids of people at the keyboard begin so. */
export const PERSON = "human-";

/** Who acts: an agent, a person at a terminal, or a recipe that runs on somebody's behalf. */
export interface Caller {
  /** Stable for as long as the caller is connected; what was shown to it is remembered under this id. */
  readonly id: string;
  readonly kind: "agent" | "human" | "recipe";
  /** The client program's own name, where it gave one. */
  readonly client?: string;
  /** Aborted when the caller gives this call up: ends its wait, never a session. */
  readonly signal: AbortSignal;
  /** The tool of this call, for the audit log. */
  readonly tool?: string;
  /** It says itself that this call is meant, dangerous or not. */
  readonly confirms?: true;
  /** Asks the person behind the caller what is no secret; undefined as an answer: none was given. Missing: nobody can be asked. */
  readonly ask?: AskPerson;
  /** Asks the person behind the client to approve an action; undefined as an answer: none was given. Missing: nobody can be asked. */
  readonly approve?: AskApproval;
  /** Told now and then how a long call goes on. Missing: nobody wants to know. */
  readonly progress?: ReportProgress;
}

/** How long a call has taken so far, and what there is to say of it. */
export type ReportProgress = (report: { readonly elapsedMs: number; readonly message: string }) => void;

/** A question of a server at login, in its own words; not yet made visible. */
export interface LoginQuestionForPerson {
  /** `web1 (10.0.0.5:22)`. */
  readonly host: string;
  readonly user: string;
  readonly asks: string;
  /** What it said before. */
  readonly before: string;
}

export type AskPerson = (question: LoginQuestionForPerson) => Promise<string | undefined>;

/** What a person has to see to approve an action; not yet made visible where it is remote text. */
export interface ApprovalQuestion {
  /** What the answer is bound to. */
  readonly key: string;
  readonly host: string;
  readonly address: string;
  readonly hosts?: readonly string[];
  readonly session?: string;
  readonly mode?: string;
  readonly what: string;
  readonly text: string;
  readonly risk: string;
  readonly reasons: readonly string[];
}

export type AskApproval = (question: ApprovalQuestion) => Promise<"yes" | "no" | undefined>;
