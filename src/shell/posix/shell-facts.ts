import type { Clock } from "../../base/clock.ts";
import type { ResolvedHost } from "../../inventory/host.ts";
import type { Login } from "../../ssh/contract.ts";
import type { RowTest } from "../evidence/learned-prompt.ts";
import type { MakeFraming } from "../pty/framing.ts";

/** What is known of a host before its shell has said anything. */
export interface ShellFacts {
  /** `posix`, `auto`, or a profile id where no profiles are at hand. */
  readonly platform: string;
  /** The server's identification string. */
  readonly ident: string;
  /** The inventory's prompt_regex. */
  readonly promptPattern: RowTest | undefined;
  /** Rows before the prompt (banner and screen) that name a network device; undefined: nobody knows such rows. */
  readonly namesDevice?: ((rows: readonly string[]) => boolean) | undefined;
  /** Another session on this host has met a network device's command line. */
  readonly shownDevice?: boolean | undefined;
  /** User and host by the inventory. */
  readonly names: readonly string[];
  /** For finding the login shell, where terminals are opened one by one. */
  readonly login: Login | undefined;
  readonly clock: Clock;
  /** Those of the inventory that a command may be given by name. */
  readonly secrets?: ResolvedHost["secrets"];
  /** The profile of the device whose menu this row is. */
  readonly menu?: ((row: string) => string | undefined) | undefined;
  /**
   * Who knows network devices, where the prompt turns out not to be a shell's; `seenPrompt` is its row. It is one on the
   * caller's word (`claimed`), or the menu of a profile (`menu`).
   */
  readonly device:
    | ((
        seenPrompt: string,
        how?: { readonly claimed?: true; readonly menu?: string | undefined },
      ) => Promise<MakeFraming>)
    | undefined;
}
