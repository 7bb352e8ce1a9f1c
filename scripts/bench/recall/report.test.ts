import { describe, expect, it } from "vitest";

import { renderJson, renderTable, type Report } from "./report.ts";

const figures = {
  "r@5": 66.67,
  "r@10": 80,
  "r@20": 90,
  mrr: 51.23,
  within_500: 70,
  within_1000: 85.5,
  within_2000: 100,
};

const report: Report = {
  file: "cases.jsonl",
  overall: figures,
  kinds: { "multi-hop": figures, "single-hop": figures, adversarial: figures },
  questions: { "multi-hop": 2, "single-hop": 10, adversarial: 3 },
  latency: { p50: 42.4, p95: 99.6 },
};

describe("The report", () => {
  it("is a table with the adversarial questions below the line of the overall figure", () => {
    expect(renderTable(report)).toMatchInlineSnapshot(`
      "Evidence found, in percent

      kind                questions   r@5  r@10  r@20   MRR  within 500  within 1,000  within 2,000
      multi-hop                   2  66.7  80.0  90.0  51.2        70.0          85.5         100.0
      single-hop                 10  66.7  80.0  90.0  51.2        70.0          85.5         100.0
      overall                    12  66.7  80.0  90.0  51.2        70.0          85.5         100.0
      adversarial, apart          3  66.7  80.0  90.0  51.2        70.0          85.5         100.0

      latency at the client: p50 42 ms, p95 100 ms"
    `);
  });

  it("is one line of JSON with figures in percent", () => {
    const json = renderJson(report);
    expect(json).not.toContain("\n");
    expect(JSON.parse(json)).toEqual({
      file: "cases.jsonl",
      overall: figures,
      kinds: { "multi-hop": figures, "single-hop": figures, adversarial: figures },
      latency_ms: { p50: 42.4, p95: 99.6 },
    });
  });
});
