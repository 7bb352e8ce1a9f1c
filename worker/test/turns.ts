/** A finished turn as the database and the queue see it. */

import type { Step, Turn } from "../src/turns/turn.ts";

export const TURN: Turn = {
  turn_id: "0193a000-0000-7000-8000-00000000000a",
  turn_key: "a".repeat(64),
  step_key: "b".repeat(64),
  request_id: "0193a000-0000-7000-8000-00000000000b",
  session_id: null,
  session_seed: "seed",
  dialect: "chat-completions",
  provider: "openai",
  model: "gpt-4o",
  user_text: "My name is Ada.",
  user_name: null,
  user_text_cut: false,
  stores_user: true,
  continues: false,
  is_retry: false,
  idempotency_key: null,
  begun_at: "2026-11-22T12:00:00.000Z",
};

export const STEP: Step = {
  request_id: TURN.request_id,
  step_key: TURN.step_key,
  status: 200,
  finish: "complete",
  answer: "Hello Ada.",
  answer_cut: false,
  stores_answer: true,
  response_id: "chatcmpl-1",
  usage: { prompt: 7, cached: null, cache_write: null, completion: 2, reasoning: null },
  tokens_retrieved: 0,
  memories_retrieved: 0,
  memory_status: "empty",
  latency: { total_ms: 5 },
  answered_at: "2026-11-22T12:00:01.000Z",
};
