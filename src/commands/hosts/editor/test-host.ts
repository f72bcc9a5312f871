import { allHosts } from "../list.ts";
import { told } from "./attempt.ts";
import type { Editor } from "./context.ts";

/** Connects to a host for real; a host key that is not known is shown and asked about first. @throws Back, Left. */
export async function testHost(editor: Editor, name: string): Promise<void> {
  const { prompts, deeds, tested } = editor;
  const { hosts } = await allHosts(editor.around);
  if (hosts.find((one) => one.name === name)?.hostKey === "unknown") {
    prompts.say(`The host key of ${name} is not known here yet.`);
    // Why a host cannot be reached is explained by the test.
    await told(editor, () => trustHostKey(editor, name));
  }
  const code = await prompts.lend(() => deeds.test(name));
  tested.set(name, code === 0 ? "works" : "failed");
}

/** Shows the key that a host presents now and records it on a yes. @throws SshMcpError, Back, Left. */
export async function trustHostKey({ prompts, deeds }: Editor, name: string): Promise<void> {
  const question = "Compare it with the host's own (ssh-keygen -lf on it). Record this key?";
  let left: unknown;
  const agree = () =>
    prompts.agree(question, false).catch((error: unknown) => {
      left = error;
      return false;
    });
  await prompts.lend(() => deeds.trust(name, agree));
  if (left !== undefined) throw left;
}
