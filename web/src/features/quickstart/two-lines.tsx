import { env } from "@/lib/env";

/** The product in one picture: the two lines that change, and what comes of it. */
export function TwoLines() {
  return (
    <div className="flex w-full max-w-xl flex-col gap-10">
      <p className="text-[2rem] leading-[1.15] font-semibold tracking-[-0.025em] text-balance xl:text-[2.375rem]">
        Two lines change.
        <br />
        Every model remembers.
      </p>
      <figure className="overflow-hidden rounded-xl border bg-card">
        <pre className="overflow-x-auto py-4 text-[0.8125rem] leading-7">
          <code className="grid">
            <Line>client = OpenAI(</Line>
            <Line isNew>{`    base_url="${env.apiUrl}/v1",`}</Line>
            <Line isNew>{'    api_key="mk_…",'}</Line>
            <Line>)</Line>
          </code>
        </pre>
      </figure>
      <dl className="grid grid-cols-[auto_1fr] gap-x-6 gap-y-3 text-[0.9375rem]">
        <dt className="text-muted-foreground">Monday</dt>
        <dd>“I’m allergic to peanuts, and we’re moving to Lisbon in May.”</dd>
        <dt className="text-muted-foreground">Friday</dt>
        <dd>
          “Plan dinner for our first night there.”
          <span className="mt-1.5 block text-muted-foreground">
            Another session, another model. It knows{" "}
            <span className="rounded-sm bg-mark box-decoration-clone px-1 py-0.5 text-mark-foreground">
              Lisbon, May and the peanuts
            </span>
          </span>
        </dd>
      </dl>
    </div>
  );
}

function Line({
  isNew = false,
  children,
}: {
  readonly isNew?: boolean;
  readonly children: string;
}) {
  return (
    <span
      className={
        isNew
          ? "border-l-2 border-primary bg-mark px-5 text-mark-foreground"
          : "border-l-2 border-transparent px-5 text-muted-foreground"
      }
    >
      {children}
    </span>
  );
}
