/** A change to a cached list that shows at once, and is taken back when the server refuses it. */

import { type QueryKey, useMutation, useQueryClient } from "@tanstack/react-query";

type Options<Item, Change> = {
  readonly queryKey: QueryKey;
  readonly mutationFn: (change: Change) => Promise<void>;
  readonly apply: (items: Item[], change: Change) => Item[];
};

export function useOptimisticList<Item, Change>({
  queryKey,
  mutationFn,
  apply,
}: Options<Item, Change>) {
  const queryClient = useQueryClient();
  return useMutation({
    mutationFn,
    onMutate: async (change: Change) => {
      await queryClient.cancelQueries({ queryKey });
      const before = queryClient.getQueryData<Item[]>(queryKey);
      queryClient.setQueryData<Item[]>(queryKey, (items) => items && apply(items, change));
      return before;
    },
    onError: (_error, _change, before) => queryClient.setQueryData(queryKey, before),
    // A refetch in between would bring back what the next change in line has already altered.
    onSettled: async () => {
      if (queryClient.isMutating() === 1) await queryClient.invalidateQueries({ queryKey });
    },
  });
}
