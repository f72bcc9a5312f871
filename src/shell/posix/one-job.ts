/**
 * Is the text one job (a program or a pipeline), so that its stopping is the command's own? A list goes on behind a job that
 * stops, and ends.
 */
export function isOneJob(text: string): boolean {
  const bare = text
    .replace(/\\./gs, "_")
    .replace(/'[^']*'|"[^"]*"/gs, "_")
    .trim();
  return !/[;\n{}()]|&&|\|\||&/.test(bare.replace(/\d?[<>]&\d?|&>/g, ""));
}
