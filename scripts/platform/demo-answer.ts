/**
 * What the demo model says: the sentence of its memories that fits the question best, or that it
 * does not know. It shows what memory does without any provider account, and makes nothing up.
 */

/** Words that say nothing about what is asked. */
const STOP_WORDS = new Set(
  `a about am an and any are as at be been but by can could d did do does for from had has have he her
   him his how i if in is it its know ll m me my of on or our please re remember remind s say she so
   tell that the their them there they this to told ve was we were what when where which who whom
   whose why will with would you your`.split(/\s+/),
);

const QUESTION =
  /^(what|who|whom|whose|when|where|which|why|how|do|does|did|is|are|am|was|were|can|could|will|would|should|has|have|had|remind|tell me)\b/i;

const UNKNOWN = "I do not know that yet. Tell me, and I can answer it in our next conversation.";

/** `tag` names the element in which the memories of a request stand. */
export function answerFrom(text: string, tag: string): string {
  const { question, memories } = readMessage(text, tag);
  if (question === "") return "Say something, and I will remember it.";
  if (!isQuestion(question)) {
    return `Noted: “${shorten(question)}” Ask me about it in another conversation.`;
  }
  const best = bestSentence(question, memories);
  return best === null ? UNKNOWN : `You told me: “${best}”`;
}

/** A message as the user wrote it, and the lines of memory that were added to it. */
function readMessage(text: string, tag: string): { question: string; memories: string[] } {
  const block = new RegExp(`<${tag}\\b[^>]*>([\\s\\S]*?)</${tag}>`, "g");
  const memories = [...text.matchAll(block)].flatMap(([, inner = ""]) => inner.split("\n"));
  return {
    question: text.replace(block, "").trim(),
    memories: memories.map((line) => line.trim()).filter((line) => line !== ""),
  };
}

function isQuestion(text: string): boolean {
  return sentencesOf(text).some((sentence) => sentence.endsWith("?") || QUESTION.test(sentence));
}

/** The user's own words go before an answer that repeats them; among equals the later one counts. */
function bestSentence(question: string, memories: readonly string[]): string | null {
  const asked = stemsOf(question);
  let best: { readonly text: string; readonly score: number } | null = null;
  for (const line of memories) {
    const { speaker, said } = splitSpeaker(line);
    for (const text of sentencesOf(said)) {
      if (isQuestion(text)) continue;
      const found = [...stemsOf(text)].filter((stem) => asked.has(stem)).length;
      const score = found - (/^assistant$/i.test(speaker) ? 0.5 : 0);
      if (found > 0 && score >= (best?.score ?? 0)) best = { text, score };
    }
  }
  return best?.text ?? null;
}

/** `- [14:02] Ada: My cat …` is Ada saying `My cat …`. */
function splitSpeaker(line: string): { speaker: string; said: string } {
  const bare = line.replace(/^[-*•\d.)\s]+/, "").replace(/^[[(][^\])]*[\])]\s*/, "");
  const [, speaker, said] =
    /^([\p{L}][\p{L}\p{N} ._-]{0,40}?)(?:\s*\([^)]*\))?:\s+(.*)$/u.exec(bare) ?? [];
  return speaker !== undefined && said !== undefined
    ? { speaker, said }
    : { speaker: "", said: bare };
}

function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[.!?])\s+|\n+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== "");
}

function stemsOf(text: string): Set<string> {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return new Set(words.filter((word) => !STOP_WORDS.has(word)).map(stem));
}

/** Enough to let `moved` meet `move` and `cats` meet `cat`. */
function stem(word: string): string {
  if (word.length < 4) return word;
  const bare = word.replace(/(?:'s|ies|es|s)$/, (end) => (end === "ies" ? "y" : ""));
  return bare.replace(/(?:ing|ed|e|ly)$/, "") || bare;
}

function shorten(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length <= 200 ? line : `${line.slice(0, 199)}…`;
}
