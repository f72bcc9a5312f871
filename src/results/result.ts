/** What a tool gives back: text as a person would see it, the status line last. */
export interface ToolResult {
  readonly text: string;
  readonly isError?: boolean;
}
