import { readFileSync } from "node:fs";
import { join } from "node:path";

const lines = (name: string) =>
  readFileSync(join(import.meta.dirname, name), "utf8")
    .split("\n")
    .filter((line) => line !== "");

/** Lines as systems show them; what is between ⟦ and ⟧ is the secret. */
export const SECRETS = lines("secrets.txt");

/** Lines with the same words and no secret in them. */
export const HARMLESS = lines("harmless.txt");
