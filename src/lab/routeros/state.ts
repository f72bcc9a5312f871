export type TableName = "interface" | "address" | "route" | "filter" | "user" | "log";
export type SingleName = "identity" | "resource" | "clock" | "dns";

/** One item of a list. `flags` are the letters the router itself sets; `X` follows from `disabled`. */
export interface Row {
  readonly id: number;
  readonly flags: string;
  readonly values: Record<string, string>;
}

export interface RouterOsState {
  readonly tables: Record<TableName, Row[]>;
  readonly singles: Record<SingleName, Record<string, string>>;
  nextId: number;
}

/** One row of `/system/history`. */
export interface Action {
  readonly action: string;
  readonly by: string;
}
