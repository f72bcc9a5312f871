import { ELSEWHERE_QUESTIONS } from "./elsewhere-questions.ts";
import { ELSEWHERE_ROWS } from "./elsewhere-rows.ts";
import { LINE_EDITORS } from "./line-editors.ts";
import { MORE_QUESTIONS } from "./more-questions.ts";
import { OUTSIDE_OUTPUTS } from "./outside-outputs.ts";
import { OUTSIDE_QUESTIONS } from "./outside-questions.ts";
import { PROGRESS_AND_LOGS } from "./progress-and-logs.ts";
import { QUESTIONS } from "./questions.ts";
import { REFUSALS } from "./refusals.ts";
import { REPORTED_NOTICES } from "./reported-notices.ts";
import { REPORTED_PROMPTS } from "./reported-prompts.ts";
import { REPORTED_QUESTIONS } from "./reported-questions.ts";
import { REPORTED_ROWS } from "./reported-rows.ts";
import { REPORTED_SESSIONS } from "./reported-sessions.ts";
import { SECRETS_AND_NAMES } from "./secrets-and-names.ts";
import type { Dialogue } from "./stage.ts";
import { TEXTS_AND_BANNERS } from "./texts-and-banners.ts";
import { WORDS_AND_KEYS } from "./words-and-keys.ts";

/** Every dialogue that is played at the tools. */
export const DIALOGUES: readonly Dialogue[] = [
  ...PROGRESS_AND_LOGS,
  ...QUESTIONS,
  ...LINE_EDITORS,
  ...SECRETS_AND_NAMES,
  ...MORE_QUESTIONS,
  ...REFUSALS,
  ...TEXTS_AND_BANNERS,
  ...OUTSIDE_QUESTIONS,
  ...OUTSIDE_OUTPUTS,
  ...REPORTED_PROMPTS,
  ...REPORTED_QUESTIONS,
  ...REPORTED_ROWS,
  ...REPORTED_SESSIONS,
  ...REPORTED_NOTICES,
  ...ELSEWHERE_QUESTIONS,
  ...ELSEWHERE_ROWS,
  ...WORDS_AND_KEYS,
];
