/** Which pages may call the function: the dashboard's exact origins, and nobody else's. */

export type Cors = Readonly<Record<string, string>>;

export function allowOrigins(origins: readonly string[], origin: string | null): Cors {
  if (origin === null || !origins.includes(origin)) return { vary: "origin" };
  return {
    vary: "origin",
    "access-control-allow-origin": origin,
    "access-control-allow-methods": "POST",
    "access-control-allow-headers": "authorization, apikey, content-type, x-client-info",
    "access-control-expose-headers": "x-request-id",
    "access-control-max-age": "86400",
  };
}
