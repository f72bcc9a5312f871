import { encodeKeys, encodeText } from "../../terminal/keys.ts";
import type { ScreenView } from "../../terminal/types.ts";
import type { TypedInput } from "./types.ts";

/** The bytes of an input in these modes of the terminal. @throws SshMcpError `invalid_argument`. */
export function encoded(input: TypedInput, { modes }: ScreenView): Buffer {
  return input.kind === "keys"
    ? encodeKeys(input.keys, modes)
    : encodeText(input.text, modes, { enter: input.enter });
}
