/**
 * The part of Deno that our functions touch, so that plain `tsc` can check them.
 *
 * Only each function's `index.ts` and `require-env.ts` may need more than this.
 */

declare namespace Deno {
  const env: { get(name: string): string | undefined };

  /** What `deno serve` and Supabase's Edge Runtime expect of a function's default export. */
  type ServeDefaultExport = { fetch(request: Request): Response | Promise<Response> };
}
