import { StringDecoder } from "node:string_decoder";

/** A person's answer has at most so many characters. */
const LONGEST = 4_096;

/** Asks at this terminal; what is typed is not shown. Empty: no answer, or Ctrl-C. */
export function askPerson(text: string): Promise<string> {
  const { stdin, stdout } = process;
  stdout.write(`${text} `);
  stdin.setRawMode(true);
  stdin.resume();
  return new Promise((resolve) => {
    // A character may come in two parts.
    const decoder = new StringDecoder("utf8");
    let typed = "";
    const over = (answer: string) => {
      stdin.off("data", onData);
      stdin.setRawMode(false);
      stdin.pause();
      stdout.write("\n");
      resolve(answer);
    };
    const onData = (bytes: Buffer) => {
      for (const char of decoder.write(bytes)) {
        if (char === "\r" || char === "\n") return over(typed);
        if (char === "\u0003" || char === "\u0004") return over("");
        if (char === "\u007f" || char === "\b") typed = typed.slice(0, -1);
        else if (typed.length < LONGEST) typed += char;
      }
    };
    stdin.on("data", onData);
  });
}
