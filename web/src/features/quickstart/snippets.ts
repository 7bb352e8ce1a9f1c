/**
 * The first request, in the languages people start with.
 *
 * Each snippet tells the model something in one session and asks about it in another, so that
 * running it shows the point. The lines that differ from a program without MemoryRouter are
 * marked `isOurs`.
 */

export const languages = [
  { id: "curl", label: "curl" },
  { id: "python", label: "Python" },
  { id: "typescript", label: "TypeScript" },
] as const;

export type Language = (typeof languages)[number]["id"];

export type SnippetValues = {
  readonly baseUrl: string;
  readonly key: string;
  readonly model: string;
};

export type SnippetLine = { readonly text: string; readonly isOurs: boolean };

/** In a template, a line of ours begins with this. It is taken off before anybody sees it. */
const OURS = "»";

const templates: Record<Language, (values: SnippetValues) => string> = {
  curl: ({ baseUrl, key, model }) => `
» export BASE_URL="${baseUrl}"
» export MEMORY_KEY="${key}"

curl "$BASE_URL/chat/completions" \\
  -H "Authorization: Bearer $MEMORY_KEY" \\
  -H "Content-Type: application/json" \\
  -H "X-Session-ID: monday" \\
  -d '{"model": "${model}", "messages": [
        {"role": "user", "content": "I am allergic to peanuts."}]}'

# Another session, which was never told.
curl "$BASE_URL/chat/completions" \\
  -H "Authorization: Bearer $MEMORY_KEY" \\
  -H "Content-Type: application/json" \\
  -H "X-Session-ID: friday" \\
  -d '{"model": "${model}", "messages": [
        {"role": "user", "content": "What am I allergic to?"}]}'`,

  python: ({ baseUrl, key, model }) => `
from openai import OpenAI

client = OpenAI(
»     base_url="${baseUrl}",
»     api_key="${key}",
)

def ask(question, session):
    answer = client.chat.completions.create(
        model="${model}",
        messages=[{"role": "user", "content": question}],
        extra_headers={"X-Session-ID": session},
    )
    return answer.choices[0].message.content

ask("I am allergic to peanuts.", session="monday")

# Another session, which was never told.
print(ask("What am I allergic to?", session="friday"))`,

  typescript: ({ baseUrl, key, model }) => `
import OpenAI from "openai";

const client = new OpenAI({
»   baseURL: "${baseUrl}",
»   apiKey: "${key}",
});

async function ask(question: string, session: string) {
  const answer = await client.chat.completions.create(
    { model: "${model}", messages: [{ role: "user", content: question }] },
    { headers: { "X-Session-ID": session } },
  );
  return answer.choices[0]?.message.content;
}

await ask("I am allergic to peanuts.", "monday");

// Another session, which was never told.
console.log(await ask("What am I allergic to?", "friday"));`,
};

export function snippet(language: Language, values: SnippetValues): readonly SnippetLine[] {
  const lines = templates[language](values).trim().split("\n");
  return lines.map((line) => {
    const isOurs = line.startsWith(OURS);
    return { text: isOurs ? line.slice(OURS.length + 1) : line, isOurs };
  });
}

export function snippetText(lines: readonly SnippetLine[]): string {
  return `${lines.map(({ text }) => text).join("\n")}\n`;
}
