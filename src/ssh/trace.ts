import type { ResolvedHost } from "../inventory/host.ts";
import type { HostKeyVerdict } from "./host-keys/host-key.ts";
import type { ServerOffer } from "./protocol/algorithms.ts";

/** What happens while a connection is made, in the order it happens; told the moment it is known. */
export type DialStep =
  /** An attempt begins; whatever an earlier one of this host told is void. */
  | { readonly step: "dialling" }
  | { readonly step: "resolved"; readonly address: string }
  | { readonly step: "connected" }
  /** `greeting`: what the server said before it. */
  | { readonly step: "ident"; readonly ident: string; readonly greeting: string }
  | { readonly step: "offer"; readonly offer: ServerOffer }
  | {
      readonly step: "host_key";
      readonly type: string;
      readonly fingerprint: string;
      readonly verdict: HostKeyVerdict["verdict"];
      /** Where the verdict comes from, `file:line`, where there is such a place. */
      readonly where?: string;
      /** By whom it was approved, although it was not known. */
      readonly approval?: string;
    }
  | {
      readonly step: "agreed";
      readonly kex: string;
      readonly hostKey: string;
      readonly cipher: string;
      /** Empty for a cipher that needs none. */
      readonly mac: string;
      /** One sentence for each legacy algorithm among them. */
      readonly legacy: readonly string[];
    }
  /** `none`, `password`, `key FILE`, …: never what was sent. */
  | { readonly step: "trying"; readonly method: string }
  | { readonly step: "accepts"; readonly methods: readonly string[]; readonly partial: boolean }
  | {
      readonly step: "logged_in";
      readonly method: string;
      /** Milliseconds a request without effect takes to be answered; undefined: it was not, in that time. */
      readonly roundTrip: (timeoutMs: number) => Promise<number | undefined>;
    }
  /** All keys the server holds: it announced them after the login, and proved each (hostkeys-prove-00@openssh.com). */
  | { readonly step: "host_keys"; readonly keys: readonly Buffer[] }
  /** It comes to no connection. */
  | { readonly step: "failed"; readonly error: unknown }
  | { readonly step: "terminal" };

/** Listens to the steps of every host that is dialled, jump hosts among them. */
export type Trace = (host: ResolvedHost, step: DialStep) => void;
