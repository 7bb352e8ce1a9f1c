/** The models a key can ask for, from every provider that its account has a key of. */

import { z } from "zod";

import { type SetTimer, LATE, within } from "../deadline.ts";
import type { StoredProviderKey } from "./provider-key.ts";
import type { Provider, Registry } from "./registry.ts";

type Model = {
  readonly id: string;
  readonly object: "model";
  /** Unix seconds; zero where the provider does not say. */
  readonly created: number;
  readonly owned_by: string;
};

type ModelList = {
  readonly models: readonly Model[];
  /** Ids of the providers that could not be asked. */
  readonly failed: readonly string[];
};

export type ListModels = (
  given: readonly string[],
  stored: readonly StoredProviderKey[],
) => Promise<ModelList>;

type Ports = {
  readonly registry: Registry;
  readonly fetch: typeof fetch;
  readonly setTimer: SetTimer;
};

const LIMIT_MS = 10_000;

/** As OpenAI and as Anthropic write it; OpenRouter's is close to the former. */
const listSchema = z.object({
  data: z.array(
    z.object({
      id: z.string(),
      created: z.number().optional(),
      created_at: z.string().optional(),
      owned_by: z.string().optional(),
    }),
  ),
});

type Askable = { readonly provider: Provider; readonly apiKey: string | null };

export function createListModels({ registry, fetch, setTimer }: Ports): ListModels {
  const ask = async (provider: Provider, apiKey: string | null): Promise<readonly Model[]> => {
    const answer = await within(
      fetch(`${provider.base}/models${provider.modelsQuery ?? ""}`, {
        headers: modelHeaders(provider, apiKey),
        redirect: "manual",
      }),
      LIMIT_MS,
      setTimer,
    );
    if (answer === LATE || !answer.ok) throw new Error(`${provider.id} lists no models`);
    const { data } = listSchema.parse(await answer.json());
    return data.map((model) => ({
      id: callableName(registry, provider, model.id),
      object: "model",
      created: model.created ?? secondsOf(model.created_at),
      owned_by: model.owned_by ?? provider.id,
    }));
  };

  return async (given, stored) => {
    const askable = registry.providers.flatMap((provider): Askable[] => {
      if (!provider.keyShape) return [{ provider, apiKey: null }];
      const { keyShape, id } = provider;
      const apiKey =
        given.find((key) => keyShape.test(key)) ??
        stored.find((key) => key.provider === id)?.secret;
      return apiKey === undefined ? [] : [{ provider, apiKey }];
    });
    const answers = await Promise.allSettled(
      askable.map(({ provider, apiKey }) => ask(provider, apiKey)),
    );
    return {
      models: answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : [])),
      failed: askable
        .filter((_, index) => answers[index]?.status === "rejected")
        .map(({ provider }) => provider.id),
    };
  };
}

function modelHeaders(provider: Provider, apiKey: string | null): Headers {
  const headers = new Headers({ accept: "application/json" });
  if (apiKey !== null) provider.authorize(headers, apiKey, provider.nativeDialect);
  return headers;
}

/** The name under which a request reaches this model through us. */
function callableName({ resolve }: Registry, provider: Provider, name: string): string {
  const prefixed = `${provider.id}/${name}`;
  try {
    return resolve(name, provider.nativeDialect).provider.id === provider.id ? name : prefixed;
  } catch {
    return prefixed;
  }
}

function secondsOf(moment: string | undefined): number {
  const ms = moment === undefined ? 0 : Date.parse(moment);
  return Number.isNaN(ms) ? 0 : Math.floor(ms / 1000);
}
