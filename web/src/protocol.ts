// page ↔ worker: what is asked of the compiler, and what it answers. Lines and columns count from 1.

export interface Range {
  line: number;
  column: number;
  end_line: number;
  end_column: number;
}

export interface Finding {
  range: Range;
  code: string;
  severity: "error" | "warning";
  message: string;
  hint: string;
  related: { range: Range; message: string }[];
}

export interface Change {
  range: Range;
  text: string;
}

export interface Fix {
  title: string;
  changes: Change[];
  codes: string[];
  is_preferred: boolean;
}

export interface Inlay {
  line: number;
  column: number;
  text: string;
  tooltip: string;
}

export interface Port {
  name: string;
  shape: string;
}

export interface Model {
  name: string;
  topology: string;
  inputs: Port[];
  outputs: Port[];
}

// What can be made of a model; each is made when it is shown.
export type View = "drawing" | "keras" | "torch" | "numpy" | "explanation";

export interface Compiled {
  models: Model[];
  model: string | null;
  findings: Finding[];
  inlays: Inlay[];
  views: Partial<Record<View, { text: string; note: string }>>;
}

export interface Picture {
  text: string;
  name: string;
}

export interface Completion {
  label: string;
  kind: string;
  detail: string;
  text: string;
  insert: string;
  range: Range;
}

export interface Candidate {
  name: string;
  topology: string;
  when: string;
  order: string;
  picture: string;
  layers: Record<string, string>;
  text: string;
}

// One meaning of an error message of Keras or PyTorch.
export interface Explanation {
  framework: string;
  title: string;
  meaning: string;
  fix: string;
  wrong: string | null;
  right: string;
  layers: Record<string, string>;
  data: { fits: boolean; notes: string[]; instead: { name: string; picture: string } | null } | null;
}

// Each task: what it takes, and what it gives.
export interface Tasks {
  // Quick: what is wrong, but not yet the one mistake behind several findings.
  compile: {
    takes: Picture & { model: string | null; views: View[]; theme: string; is_quick?: boolean };
    gives: Compiled;
  };
  fixes: { takes: Picture; gives: { fixes: Fix[] } };
  format: { takes: Picture; gives: { text: string | null; reason: string } };
  fit: {
    takes: { inputs: string[]; outputs: string[]; units: number | null };
    gives: { candidates: Candidate[]; problem: string };
  };
  check: {
    takes: Picture & { model: string | null; data: string[]; targets: string[] };
    gives: { findings: Finding[]; notes: string[]; problem: string };
  };
  error: {
    takes: { message: string; data: string[]; targets: string[] };
    gives: { diagnosis: { known: boolean; explanations: Explanation[] }; text: string };
  };
  code: { takes: { code: string }; gives: { text: string } };
  complete: { takes: Picture & { line: number; column: number }; gives: { items: Completion[] } };
  hover: {
    takes: Picture & { line: number; column: number };
    gives: { hover: { range: Range; text: string } | null };
  };
}

export type Task = keyof Tasks;

export interface Request {
  id: number;
  task: Task;
  input: unknown;
}

// Every request is answered: with a value, or with a fault of ours.
export type Answer = { id: number; value: unknown; took: number } | { id: number; fault: string };

export type FromWorker = Answer | { state: string } | { ready: number } | { broken: string };
