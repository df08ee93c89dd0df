/** What is done about a task. */
export type Decision =
  | { readonly kind: 'hold'; readonly reason: string }
  | { readonly kind: 'scale'; readonly from: number; readonly to: number; readonly reason: string; readonly limitedBy?: string };
