/** The result: a table for people, and one line of JSON for programs. */

import { type Figures, type Latency, type Summary, ADVERSARIAL } from "./score.ts";

export type Report = Summary & {
  readonly file: string;
  readonly questions: Readonly<Record<string, number>>;
  readonly latency: Latency | null;
};

const COLUMNS = [
  ["r@5", "r@5"],
  ["r@10", "r@10"],
  ["r@20", "r@20"],
  ["mrr", "MRR"],
  ["within_500", "within 500"],
  ["within_1000", "within 1,000"],
  ["within_2000", "within 2,000"],
] as const satisfies readonly (readonly [keyof Figures, string])[];

export function renderTable({ overall, kinds, questions, latency }: Report): string {
  const row = (kind: string, count: number, figures: Figures) => [
    kind,
    `${count}`,
    ...COLUMNS.map(([figure]) => figures[figure].toFixed(1)),
  ];
  const asked = (kind: string) => questions[kind] ?? 0;
  const counted = Object.keys(kinds).filter((kind) => kind !== ADVERSARIAL);
  const total = counted.reduce((sum, kind) => sum + asked(kind), 0);
  const rows = [
    ["kind", "questions", ...COLUMNS.map(([, title]) => title)],
    ...Object.entries(kinds).flatMap(([kind, figures]) =>
      kind === ADVERSARIAL ? [] : [row(kind, asked(kind), figures)],
    ),
    ...(overall ? [row("overall", total, overall)] : []),
    ...(kinds[ADVERSARIAL]
      ? [row("adversarial, apart", asked(ADVERSARIAL), kinds[ADVERSARIAL])]
      : []),
  ];
  const times = latency
    ? `\n\nlatency at the client: p50 ${latency.p50.toFixed(0)} ms, p95 ${latency.p95.toFixed(0)} ms`
    : "";
  return `Evidence found, in percent\n\n${aligned(rows)}${times}`;
}

/** The first column to the left, figures to the right. */
function aligned(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows
    .map((row) =>
      row
        .map((cell, column) => {
          const width = widths[column] ?? 0;
          return column === 0 ? cell.padEnd(width) : cell.padStart(width);
        })
        .join("  "),
    )
    .join("\n");
}

export function renderJson({ file, overall, kinds, latency }: Report): string {
  return JSON.stringify({ file, overall, kinds, latency_ms: latency });
}
