import { readSecret } from "./read.ts";
import { type Redact, Redactor } from "./redactor.ts";
import type { OwnSecretRef, ReadElsewhere, ReadSecret } from "./reference.ts";

/** Where secrets are read, and the redactor that knows every value it gave out. */
export interface Secrets {
  readonly read: ReadSecret;
  readonly redact: Redact;
}

/** They can also be looked for. */
export interface KnownSecrets extends Secrets {
  /** For what is written as it comes: where values are, and what may be the beginning of one. */
  readonly values: Pick<Redactor, "places" | "begun">;
}

export interface SecretsOptions {
  /** Where variables are looked up, and the environment of commands. */
  readonly env?: NodeJS.ProcessEnv;
  /** Variables that hold secrets of the inventory: no command is given them. */
  readonly withheld?: () => readonly string[];
  /** Variables and commands are read there, and never in this process; left out: here. */
  readonly elsewhere?: ReadElsewhere;
  /** How long a command may take. */
  readonly timeoutMs?: number;
}

/** One per process: a value revealed anywhere is then taken out of texts everywhere. */
export function createSecrets(options: SecretsOptions = {}): KnownSecrets {
  const redactor = new Redactor();
  const { elsewhere, ...here } = options;
  const away = (caller: string | undefined) =>
    elsewhere && {
      elsewhere: (ref: OwnSecretRef) => elsewhere(ref, caller, options.withheld?.() ?? []),
    };
  return {
    read: (ref, caller) =>
      readSecret(ref, { ...here, ...away(caller), revealed: (value) => redactor.remember(value) }),
    redact: (text, around) => redactor.redact(text, around),
    values: redactor,
  };
}
