/** The terminal side of a simulated device: keys in, bytes out through what its maker was given. */
export interface LabTerminal {
  input(bytes: Buffer): void;
  resize(cols: number, rows: number): void;
  close(): void;
}
